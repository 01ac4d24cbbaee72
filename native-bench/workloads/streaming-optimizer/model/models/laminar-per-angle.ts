import { type FitModel, xpcsParameters } from "../fit-model.ts";

const { contrast, offset, ...transport } = xpcsParameters;
const transportCount = Object.keys(transport).length;

/** Laminar flow with a contrast and an offset of its own for each angle: seven shared parameters, then the pairs. */
export const laminarPerAngleModel: FitModel = {
  id: "laminar-per-angle",
  label: "Laminar flow, scaled per angle (7 + 2 per angle)",
  hasFlow: true,
  scalingPerAngle: true,
  leastSamplePoints: 131_072,
  parameters: ({ anglesDegrees }) => [
    ...Object.values(transport),
    ...anglesDegrees.flatMap((_, angle) => [
      { ...contrast, name: `contrast[${angle}]` },
      { ...offset, name: `offset[${angle}]` },
    ]),
  ],
  transport: (parameters) => ({
    diffusion: parameters[0] ?? 0,
    diffusionExponent: parameters[1] ?? 0,
    diffusionOffset: parameters[2] ?? 0,
    shearRate: parameters[3] ?? 0,
    shearExponent: parameters[4] ?? 0,
    shearOffset: parameters[5] ?? 0,
    flowAngleDegrees: parameters[6] ?? 0,
  }),
  scaling: (parameters, angle) => [
    parameters[transportCount + 2 * angle] ?? 0,
    parameters[transportCount + 2 * angle + 1] ?? 0,
  ],
  columns: (angle) => [transportCount + 2 * angle, transportCount + 2 * angle + 1, 0, 1, 2, 3, 4, 5, 6],
};
