import type { OrtBackend } from "../../../backends/backend.ts";
import type { SpanRecorder } from "../../../spans/recorder.ts";
import type { Weights } from "../model/weights.ts";
import type { NeighborMethod } from "../neighbors/find-pairs.ts";
import { buildModel, type BuiltModel } from "./build-model.ts";
import { createChunkedEvaluator, type LoadedGraph } from "./chunked-evaluator.ts";
import type { Evaluator } from "./evaluator.ts";
import { createGraphSession, type OptimizationLevel } from "./graph-session.ts";
import { evaluationCosts } from "./planner.ts";
import type { Recipe } from "./recipe.ts";

/** All that an evaluator is made from; plain data, so that it can go to a thread. */
export interface EvaluatorPlan {
  readonly weights: Weights;
  readonly recipe: Recipe;
  readonly backendId: string;
  /** Threads within a node. */
  readonly threadCount: number;
  readonly optimization: OptimizationLevel;
  readonly neighbors: NeighborMethod;
  readonly slotBudget: number;
}

/** Builds the graph and creates its session on `backend`. */
export async function createEvaluator(
  plan: EvaluatorPlan,
  backend: Pick<OrtBackend, "sessionOptions">,
  recorder: SpanRecorder,
  throwIfCancelled?: () => void,
): Promise<Evaluator> {
  const { weights, recipe, threadCount, optimization, neighbors, slotBudget } = plan;
  const model = buildModel(weights, recipe);
  const open = async ({ bytes, layout }: BuiltModel): Promise<LoadedGraph> => ({
    session: await createGraphSession(bytes, { backend, threadCount, optimization }),
    layout,
  });
  const { buildBlocked } = model;
  const isProcessor = plan.backendId === "onnxruntime-cpu";
  // Devices have no kernel for the Scan of the blocked graph.
  const hasLarge = recipe.largeInBlocks === true && isProcessor && buildBlocked !== null;
  return createChunkedEvaluator(await open(model), {
    architecture: weights.architecture,
    neighbors,
    batching: recipe.batching,
    slotBudget,
    evaluationCost: isProcessor ? evaluationCosts.processor : evaluationCosts.device,
    recorder,
    throwIfCancelled,
    openLarge: hasLarge ? () => open(buildBlocked()) : null,
  });
}
