import type { BenchResult } from "./bench-report.ts";
import { formatCounted } from "../model/format-units.ts";

/*
 * How results were computed, told once above a table where all of them agree. What does not agree stands in columns.
 */

/** Of a GPU interface that a CPU emulates. */
export const softwareWords = "software, no measure of a GPU";

/** Facts that may be common, as the columns that take their place. */
export type CommonFact = "backend" | "device" | "precision" | "warmup";

const readers: Readonly<Record<CommonFact, (result: BenchResult) => string | null>> = {
  backend: ({ backend }) => backend,
  device: ({ device, software }) => (device === null ? null : `${device}${software ? `, ${softwareWords}` : ""}`),
  precision: ({ precision }) => precision,
  warmup: (result) => (result.sampleCount === 0 ? null : warmupWords(result)),
};

/** "12 steps"; "none" for sessions, which warm themselves up. */
export function warmupWords({ warmupSteps }: Pick<BenchResult, "warmupSteps">): string {
  return warmupSteps === 0 ? "none" : formatCounted(warmupSteps, "step");
}

/** Value of each fact that is the same for all results that have it; absent where they differ or none has it. */
export function commonFacts(results: readonly BenchResult[]): ReadonlyMap<CommonFact, string> {
  const common = new Map<CommonFact, string>();
  for (const fact of Object.keys(readers) as CommonFact[]) {
    const [only, other] = valuesOfFact(fact, results);
    if (only !== undefined && other === undefined) common.set(fact, only);
  }
  return common;
}

/** All values of a fact, each once, in the order of the results. */
export function valuesOfFact(fact: CommonFact, results: readonly BenchResult[]): readonly string[] {
  return [...new Set(results.flatMap((result) => readers[fact](result) ?? []))];
}

/** Whether results differ in a fact, so that it needs a column. */
export function differIn(fact: CommonFact, results: readonly BenchResult[]): boolean {
  return valuesOfFact(fact, results).length > 1;
}

/** "onnxruntime-cpu · Xeon · float32 · warm-up 5 steps": the caption of a table; "" when nothing is common. */
export function captionOf(results: readonly BenchResult[]): string {
  return [...commonFacts(results)].map(([fact, value]) => (fact === "warmup" ? `warm-up ${value}` : value)).join(" · ");
}

/** "at least 5 steps and 200 ms"; "none" where a run asks for none, as of sessions that warm themselves up. */
export function askedWarmupWords(warmupSteps: number, warmupMs: number): string {
  if (warmupSteps === 0 && warmupMs === 0) return "none";
  const steps = `at least ${formatCounted(warmupSteps, "step")}`;
  return warmupMs === 0 ? steps : `${steps} and ${warmupMs} ms`;
}
