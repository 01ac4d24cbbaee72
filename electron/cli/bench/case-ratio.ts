import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import { referencesOf, variedOptions } from "../../../traces/measure/equal-work.ts";
import { speedRatio } from "../../../traces/measure/speed-ratio.ts";
import { fasterWords } from "../../../traces/measure/speed-words.ts";

/** Speed-up of each side over the first at the same work, and what the workload says about the case. */
export function formatCase(
  { results }: Pick<BenchReport, "results">,
  { settings = [] }: Pick<WorkloadFacts, "settings">,
): string {
  const references = referencesOf(results, settings);
  const varied = variedOptions(results);
  const hasBackends = new Set(results.map(({ backend }) => backend)).size > 1;
  const lines = results.flatMap((result) => {
    const reference = references.get(result);
    if (result === reference) return [];
    const words = [result.variant, ...(hasBackends ? [result.backend] : [])];
    const label = [...words, ...varied.map((id) => `${id} ${String(result.options[id] ?? "not used")}`)].join(", ");
    const ratio = reference === undefined ? null : speedRatio(result, reference);
    if (reference === undefined || ratio === null) return [`${label}: no ratio, not both sides were measured`];
    const other = hasBackends ? `${reference.variant} on ${reference.backend}` : reference.variant;
    return [`${label}: ${fasterWords(ratio, other)}`];
  });
  const explanation = results.map(({ facts }) => facts["explanation"]).find((text) => typeof text === "string");
  return `\n${[...lines, ...(explanation === undefined ? [] : ["", explanation])].join("\n")}\n`;
}
