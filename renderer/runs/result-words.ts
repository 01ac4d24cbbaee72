import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { chooseTimeUnit, formatInUnit, formatNumber, thinSpace, type Unit } from "../../traces/model/format-units.ts";

/*
 * Results of runs in words, the same in every view. Reports count in ms, units in ns.
 */

const msNs = 1e6;

export function unitOfResults(results: readonly BenchResult[]): Unit {
  return chooseTimeUnit(results.flatMap(({ medianMs }) => (medianMs === null ? [] : [medianMs * msNs])));
}

/** Without its unit; "not measured" where nothing was. */
export function formatMs(ms: number | null, unit: Unit): string {
  return ms === null ? "not measured" : formatInUnit(ms * msNs, unit);
}

/** "0.41 [0.40, 0.42] ms". */
export function intervalWords({ medianMs, lowMs, highMs }: BenchResult): string {
  if (medianMs === null) return "not measured";
  const unit = chooseTimeUnit([medianMs * msNs]);
  const interval = lowMs === null || highMs === null ? "" : ` [${formatMs(lowMs, unit)}, ${formatMs(highMs, unit)}]`;
  return `${formatMs(medianMs, unit)}${thinSpace}${unit.symbol}${interval}`;
}

/** What computed it: "Xeon, float32", "SwiftShader (Vulkan on the CPU), float32, software". */
export function deviceWords({ device, precision, software }: BenchResult): string {
  if (device === null) return "nothing ran";
  return [device, precision ?? "", software ? "software, no measure of a GPU" : ""]
    .filter((word) => word !== "")
    .join(", ");
}

/** Everything that limits what the numbers say, and what the workload chose by itself; "" when there is nothing. */
export function limitWords({ outcome, reason, placement, outputsChanged, facts }: BenchResult): string {
  const words: string[] = [];
  if (outcome !== "measured") words.push(reason === null ? outcome : `${outcome}: ${reason}`);
  const providers = Object.entries(placement ?? {});
  if (providers.length > 1)
    words.push(
      providers.map(([name, count]) => `${count} nodes on ${name.replace("ExecutionProvider", "")}`).join(", "),
    );
  if (outputsChanged === false) words.push("outputs did not change with the inputs");
  if (typeof facts["settings"] === "string") words.push(facts["settings"]);
  return words.join("; ");
}

/** The options in which the results of a run differ, by id. */
export function variedOptions(results: readonly BenchResult[]): readonly string[] {
  const ids = [...new Set(results.flatMap(({ options }) => Object.keys(options)))];
  return ids.filter((id) => new Set(results.map(({ options }) => options[id])).size > 1);
}

/** "fast, batch 4": tells a result from the others of its run. */
export function labelOf(result: BenchResult, others: readonly BenchResult[]): string {
  const words = [result.variant];
  if (new Set(others.map(({ backend }) => backend)).size > 1) words.push(result.backend);
  for (const id of variedOptions(others)) words.push(`${id} ${String(result.options[id])}`);
  return words.join(", ");
}

/**
 * How many times as fast as `reference`, by the medians of one run; null where one is missing, outside its tolerance,
 * or computed by an emulated adapter and the other not, for no claim of speed rests on that.
 */
export function speedRatio(result: BenchResult, reference: BenchResult): number | null {
  const isExcluded = result.outcome === "excluded" || reference.outcome === "excluded";
  if (isExcluded || result.software !== reference.software || result.medianMs === null || reference.medianMs === null)
    return null;
  return reference.medianMs / result.medianMs;
}

/** "3.4×"; "1×" for the reference itself. */
export function ratioWords(ratio: number | null): string {
  return ratio === null ? "not claimed" : `${formatNumber(ratio)}×`;
}
