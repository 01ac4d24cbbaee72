import type { AccuracyCheck } from "../../../../traces/measure/bench-report.ts";
import type { Weights } from "../model/weights.ts";
import { findPairs } from "../neighbors/find-pairs.ts";
import type { PairList } from "../neighbors/pair-list.ts";
import { createReferenceModel } from "../reference/reference-model.ts";
import { computeStress, type Evaluation, type Structure } from "../structures/structure.ts";
import {
  createCheck,
  energyErrorPerAtom,
  energyToleranceMev,
  forceToleranceMev,
  largestDifference,
  milli,
  rootMeanSquare,
} from "./checks.ts";

const stressToleranceGpa = 0.1;

/** The reference takes about 0.6 ms a pair. */
const pairBudget = 3000;

export interface ReferenceCase {
  readonly structure: Structure;
  readonly expected: Evaluation;
}

/**
 * Evaluates the float64 reference on as many of `structures` as its time allows, in their order. Empty when already the
 * first is too large.
 */
export function evaluateReference(weights: Weights, structures: readonly Structure[]): ReferenceCase[] {
  const model = createReferenceModel(weights);
  const cases: ReferenceCase[] = [];
  let left = pairBudget;
  for (const structure of structures) {
    const pairs: PairList = findPairs(structure, weights.architecture.cutoff);
    if (pairs.pairCount > left) break;
    left -= pairs.pairCount;
    cases.push({ structure, expected: model.evaluate(structure.atomicNumbers, pairs) });
  }
  return cases;
}

/**
 * Energy, force and stress errors of a variant against the reference of the same weights. `subject` names the
 * structures where they are not those that are measured.
 */
export function compareWithReference(
  cases: readonly ReferenceCase[],
  found: readonly Evaluation[],
  subject?: string,
): readonly AccuracyCheck[] {
  const energies = cases.map(({ structure, expected }, i) =>
    energyErrorPerAtom(structure, found[i].energy, expected.energy),
  );
  const forceErrors = cases.flatMap(({ expected }, i) =>
    [...found[i].forces].map((force, k) => force - expected.forces[k]),
  );
  const forces = cases.flatMap(({ expected }) => [...expected.forces]);
  const rmse = milli * rootMeanSquare(forceErrors);
  const scale = milli * rootMeanSquare(forces);
  const stress = cases.flatMap(({ structure, expected }, i) => {
    const wanted = computeStress(structure, expected);
    const got = computeStress(structure, found[i]);
    return wanted === null || got === null ? [] : [largestDifference(wanted, got)];
  });
  const note = `against the float64 reference of the same weights, ${cases.length} ${cases.length === 1 ? "structure" : "structures"}`;
  const about = { note, ...(subject !== undefined && { subject }) };
  return [
    createCheck("energy-mean", "energy error, mean", {
      value: energies.reduce((sum, error) => sum + error, 0) / energies.length,
      limit: energyToleranceMev,
      unit: "meV/atom",
      ...about,
    }),
    createCheck("energy-max", "energy error, largest", {
      value: Math.max(...energies),
      limit: energyToleranceMev,
      unit: "meV/atom",
      ...about,
    }),
    createCheck("force-rmse", "force error, RMS", {
      value: rmse,
      limit: forceToleranceMev,
      unit: "meV/Å",
      ...about,
      // Atoms alone feel no force, and no share of it can be told.
      ...(Number.isFinite(rmse / scale) && {
        note: `${((100 * rmse) / scale).toPrecision(2)} % of the RMS force of ${scale.toFixed(0)} meV/Å`,
      }),
    }),
    ...(stress.length === 0
      ? []
      : [
          createCheck("stress-max", "stress error, largest", {
            value: Math.max(...stress),
            limit: stressToleranceGpa,
            unit: "GPa",
            ...about,
          }),
        ]),
  ];
}
