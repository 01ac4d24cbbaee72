import { cpus } from "node:os";
import type { OpenBackend } from "../../backends/backend.ts";
import type { Configuration } from "../../plan/run-plan.ts";
import type { Recipe } from "./evaluate/recipe.ts";
import type { studentOptions, StudentOptions } from "./options.ts";
import { findVariant } from "./variants.ts";

/** Why a configuration makes no sense or cannot run; null when it can. */
export function refuse(
  { variant: id, options }: Configuration<typeof studentOptions>,
  { backend }: OpenBackend,
): string | null {
  const variant = findVariant(id);
  if (variant === null || variant.recipe === null) return variant?.unavailable ?? `there is no variant "${id}"`;
  const recipe = variant.recipe(options.rank);
  const workers = Math.max(options.workers, variant.leastWorkers ?? 1);
  if (options.weights !== null && options.network !== "student") {
    return "weights of a file fix the size of the network";
  }
  return backend.id === "onnxruntime-cpu" ? refuseOnCpu(recipe, options, workers) : refuseOnDevice(recipe, workers);
}

function refuseOnCpu({ graph }: Recipe, { threads }: StudentOptions, workers: number): string | null {
  if (graph.kind === "naive" && graph.aggregation === "scatter-nd" && threads > 1) {
    return "ScatterND(add) of ONNX Runtime's CPU provider loses updates with more than one thread: its sums would be wrong";
  }
  const cores = cpus().length;
  const total = workers * threads;
  if (total > 1 && total > cores)
    return `${workers} × ${threads} threads on ${cores} cores would measure the scheduler`;
  return null;
}

function refuseOnDevice({ graph, numbers }: Recipe, workers: number): string | null {
  if (workers > 1) return "workers with a session each are offered on the CPU; a device queues their work anyway";
  if (graph.kind === "blocked") return "blocks are walked by Scan, which runs on the CPU provider only";
  if (numbers.startsWith("int8")) return "DynamicQuantizeMatMul runs on the CPU provider only";
  if (graph.kind === "naive" && graph.float === "float64") return "float64 is offered on the CPU provider";
  return null;
}
