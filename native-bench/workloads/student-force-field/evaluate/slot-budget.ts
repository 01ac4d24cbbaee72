import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { OrtBackend } from "../../../backends/backend.ts";
import { processorName } from "../../../machine/processor.ts";
import { nullRecorder } from "../../../spans/recorder.ts";
import { createStructures } from "../structures/sets.ts";
import { buildModel } from "./build-model.ts";
import { createChunkedEvaluator } from "./chunked-evaluator.ts";
import type { EvaluatorPlan } from "./create-evaluator.ts";
import { createGraphSession } from "./graph-session.ts";
import { defaultSlotBudget, evaluationCosts } from "./planner.ts";

/** Slots of a micro-batch, and where the number comes from. */
export interface SlotBudget {
  readonly slots: number;
  /** "measured now in 0.7 s", "measured earlier on this machine". */
  readonly origin: string;
}

export const candidateBudgets = [175, 350, defaultSlotBudget, 1400, 2800];
const structureCount = 64;
const rounds = 5;
/** Another budget than the usual one must be quicker by this part: less is noise. */
const leastGain = 0.03;

/** File of this user with the budgets of this machine, by what they depend on. */
export const budgetFile = (): string =>
  join(tmpdir(), `deltaflame-${userInfo().username}`, "student-force-field", "slot-budgets.json");

/** The budget that a micro-batch of this graph should have on this processor: found once by a short measurement, then kept. */
export async function findSlotBudget(
  plan: Omit<EvaluatorPlan, "slotBudget">,
  backend: Pick<OrtBackend, "sessionOptions">,
  file: string = budgetFile(),
): Promise<SlotBudget> {
  const key = JSON.stringify([
    processorName(),
    candidateBudgets,
    plan.weights.architecture,
    plan.recipe,
    plan.threadCount,
    plan.optimization,
  ]);
  const kept = await readBudgets(file);
  const known = kept[key];
  if (known !== undefined) return { slots: known, origin: "measured earlier on this machine" };
  const startMs = performance.now();
  const slots = chooseBudget(await timeBudgets(plan, backend));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...kept, [key]: slots }));
  return { slots, origin: `measured now in ${((performance.now() - startMs) / 1000).toFixed(1)} s` };
}

/** The quickest, if it is clearly quicker than the usual one. Times by budget. */
export function chooseBudget(times: ReadonlyMap<number, number>): number {
  const usual = times.get(defaultSlotBudget) ?? Infinity;
  const [best, bestMs] = [...times].toSorted((a, b) => a[1] - b[1])[0] ?? [defaultSlotBudget, usual];
  return bestMs < (1 - leastGain) * usual ? best : defaultSlotBudget;
}

/** Least time of a batch of the mix by budget, in turns, ms. */
async function timeBudgets(
  plan: Omit<EvaluatorPlan, "slotBudget">,
  backend: Pick<OrtBackend, "sessionOptions">,
): Promise<ReadonlyMap<number, number>> {
  const structures = createStructures("mix", structureCount);
  const { recipe, weights, threadCount, optimization, neighbors } = plan;
  const { bytes, layout } = buildModel(weights, recipe);
  const session = await createGraphSession(bytes, { backend, threadCount, optimization });
  const { architecture } = weights;
  const usual = {
    architecture,
    neighbors,
    batching: recipe.batching,
    evaluationCost: evaluationCosts.processor,
    recorder: nullRecorder,
    openLarge: null,
  };
  const open = new Map(
    candidateBudgets.map((slotBudget) => [
      slotBudget,
      createChunkedEvaluator({ session, layout }, { ...usual, slotBudget }),
    ]),
  );
  const times = new Map<number, number>();
  for (let round = 0; round <= rounds; round++) {
    for (const [budget, evaluator] of open) {
      const startMs = performance.now();
      await evaluator.evaluate(structures);
      // The first round makes arrays and plans memory.
      if (round > 0) times.set(budget, Math.min(times.get(budget) ?? Infinity, performance.now() - startMs));
    }
  }
  await session.dispose();
  return times;
}

/** A file that is missing or damaged means: measure again. */
async function readBudgets(file: string): Promise<Readonly<Record<string, number>>> {
  try {
    const found: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, slots]) => candidateBudgets.includes(slots as number)));
  } catch {
    return {};
  }
}
