import { availableParallelism } from "node:os";
import type { FitRecorder } from "../fit-recorder.ts";
import { chooseKernel, compileKernel, hasFma, isCompiled, hasSimd } from "../kernel/compile-kernel.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { type BlockEvaluatorOptions, createBlockEvaluator } from "./block-evaluator.ts";
import type { Evaluator } from "./evaluator.ts";

export type EvaluatorRequest = Omit<
  BlockEvaluatorOptions,
  "id" | "variant" | "description" | "module" | "threadCount"
> & {
  /** Threads; null: chosen by the size of the data. */
  readonly workers: number | null;
  /** Which kernel of wasm-f64; null: fused multiply-add where the host has it. */
  readonly kernel: "fma" | "plain" | null;
};

/** Below this many points starting and waking threads costs what they win. */
const pointsWorthThreads = 2e6;

/** The default: the WebAssembly SIMD kernel, float64 throughout. Throws UserFacingError where the host lacks SIMD. */
export async function createWasmF64({ workers, kernel, ...request }: EvaluatorRequest): Promise<Evaluator> {
  if (!hasSimd()) throw new UserFacingError("wasm-f64 needs WebAssembly SIMD, which this host does not compile");
  if (kernel === "fma" && !hasFma())
    throw new UserFacingError("the FMA kernel needs relaxed SIMD, which this host does not compile");
  const variant = chooseKernel(kernel);
  const module = compileOnce(variant, request.recorder);
  const threadCount = chooseThreads(request, workers);
  return await createBlockEvaluator({
    ...request,
    id: "wasm-f64",
    variant: `wasm-f64/${variant}`,
    description: `WebAssembly SIMD${variant === "fma" ? " with FMA" : ""}, float64, CPU, ${describeThreads(threadCount)}`,
    module,
    threadCount,
  });
}

/** The same sums in plain TypeScript. */
export async function createJsF64({ workers, ...request }: Omit<EvaluatorRequest, "kernel">): Promise<Evaluator> {
  const threadCount = chooseThreads(request, workers);
  return await createBlockEvaluator({
    ...request,
    id: "js-f64",
    variant: "js-f64",
    description: `TypeScript, float64, CPU, ${describeThreads(threadCount)}`,
    module: null,
    threadCount,
  });
}

const describeThreads = (threadCount: number): string => (threadCount < 2 ? "1 thread" : `${threadCount} threads`);

function compileOnce(variant: "fma" | "plain", recorder: FitRecorder): WebAssembly.Module {
  if (isCompiled(variant)) return compileKernel(variant);
  recorder.begin("kernel.compile", SpanKind.compile, { engine: "wasm-f64", key: variant });
  try {
    return compileKernel(variant);
  } finally {
    recorder.end();
  }
}

/** One worker sums on the thread of the fit itself: no thread is started, nothing is woken. */
function chooseThreads(
  { dataset, blocks }: Omit<EvaluatorRequest, "workers" | "kernel">,
  workers: number | null,
): number {
  const rows = blocks.reduce((count, block) => count + block.rowCount, 0);
  const points = rows * dataset.experiment.timeCount * dataset.experiment.anglesDegrees.length;
  const wanted = workers ?? (points < pointsWorthThreads ? 1 : availableParallelism());
  return wanted < 2 ? 0 : Math.min(wanted, blocks.length);
}
