import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { UserFacingError } from "../../../traces/model/errors.ts";
import type { OpenBackend, OrtBackend } from "../../backends/backend.ts";
import type { Configuration } from "../../plan/run-plan.ts";
import type { PreparedSteps, RunContext, StepWorkload } from "../workload.ts";
import { createEvaluator, type EvaluatorPlan } from "./evaluate/create-evaluator.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import { evaluatorThread } from "./evaluate/evaluator-thread.ts";
import type { OptimizationLevel } from "./evaluate/graph-session.ts";
import { defaultSlotBudget, deviceSlotBudget } from "./evaluate/planner.ts";
import { findSlotBudget, type SlotBudget } from "./evaluate/slot-budget.ts";
import { createPoolEvaluator } from "./evaluate/pool-evaluator.ts";
import type { Recipe } from "./evaluate/recipe.ts";
import { createSeededWeights } from "./model/seeded-weights.ts";
import type { Weights } from "./model/weights.ts";
import type { NeighborMethod } from "./neighbors/find-pairs.ts";
import { published } from "./published.ts";
import { refuse } from "./refuse.ts";
import { networks, studentOptions, type StudentOptions } from "./options.ts";
import { readXyz } from "./structures/read-xyz.ts";
import { createStructures, type StructureSet } from "./structures/sets.ts";
import type { Structure } from "./structures/structure.ts";
import { StudentSteps } from "./student-steps.ts";
import { findVariant, variants } from "./variants.ts";
import { readWeights } from "./weight-files/read-weights.ts";

const largestFileBytes = 512 * 2 ** 20;

type StudentConfiguration = Configuration<typeof studentOptions>;

export const studentForceField: StepWorkload<typeof studentOptions> = {
  facts: {
    id: "student",
    title: "Student force field",
    description:
      "Energies and forces of molecules and boxes by a message-passing network of 427,292 parameters, from the naive graph to the fast one.",
    shape: "steps",
    item: { one: "structure", many: "structures" },
    variants: variants.map(({ id, label, help, group, unused, unavailable }) => ({
      id,
      label,
      help,
      ...(group !== undefined && { group }),
      ...(unused !== undefined && { unused }),
      ...(unavailable !== undefined && { unavailable }),
    })),
    defaultVariants: ["naive", "fast"],
    backends: ["onnxruntime-cpu", "onnxruntime-webgpu", "onnxruntime-cuda", "onnxruntime-tensorrt"],
    options: studentOptions,
    axes: ["batch", "structures", "rank", "threads", "workers", "budget"],
    settings: ["threads", "workers", "rank", "neighbors", "optimization", "budget"],
    sizes: ["structures", "file", "batch"],
    published,
    curves: [],
  },
  refuse,
  prepare,
};

async function prepare(
  { variant: id, options }: StudentConfiguration,
  open: OpenBackend,
  context: RunContext,
): Promise<PreparedSteps> {
  const variant = findVariant(id);
  if (variant === null || variant.recipe === null) throw new Error(`there is no variant "${id}"`);
  if (open.backend.library !== "onnxruntime") throw new Error(`${open.backend.id} runs no ONNX graphs`);
  const recipe = variant.recipe(options.rank);
  const weights = await shareWeights(options, context);
  const base = await loadStructures(options, context);
  const workerCount = Math.max(options.workers, variant.leastWorkers ?? 1);
  const withoutBudget = createPlan(recipe, weights, options, open.backend);
  const budget = await shareBudget(withoutBudget, options, open.backend, context);
  const plan = { ...withoutBudget, slotBudget: budget.slots };
  const shared = await shareEvaluator({ plan, backend: open.backend, workerCount, variant: id, options }, context);
  return new StudentSteps({ plan, base, context, options, budget, ...shared });
}

function createPlan(
  recipe: Recipe,
  weights: Weights,
  { threads, optimization, neighbors }: StudentOptions,
  backend: OrtBackend,
): Omit<EvaluatorPlan, "slotBudget"> {
  return {
    weights,
    recipe,
    backendId: backend.id,
    threadCount: threads,
    optimization: optimization as OptimizationLevel,
    neighbors: neighbors as NeighborMethod,
  };
}

/** Chosen by the user, by the kind of device, or by a short measurement on this processor. */
function shareBudget(
  plan: Omit<EvaluatorPlan, "slotBudget">,
  { budget }: StudentOptions,
  backend: OrtBackend,
  context: RunContext,
): Promise<SlotBudget> {
  if (budget !== 0) return Promise.resolve({ slots: budget, origin: "chosen" });
  if (backend.id !== "onnxruntime-cpu")
    return Promise.resolve({ slots: deviceSlotBudget, origin: "usual on a device" });
  if (plan.recipe.batching !== "planned") return Promise.resolve({ slots: defaultSlotBudget, origin: "not used" });
  const { weights, recipe, threadCount, optimization } = plan;
  const key = JSON.stringify([weights.architecture, recipe, threadCount, optimization]);
  return context.share(`slot budget ${key}`, () => findSlotBudget(plan, backend));
}

/** Configurations that differ in their structures alone take turns on one session. */
async function shareEvaluator(
  {
    plan,
    backend,
    workerCount,
    variant,
    options,
  }: {
    readonly plan: EvaluatorPlan;
    readonly backend: OrtBackend;
    readonly workerCount: number;
    readonly variant: string;
    readonly options: StudentOptions;
  },
  context: RunContext,
): Promise<{ readonly evaluator: Evaluator; readonly isShared: boolean; readonly session: string }> {
  const { weights, network, seed, rank, threads, neighbors, optimization, budget } = options;
  const parts = [
    variant,
    backend.id,
    workerCount,
    weights,
    network,
    seed,
    rank,
    threads,
    neighbors,
    optimization,
    budget,
  ];
  const session = `evaluator ${JSON.stringify(parts)}`;
  let isShared = true;
  const evaluator = await context.share(
    session,
    () => {
      isShared = false;
      return workerCount > 1
        ? createPoolEvaluator(evaluatorThread, {
            plan,
            threads: context.threads,
            workerCount,
            name: context.way,
            recorder: context.recorder,
            createOwn: (own) => createEvaluator(own, backend, context.recorder, context.throwIfCancelled),
          })
        : createEvaluator(plan, backend, context.recorder, context.throwIfCancelled);
    },
    (made) => made.dispose(),
  );
  return { evaluator, isShared, session };
}

function shareWeights({ weights: file, seed, network }: StudentOptions, context: RunContext): Promise<Weights> {
  return context.share(`weights ${JSON.stringify([file, seed, network])}`, async () => {
    if (file === null) return createSeededWeights(seed, networks[network].architecture);
    return readWeights(basename(file), await readUserFile(file));
  });
}

async function loadStructures(
  { structures: set, file, batch }: StudentOptions,
  context: RunContext,
): Promise<readonly Structure[]> {
  if (file === null) return createStructures(set as StructureSet, batch, context.seed);
  const frames = await context.share(`structures ${file}`, async () =>
    readXyz(basename(file), new TextDecoder().decode(await readUserFile(file))),
  );
  return Array.from({ length: batch }, (_, i) => frames[i % frames.length]);
}

async function readUserFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > largestFileBytes) {
    throw new UserFacingError(`${basename(path)} has ${size} bytes; files are read up to ${largestFileBytes}`);
  }
  return await readFile(path);
}
