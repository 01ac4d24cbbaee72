import { createRandom } from "../../../samples/seeded-random.mjs";
import type { AccuracyCheck } from "../../../../traces/measure/bench-report.ts";
import { formatNumber } from "../../../../traces/model/format-units.ts";
import type { Rounding } from "../evaluate/precision.ts";
import { computeAnisotropy, type Weights } from "../model/weights.ts";
import { ammonia, benzene, ethane, ethanol, methane, propane, translate, water } from "../structures/molecules.ts";
import { perturb } from "../structures/perturb.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";
import { drawRotation, rotate } from "../structures/water-box.ts";
import { createFilterCurve } from "../radial/filter-curve.ts";
import {
  createCheck,
  energyErrorPerAtom,
  energyToleranceMev,
  evaluateOne,
  forceToleranceMev,
  largestDifference,
  milli,
} from "./checks.ts";

export type Evaluate = (structures: readonly Structure[]) => Promise<readonly Evaluation[]>;

export interface PhysicsSubject {
  readonly evaluate: Evaluate;
  readonly weights: Weights;
  /** Rounding of the variant, which the limits follow. */
  readonly rounding: Rounding;
  /** Whether sums have one order, so that bits must come back: on a processor. Atomic additions of a device have none. */
  readonly isOrdered: boolean;
}

const rotationCount = 24;
const repeatCount = 12;
/** Nets of forces cancel in every precision: both atoms of a pair get the same number. */
const netForceLimitMev = 0.01;
/**
 * Change of an energy that should not change, meV/atom. Float32 leaves rounding only. Activations of one product share
 * an 8-bit scale, which turns with the axes and is another in other company: that may cost no more than an energy may be
 * wrong by.
 */
const changeLimitMev = { float64: 0.01, float32: 0.01, int8: energyToleranceMev };
/**
 * How far answers to the same question may lie apart where sums have no order: rounding of float32, a thousandth of what
 * an energy and a force may be wrong by. That is also what a change may be that should be none.
 */
const repeatLimitMev = { energy: energyToleranceMev / 1000, force: forceToleranceMev / 1000 };
const isotropyTolerance = 1e-6;
const moved = (structure: Structure, seed: number): Structure => perturb(structure, 0.02, createRandom(seed));

/**
 * What any force field must obey, checked on the variant itself: forces are the gradient of energies, energies do not
 * depend on place, direction, names of like atoms or company, the same question has the same answer.
 */
export async function checkPhysics(subject: PhysicsSubject): Promise<readonly AccuracyCheck[]> {
  return [
    await checkGradient(subject),
    await checkRotation(subject),
    ...(await checkSymmetries(subject)),
    await checkCompany(subject),
    ...(await checkRepeat(subject)),
    await checkCutoffJump(subject),
  ];
}

/** Central difference of the variant's own energy along a random direction. */
async function checkGradient({ evaluate, rounding }: PhysicsSubject): Promise<AccuracyCheck> {
  const random = createRandom(17);
  const structure = moved(ethanol, 1);
  const direction = structure.positions.map(() => 2 * random() - 1);
  // Rounding of float32 energies needs a longer step than the truncation of float64 ones would like.
  const step = rounding === "float64" ? 1e-5 : 4e-3;
  const shifted = [2, 1, -1, -2].map((factor) => ({
    ...structure,
    positions: structure.positions.map((value, i) => value + factor * step * direction[i]),
  }));
  const [farAhead, ahead, behind, farBehind] = await evaluate(shifted);
  const { forces } = await evaluateOne(evaluate, structure);
  // Five-point formula: Abramowitz and Stegun 25.3.6.
  const slope = (8 * (ahead.energy - behind.energy) - (farAhead.energy - farBehind.energy)) / (12 * step);
  const expected = -forces.reduce((sum, force, i) => sum + force * direction[i], 0);
  const scale = Math.hypot(...forces) * Math.hypot(...direction);
  // Energies of 8-bit products go in steps: between them there is no slope to hold forces to.
  const limits = { float64: 1e-5, float32: 1e-3, int8: "no limit for int8" };
  return createCheck("gradient", "forces against energy differences", {
    value: Math.abs(slope - expected) / scale,
    limit: limits[rounding],
    unit: "relative",
    subject: "ethanol",
    note: "along a random direction, relative to |F|",
  });
}

async function checkRotation({ evaluate, weights, rounding }: PhysicsSubject): Promise<AccuracyCheck> {
  const random = createRandom(23);
  const structure = moved(ammonia, 2);
  const turned = Array.from({ length: rotationCount }, () => drawRotation(random));
  // An exchange of axes, which rounds nothing.
  turned.push(Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0));
  const rotated = turned.map((rotation) => ({ ...structure, positions: rotate(structure.positions, rotation) }));
  const { energy } = await evaluateOne(evaluate, structure);
  let worst = 0;
  for (const one of rotated) {
    const other = await evaluateOne(evaluate, one);
    worst = Math.max(worst, Math.abs(other.energy - energy) / structure.atomicNumbers.length);
  }
  const anisotropy = Math.max(0, ...computeAnisotropy(weights).map((value) => value ?? 0));
  const isIsotropic = anisotropy <= isotropyTolerance;
  return createCheck("rotation", "energy change under rotation", {
    value: worst * milli,
    limit: isIsotropic ? changeLimitMev[rounding] : "no limit for weights that depend on directions",
    unit: "meV/atom",
    subject: "ammonia",
    note: isIsotropic
      ? `${rotationCount} random rotations and an exchange of axes`
      : `these weights depend on directions: a mixing matrix is off the identity by ${anisotropy.toPrecision(3)}`,
  });
}

/** Translation, exchange of like atoms, net force. */
async function checkSymmetries({ evaluate, rounding }: PhysicsSubject): Promise<AccuracyCheck[]> {
  const structure = moved(benzene, 3);
  const atoms = structure.atomicNumbers.length;
  const about = { limit: changeLimitMev[rounding], unit: "meV/atom", subject: "benzene" };
  const { energy, forces } = await evaluateOne(evaluate, structure);
  const far = await evaluateOne(evaluate, translate(structure, [3.25, -7.5, 11]));
  const swapped = await evaluateOne(evaluate, { ...structure, positions: swapAtoms(structure.positions, 0, 1) });
  const net = [0, 1, 2].map((k) => forces.reduce((sum, force, i) => (i % 3 === k ? sum + force : sum), 0));
  const change = (other: Evaluation): number => (milli * Math.abs(other.energy - energy)) / atoms;
  return [
    createCheck("translation", "energy change under translation", { value: change(far), ...about }),
    createCheck("permutation", "energy change when like atoms trade places", { value: change(swapped), ...about }),
    createCheck("net-force", "net force", {
      value: (milli * Math.hypot(...net)) / atoms,
      limit: netForceLimitMev,
      unit: "meV/Å per atom",
      subject: "benzene",
    }),
  ];
}

function swapAtoms(positions: Float64Array, a: number, b: number): Float64Array {
  const swapped = positions.slice();
  swapped.copyWithin(3 * a, 3 * b, 3 * b + 3);
  swapped.set(positions.subarray(3 * a, 3 * a + 3), 3 * b);
  return swapped;
}

/** The same structure alone, beside each of the others, and among all: what shares an evaluation is the planner's. */
async function checkCompany({ evaluate, rounding }: PhysicsSubject): Promise<AccuracyCheck> {
  const structures = [water, ammonia, methane, ethane, ethanol, propane, benzene].map((one, i) => moved(one, 10 + i));
  const pairs = structures.flatMap((one, i) => structures.slice(i + 1).map((other) => [one, other]));
  const alone = new Map<Structure, number>();
  for (const structure of structures) alone.set(structure, (await evaluateOne(evaluate, structure)).energy);
  let worst = 0;
  for (const company of [structures, ...pairs]) {
    const together = await evaluate(company);
    for (const [i, structure] of company.entries()) {
      const change = Math.abs(together[i].energy - (alone.get(structure) ?? NaN));
      worst = Math.max(worst, change / structure.atomicNumbers.length);
    }
  }
  return createCheck("company", "energy change in a batch", {
    value: worst * milli,
    limit: changeLimitMev[rounding],
    unit: "meV/atom",
    subject: "seven molecules of 3 to 12 atoms",
    note: "each alone, beside each of the others, and among all",
  });
}

/** How many runs differ, and by how much at most. */
async function checkRepeat({ evaluate, isOrdered }: PhysicsSubject): Promise<AccuracyCheck[]> {
  const structures = [benzene, ethanol, water].map((one, i) => moved(one, 30 + i));
  const first = await evaluate(structures);
  let different = 0;
  const most = { energy: 0, force: 0 };
  for (let run = 1; run < repeatCount; run++) {
    const again = await evaluate(structures);
    if (again.every((evaluation, i) => isSame(evaluation, first[i]))) continue;
    different++;
    for (const [i, { energy, forces }] of again.entries()) {
      most.energy = Math.max(most.energy, energyErrorPerAtom(structures[i], energy, first[i].energy));
      most.force = Math.max(most.force, milli * largestDifference(forces, first[i].forces));
    }
  }
  const subject = "benzene, ethanol and water";
  return [
    createCheck("repeat", "runs that differ from the first in any bit", {
      value: different,
      limit: isOrdered ? 0 : "no limit where sums have no order",
      unit: `of ${repeatCount}`,
      subject,
      count: true,
      ...(different > 0 && {
        note: `by up to ${formatNumber(most.energy)} meV/atom and ${formatNumber(most.force)} meV/Å`,
      }),
    }),
    createCheck("repeat-energy", "energy change when repeated", {
      value: most.energy,
      limit: repeatLimitMev.energy,
      unit: "meV/atom",
      subject,
    }),
    createCheck("repeat-force", "force change when repeated", {
      value: most.force,
      limit: repeatLimitMev.force,
      unit: "meV/Å",
      subject,
    }),
  ];
}

function isSame(a: Evaluation, b: Evaluation): boolean {
  // What is not a number repeats too.
  return Object.is(a.energy, b.energy) && a.forces.every((force, i) => Object.is(force, b.forces[i]));
}

/** Where filters are not zero at the cutoff, energies jump there. */
async function checkCutoffJump({ evaluate, weights }: PhysicsSubject): Promise<AccuracyCheck> {
  const { cutoff } = weights.architecture;
  const pair = (distance: number): Structure => ({
    name: "C2",
    atomicNumbers: Int32Array.of(6, 6),
    positions: Float64Array.of(0, 0, 0, distance, 0, 0),
    cell: null,
  });
  const jumps = createFilterCurve(weights)
    .evaluate(cutoff)
    .value.some((filter) => filter !== 0);
  const inside = await evaluateOne(evaluate, pair(cutoff - 1e-4));
  const outside = await evaluateOne(evaluate, pair(cutoff + 1e-4));
  return createCheck("cutoff-jump", "energy jump of C–C at the cutoff", {
    value: milli * Math.abs(inside.energy - outside.energy),
    limit: "no limit for a property of the network",
    unit: "meV",
    subject: "two carbon atoms",
    ...(jumps && { note: "its filters are not zero at the cutoff" }),
  });
}
