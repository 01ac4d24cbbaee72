import { parseFitConfig } from "../parse-config.ts";
import { createEvaluator } from "../evaluators/create-evaluator.ts";
import { runFit } from "../fit.ts";
import { chooseKernel } from "../kernel/compile-kernel.ts";
import type { CaseContext, CaseOutcome } from "./before-after-case.ts";

/** A whole fit on one thread as one side of a case; sides agree when they end at the same cost. */
export async function runCaseFit(
  { dataset, model, recorder, throwIfCancelled }: CaseContext,
  settings: Readonly<Record<string, unknown>>,
): Promise<CaseOutcome> {
  const config = parseFitConfig(settings);
  const result = await runFit(
    { dataset, model, start: null, bounds: null, config, engine: "wasm-f64", checkpoint: null },
    {
      recorder,
      listener: {},
      throwIfCancelled,
      kernel: chooseKernel(null),
      createEvaluator: ({ id, blocks, onMasked }) =>
        createEvaluator(id, { dataset, model, rules: config, blocks, recorder, onMasked, workers: 1, kernel: null }),
    },
  );
  const { passes, warmUp, pointCount, cost, elapsedMs } = result;
  return {
    itemCount: pointCount,
    elapsedMs,
    digest: [cost],
    facts: {
      "full passes": passes.full,
      "cost passes": passes.cost,
      "warm-up passes": Number(warmUp.passEquivalents.toFixed(2)),
      message: result.message,
    },
  };
}
