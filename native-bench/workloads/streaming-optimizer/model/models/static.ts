import { type FitModel, xpcsParameters } from "../fit-model.ts";

const columns = [0, 1, 2, 3, 4];

/** A sample at rest: anomalous diffusion only. */
export const staticModel: FitModel = {
  id: "static",
  label: "Static (5 parameters)",
  hasFlow: false,
  scalingPerAngle: false,
  leastSamplePoints: 16_384,
  parameters: () => [
    xpcsParameters.contrast,
    xpcsParameters.offset,
    xpcsParameters.diffusion,
    xpcsParameters.diffusionExponent,
    xpcsParameters.diffusionOffset,
  ],
  transport: (parameters) => ({
    diffusion: parameters[2] ?? 0,
    diffusionExponent: parameters[3] ?? 0,
    diffusionOffset: parameters[4] ?? 0,
    shearRate: 0,
    shearExponent: 0,
    shearOffset: 0,
    flowAngleDegrees: 0,
  }),
  scaling: (parameters) => [parameters[0] ?? 0, parameters[1] ?? 0],
  columns: () => columns,
};
