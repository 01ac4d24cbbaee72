import { type FitModel, xpcsParameters } from "../fit-model.ts";

const columns = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** Diffusion and laminar shear flow, one contrast and one offset for all angles. */
export const laminarModel: FitModel = {
  id: "laminar",
  label: "Laminar flow (9 parameters)",
  hasFlow: true,
  scalingPerAngle: false,
  leastSamplePoints: 131_072,
  parameters: () => Object.values(xpcsParameters),
  transport: (parameters) => ({
    diffusion: parameters[2] ?? 0,
    diffusionExponent: parameters[3] ?? 0,
    diffusionOffset: parameters[4] ?? 0,
    shearRate: parameters[5] ?? 0,
    shearExponent: parameters[6] ?? 0,
    shearOffset: parameters[7] ?? 0,
    flowAngleDegrees: parameters[8] ?? 0,
  }),
  scaling: (parameters) => [parameters[0] ?? 0, parameters[1] ?? 0],
  columns: () => columns,
};
