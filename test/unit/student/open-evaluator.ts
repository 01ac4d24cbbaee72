import { onnxruntimeCpu } from "../../../native-bench/backends/onnxruntime-cpu.ts";
import { nullRecorder } from "../../../native-bench/spans/recorder.ts";
import {
  createEvaluator,
  type EvaluatorPlan,
} from "../../../native-bench/workloads/student-force-field/evaluate/create-evaluator.ts";
import type { Evaluator } from "../../../native-bench/workloads/student-force-field/evaluate/evaluator.ts";
import { defaultSlotBudget } from "../../../native-bench/workloads/student-force-field/evaluate/planner.ts";
import type { Weights } from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { defaultRank } from "../../../native-bench/workloads/student-force-field/radial/rank-basis.ts";
import { findVariant } from "../../../native-bench/workloads/student-force-field/variants.ts";

/** An evaluator of a variant on the CPU, as the workload makes it. */
export function openEvaluator(
  variant: string,
  weights: Weights,
  changes: Partial<EvaluatorPlan> & { readonly rank?: number } = {},
): Promise<Evaluator> {
  const recipe = findVariant(variant)?.recipe?.(changes.rank ?? defaultRank);
  if (recipe === undefined) throw new Error(`no variant ${variant}`);
  const plan: EvaluatorPlan = {
    weights,
    recipe,
    backendId: onnxruntimeCpu.id,
    threadCount: 1,
    optimization: "all",
    neighbors: "auto",
    slotBudget: defaultSlotBudget,
    ...changes,
  };
  return createEvaluator(plan, onnxruntimeCpu, nullRecorder);
}
