import { diffusionFactor, shearFactor } from "../model/experiment.ts";
import type { FitModel } from "../model/fit-model.ts";
import { fillTimeTables } from "../model/time-tables.ts";
import type { BlockJob, PassInputs } from "./block-kernel.ts";

const radiansPerDegree = Math.PI / 180;

/** Fills what all blocks of a pass share: O(n) tables, factors of the angles. */
export function fillPassInputs(
  model: FitModel,
  { dataset, rules }: Pick<BlockJob, "dataset" | "rules">,
  parameters: Float64Array,
  inputs: PassInputs,
): void {
  const { experiment } = dataset;
  const transport = model.transport(parameters);
  fillTimeTables(experiment, transport, { values: inputs.tables, stride: inputs.tableStride });
  const kappa = shearFactor(experiment);
  for (const [angle, degrees] of experiment.anglesDegrees.entries()) {
    const phase = (transport.flowAngleDegrees - degrees) * radiansPerDegree;
    const kappaCos = kappa * Math.cos(phase);
    inputs.angles.set([kappaCos, -kappa * Math.sin(phase) * radiansPerDegree, 1 / kappaCos, 0], 4 * angle);
    inputs.scaling.set(model.scaling(parameters, angle), 2 * angle);
  }
  inputs.factors[0] = diffusionFactor(experiment);
  inputs.factors[1] = rules.loss === "soft-l1" ? 1 / rules.lossScale ** 2 : 0;
}
