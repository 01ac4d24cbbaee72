import { priorityWords } from "../../../traces/measure/priority-words.ts";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { itemOf } from "../../../native-bench/plan/item-of.ts";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import {
  askedWarmupWords,
  captionOf,
  differIn,
  warmupWords,
  type CommonFact,
} from "../../../traces/measure/common-facts.ts";
import { referencesOf, variedOptions } from "../../../traces/measure/equal-work.ts";
import { toldWords } from "../../../traces/measure/check-words.ts";
import { countWords, cutWords } from "../../../traces/measure/sample-words.ts";
import { speedRatioMethod } from "../../../traces/measure/speed-ratio.ts";
import { speedUpWords } from "../../../traces/measure/speed-words.ts";
import { outputsWords } from "../../../traces/measure/integrity/constant-outputs.ts";
import { placementWords } from "../../../traces/measure/placement-words.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { formatFacts, formatTable, type TableColumn, type TableStyle } from "../print/table.ts";
import { chooseTimeColumn } from "../print/units.ts";

const msNs = 1e6;

/**
 * One line a configuration; options only where they differ. How they were computed stands above where all agree, in
 * columns where not.
 */
export function formatResults(
  { results, parameters: { protocol } }: BenchReport,
  workload: WorkloadFacts,
  style: TableStyle,
): string {
  const { settings = [], shape } = workload;
  const item = itemOf(
    workload,
    results.map(({ variant }) => variant),
  );
  // Sides of a case may differ in it: what takes a microsecond a point is given fewer.
  const hasItems = shape === "session" && new Set(results.map(({ itemsPerStep }) => itemsPerStep)).size > 1;
  const varied = variedOptions(results);
  const references = referencesOf(results, settings);
  const isCompared = results.some(
    (result) => result.medianMs !== null && (references.get(result) ?? result) !== result,
  );
  const hasOwn = (fact: CommonFact): boolean => differIn(fact, results);
  const times = chooseTimeColumn(results.flatMap(({ medianMs }) => (medianMs === null ? [] : [medianMs * msNs])));
  const formatMs = (ms: number | null): string => (ms === null ? "–" : times.format(ms * msNs));
  const columns: TableColumn[] = [
    { title: "variant", align: "left" },
    ...(hasOwn("backend") ? [{ title: "backend", align: "left" } as const] : []),
    ...(hasOwn("precision") ? [{ title: "precision", align: "left" } as const] : []),
    ...varied.map((title) => ({ title, align: "right" }) as const),
    ...(hasItems ? [{ title: item.many, align: "right" } as const] : []),
    { title: `median ${times.unit}/${item.one}`, align: "point" },
    { title: "95 %", align: "left" },
    ...(isCompared ? [{ title: "speed-up", align: "left" } as const] : []),
    { title: `${item.many}/s`, align: "right" },
    { title: "n", align: "right" },
    ...(hasOwn("warmup") ? [{ title: "warm-up", align: "right" } as const] : []),
    { title: "load", align: "left" },
    { title: peakTitle(results), align: "right" },
    { title: "notes", align: "left" },
  ];
  const rows = results.map((result) => [
    result.variant,
    ...(hasOwn("backend") ? [result.backend] : []),
    ...(hasOwn("precision") ? [result.precision ?? "–"] : []),
    ...varied.map((id) => String(result.options[id] ?? "–")),
    ...(hasItems ? [formatCount(result.itemsPerStep)] : []),
    formatMs(result.medianMs),
    result.lowMs === null ? "" : `[${formatMs(result.lowMs)}, ${formatMs(result.highMs)}]`,
    ...(isCompared ? [speedUpWords(result, references.get(result))] : []),
    result.itemsPerSecond === null ? "–" : formatNumber(result.itemsPerSecond),
    countWords(result),
    ...(hasOwn("warmup") ? [result.sampleCount === 0 ? "–" : warmupWords(result)] : []),
    result.loadMs === null
      ? "–"
      : `${formatDuration(result.loadMs * msNs)}${result.loadShared === true ? ", shared" : ""}`,
    result.peakBytes === null ? "–" : formatBytes(result.peakBytes),
    describeResult(result, hasOwn("device")),
  ]);
  const caption = [captionOf(results), protocolWords(protocol)].filter((words) => words !== "").join("; ");
  return `${caption === "" ? "" : `${caption}\n`}${formatTable(columns, rows, style)}${isCompared ? `speed-up: ${speedRatioMethod}\n` : ""}`;
}

/** "at least 5 steps and 200 ms of warm-up asked for"; "" for sessions, which warm themselves up. */
function protocolWords({ warmupSteps, warmupMs }: BenchReport["parameters"]["protocol"]): string {
  const asked = askedWarmupWords(Number(warmupSteps), Number(warmupMs));
  return asked === "none" ? "" : `${asked} of warm-up asked for`;
}

function peakTitle(results: readonly BenchResult[]): string {
  return results.some(({ peakShared }) => peakShared === true) ? "peak of shared process" : "peak of process";
}

/** What computed it unless a caption says so, and everything that limits what the numbers say. */
export function describeResult(result: BenchResult, withDevice = true): string {
  const { outcome, reason, device, software, facts } = result;
  const words: string[] = [];
  if (outcome !== "measured") words.push(outcome);
  if (reason !== null) words.push(reason);
  const cut = cutWords(result);
  if (cut !== "") words.push(cut);
  if (withDevice && device !== null) words.push(`${device}${software ? ", software" : ""}`);
  const placement = placementWords(result);
  if (placement !== "") words.push(placement);
  if (typeof facts["settings"] === "string") words.push(facts["settings"]);
  const outputs = outputsWords(result);
  if (outputs !== "") words.push(outputs);
  const told = toldWords(result);
  if (told !== "") words.push(told);
  return words.join("; ");
}

/** The machine, and once for all rows what the workload has to say of its files. */
export function formatEnvironment({ environment, results }: BenchReport, style: TableStyle): string {
  const { cpu, cores, os, gpus, powerMode, loadBefore, spanCostNs, versions } = environment;
  const notes = new Set(results.flatMap(({ facts }) => (typeof facts["notes"] === "string" ? [facts["notes"]] : [])));
  const rows: [string, string][] = [
    ["processor", `${cpu}, ${cores} cores`],
    ["adapters", gpus.join(", ") || "none found"],
    ["system", os],
    ["power mode", powerMode ?? "not readable"],
    ["priority", priorityWords(environment)],
    ["load before", loadBefore === null ? "not readable" : formatNumber(loadBefore)],
    [
      "versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    ["cost of a span", spanCostNs === null ? "nothing recorded" : formatDuration(spanCostNs)],
  ];
  return `\n${formatFacts([...rows, ...[...notes].map((note): [string, string] => ["notes", note])], style)}`;
}
