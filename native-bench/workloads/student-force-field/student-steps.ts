import type { Accuracy } from "../../../traces/measure/bench-report.ts";
import type { Arithmetic } from "../../plan/availability.ts";
import { createRandom } from "../../samples/seeded-random.mjs";
import type { PreparedSteps, RunContext } from "../workload.ts";
import { compareWithReference, evaluateReference, type ReferenceCase } from "./accuracy/against-reference.ts";
import { checkPhysics } from "./accuracy/physics-checks.ts";
import type { EvaluatorPlan } from "./evaluate/create-evaluator.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import { arithmeticOf, roundingOf } from "./evaluate/precision.ts";
import { leastDistance } from "./evaluate/recipe.ts";
import type { SlotBudget } from "./evaluate/slot-budget.ts";
import { checkDistances } from "./inputs/close-atoms.ts";
import { findPairs } from "./neighbors/find-pairs.ts";
import type { StudentOptions } from "./options.ts";
import { perturb } from "./structures/perturb.ts";
import { createStructures } from "./structures/sets.ts";
import type { Evaluation, Structure } from "./structures/structure.ts";

/** What inputs move by between steps, Å: too little to change the work, enough to change every answer. */
const stepSigma = 1e-3;
const standInCount = 6;

export interface StepParts {
  readonly plan: EvaluatorPlan;
  readonly evaluator: Evaluator;
  /** Where the structures of all steps lie around. */
  readonly base: readonly Structure[];
  readonly context: RunContext;
  readonly options: StudentOptions;
  readonly budget: SlotBudget;
  /** Whether an earlier configuration created the session: then loading took no time. */
  readonly isShared: boolean;
  /** Names the session. */
  readonly session: string;
}

/** One configuration: structures, moved a little before every step, and who evaluates them. */
export class StudentSteps implements PreparedSteps {
  readonly itemsPerStep: number;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly precision: Arithmetic;
  readonly session: string;
  readonly profile?: () => Promise<Readonly<Record<string, number>>>;
  readonly #parts: StepParts;
  #structures: readonly Structure[];
  #last: readonly Evaluation[] = [];

  constructor(parts: StepParts) {
    this.#parts = parts;
    this.#structures = parts.base;
    this.itemsPerStep = parts.base.length;
    this.session = parts.session;
    this.precision = arithmeticOf(parts.plan.recipe);
    this.facts = describeSizes(parts);
    const { profile } = parts.evaluator;
    if (profile !== null) this.profile = () => profile(this.#structures);
  }

  vary(index: number): void {
    this.#structures = this.#structuresOf(index);
  }

  async step(): Promise<void> {
    this.#last = await this.#parts.evaluator.evaluate(this.#structures);
  }

  digest(): number {
    let sum = 0;
    this.#last.forEach(({ energy, forces }, index) => {
      sum += energy * (1 + index);
      forces.forEach((force, i) => (sum += force * (1 + (i % 7))));
    });
    return sum;
  }

  async checkAccuracy(): Promise<Accuracy> {
    const { evaluator, plan, context } = this.#parts;
    const { cases, subject } = await context.share(`reference ${this.#casesKey()}`, () =>
      Promise.resolve(this.#createCases()),
    );
    const found = await evaluator.evaluate(cases.map(({ structure }) => structure));
    context.throwIfCancelled();
    const evaluate = (structures: readonly Structure[]): Promise<readonly Evaluation[]> => {
      context.throwIfCancelled();
      return evaluator.evaluate(structures);
    };
    const physics = await context.share(`physics ${this.#evaluatorKey()}`, () =>
      checkPhysics({
        evaluate,
        weights: plan.weights,
        rounding: roundingOf(plan.recipe),
        isOrdered: plan.backendId === "onnxruntime-cpu",
      }),
    );
    const checks = [...compareWithReference(cases, found, subject), ...physics];
    return { passed: checks.every(({ passed }) => passed), checks };
  }

  /** The evaluator belongs to the run. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #structuresOf(index: number): readonly Structure[] {
    const random = createRandom(Math.imul(this.#parts.context.seed + 1, 0x9e3779b1) + index);
    return this.#parts.base.map((structure) => perturb(structure, stepSigma, random));
  }

  /**
   * Structures of a step, as they were measured: at the very sites of a crystal vectors cancel to what rounding leaves,
   * and the gradient of their length, so a force, is anybody's guess, that of the reference too. Structures too large for
   * the reference are stood in for by small ones.
   */
  #createCases(): { readonly cases: readonly ReferenceCase[]; readonly subject?: string } {
    const { plan } = this.#parts;
    const cases = evaluateReference(plan.weights, this.#structuresOf(0));
    if (cases.length > 0) return { cases };
    return {
      cases: evaluateReference(plan.weights, createStructures("mix", standInCount)),
      subject: `${standInCount} molecules of 3 to 12 atoms, as the reference takes too long here`,
    };
  }

  #casesKey(): string {
    const { structures, file, batch, weights, seed, network } = this.#parts.options;
    return JSON.stringify([structures, file, batch, weights, seed, network]);
  }

  #evaluatorKey(): string {
    const { plan, options } = this.#parts;
    const { weights, seed, network, workers } = options;
    const { recipe, backendId, threadCount, optimization, neighbors, slotBudget } = plan;
    return JSON.stringify([
      [weights, seed, network, workers],
      [recipe, backendId, threadCount, optimization, neighbors, slotBudget],
    ]);
  }
}

/** Throws UserFacingError for atoms that are too close, by the distance of the file: steps move them. */
function describeSizes({
  base,
  plan,
  options,
  budget,
  isShared,
}: StepParts): Readonly<Record<string, number | string>> {
  const { cutoff } = plan.weights.architecture;
  const least = leastDistance(plan.recipe);
  const edges = base.reduce((sum, structure) => {
    const pairs = findPairs(structure, cutoff);
    checkDistances(structure.name, pairs, least);
    return sum + 2 * pairs.pairCount;
  }, 0);
  return {
    atoms: base.reduce((sum, { atomicNumbers }) => sum + atomicNumbers.length, 0),
    edges,
    weights: plan.weights.source,
    ...(plan.recipe.batching === "planned" && { settings: `slot budget ${budget.slots}, ${budget.origin}` }),
    session: isShared ? "shared with an earlier configuration" : "own",
    ...(options.weights !== null && plan.weights.notes.length > 0 && { notes: plan.weights.notes.join("; ") }),
  };
}
