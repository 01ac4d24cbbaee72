import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { variedOptions } from "../../traces/measure/equal-work.ts";
import { softwareWords } from "../../traces/measure/common-facts.ts";
import { placementWords } from "../../traces/measure/placement-words.ts";
import { speedRatioMethod } from "../../traces/measure/speed-ratio.ts";
import { outputsWords } from "../../traces/measure/integrity/constant-outputs.ts";
import { toldWords } from "../../traces/measure/check-words.ts";
import { cutWords } from "../../traces/measure/sample-words.ts";
import { chooseTimeUnit, formatInUnit, thinSpace, type Unit } from "../../traces/model/format-units.ts";

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
  return [device, precision ?? "", software ? softwareWords : ""].filter((word) => word !== "").join(", ");
}

/** What computed several results, each device once: "Xeon, float32 or int8; GPU, float16". */
export function devicesWords(results: readonly BenchResult[]): string {
  const byDevice = new Map<string, Set<string>>();
  for (const result of results) {
    const device = deviceWords({ ...result, precision: null });
    byDevice.set(device, (byDevice.get(device) ?? new Set()).add(result.precision ?? ""));
  }
  return [...byDevice]
    .map(([device, precisions]) => {
      const words = [...precisions].filter((word) => word !== "").join(" or ");
      return words === "" ? device : `${device}, ${words}`;
    })
    .join("; ");
}

/** Everything that limits what the numbers say, and what the workload chose by itself; "" when there is nothing. */
export function limitWords(result: BenchResult): string {
  const { outcome, reason, facts } = result;
  const words: string[] = [];
  if (outcome !== "measured") words.push(reason?.startsWith(outcome) === true ? reason : outcomeWords(outcome, reason));
  const cut = cutWords(result);
  if (cut !== "") words.push(cut);
  const placement = placementWords(result);
  if (placement !== "") words.push(placement);
  const outputs = outputsWords(result);
  if (outputs !== "") words.push(outputs);
  const told = toldWords(result);
  if (told !== "") words.push(told);
  for (const id of ["settings", "notes"]) if (typeof facts[id] === "string") words.push(facts[id]);
  return words.join("; ");
}

function outcomeWords(outcome: string, reason: string | null): string {
  return reason === null ? outcome : `${outcome}: ${reason}`;
}

/** "fast, batch 4": tells a result from the others of its run. */
export function labelOf(result: BenchResult, others: readonly BenchResult[]): string {
  const words = [result.variant];
  if (new Set(others.map(({ backend }) => backend)).size > 1) words.push(result.backend);
  for (const id of variedOptions(others))
    if (result.options[id] != null) words.push(`${id} ${String(result.options[id])}`);
  return words.join(", ");
}

/** What speeds of a run are told against: "Times as fast as naive at the same work, measured in the same run". */
export function referenceWords(
  results: readonly BenchResult[],
  references: ReadonlyMap<BenchResult, BenchResult>,
  settings: readonly string[],
): string {
  const found = [...references.values()];
  const hasBackends = new Set(results.map(({ backend }) => backend)).size > 1;
  // Settings that are the same in all references tell them from the others; those that go with each row do not.
  const own = variedOptions(results).filter(
    (id) => settings.includes(id) && new Set(found.map(({ options }) => options[id])).size === 1,
  );
  const names = found.map(({ variant, backend, options }) =>
    [variant, ...(hasBackends ? [backend] : []), ...own.map((id) => `${id} ${String(options[id])}`)].join(", "),
  );
  return `Times as fast as ${[...new Set(names)].join(" or ")} at the same work, measured in the same run: ${speedRatioMethod}`;
}

/** The fastest at each work of a run, as a whole: "fast at 7 of 8, naive at 1 of 8". */
export function winsWords(fastest: readonly BenchResult[]): string {
  const counts = new Map<string, number>();
  for (const { variant } of fastest) counts.set(variant, (counts.get(variant) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([variant, count]) => `${variant} at ${count} of ${fastest.length}`)
    .join(", ");
}
