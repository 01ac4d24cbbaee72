import { priorityWords } from "../../../traces/measure/priority-words.ts";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import { variedOptions } from "../../../traces/measure/equal-work.ts";
import { outputsWords } from "../../../traces/measure/integrity/constant-outputs.ts";
import { placementWords } from "../../../traces/measure/placement-words.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { formatFacts, formatTable, type TableColumn, type TableStyle } from "../print/table.ts";
import { chooseTimeColumn } from "../print/units.ts";

const msNs = 1e6;

/** One line a configuration; options only where they differ. */
export function formatResults({ results }: BenchReport, { item }: WorkloadFacts, style: TableStyle): string {
  const varied = variedOptions(results);
  const times = chooseTimeColumn(results.flatMap(({ medianMs }) => (medianMs === null ? [] : [medianMs * msNs])));
  const formatMs = (ms: number | null): string => (ms === null ? "–" : times.format(ms * msNs));
  const columns: TableColumn[] = [
    { title: "variant", align: "left" },
    { title: "backend", align: "left" },
    ...varied.map((title) => ({ title, align: "right" }) as const),
    { title: `median ${times.unit}/${item.one}`, align: "point" },
    { title: "95 %", align: "left" },
    { title: `${item.many}/s`, align: "right" },
    { title: "n", align: "right" },
    { title: "load", align: "right" },
    { title: "process peak", align: "right" },
    { title: "notes", align: "left" },
  ];
  const rows = results.map((result) => [
    result.variant,
    result.backend,
    ...varied.map((id) => String(result.options[id] ?? "")),
    formatMs(result.medianMs),
    result.lowMs === null ? "" : `[${formatMs(result.lowMs)}, ${formatMs(result.highMs)}]`,
    result.itemsPerSecond === null ? "–" : formatNumber(result.itemsPerSecond),
    formatCount(result.sampleCount),
    result.loadMs === null ? "–" : formatDuration(result.loadMs * msNs),
    result.peakBytes === null ? "–" : formatBytes(result.peakBytes),
    describeResult(result),
  ]);
  return formatTable(columns, rows, style);
}

/** What computed it, and everything that limits what the numbers say. */
export function describeResult(result: BenchResult): string {
  const { outcome, reason, device, software, precision, facts } = result;
  const words: string[] = [];
  if (outcome !== "measured") words.push(outcome);
  if (reason !== null) words.push(reason);
  if (device !== null) words.push(`${device}${software ? ", software" : ""}, ${precision ?? ""}`);
  const placement = placementWords(result);
  if (placement !== "") words.push(placement);
  if (typeof facts["settings"] === "string") words.push(facts["settings"]);
  const outputs = outputsWords(result);
  if (outputs !== "") words.push(outputs);
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
