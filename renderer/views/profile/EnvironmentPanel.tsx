import { askedWarmupWords } from "../../../traces/measure/common-facts.ts";
import { formatBytes, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { priorityWords } from "../../../traces/measure/priority-words.ts";
import type { RunRecord } from "../../state/run-record.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import styles from "./EnvironmentPanel.module.css";

const css = classes(styles);

/** The machine and software a run was measured on. */
export function EnvironmentPanel({ run: { report } }: { readonly run: RunRecord }) {
  if (report === null) return <Empty title="Told with the results">The report comes when the run has ended.</Empty>;
  const { environment, parameters } = report;
  const { protocol } = parameters;
  const facts: readonly (readonly [string, string])[] = [
    ["Processor", `${environment.cpu}, ${environment.cores} cores`],
    ["Memory", formatBytes(environment.memoryBytes)],
    ["Graphics adapters", environment.gpus.join(", ") || "none found"],
    ["System", environment.os],
    ["Power mode", environment.powerMode ?? "not readable"],
    ["Priority", priorityWords(environment)],
    ["Load before the run", environment.loadBefore === null ? "not readable" : formatNumber(environment.loadBefore)],
    [
      "Versions",
      Object.entries(environment.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    [
      "Cost of a span",
      environment.spanCostNs === null
        ? "nothing recorded"
        : `${formatDuration(environment.spanCostNs)}, calibrated, part of every sample`,
    ],
    ["Warm-up", askedWarmupWords(Number(protocol["warmupSteps"]), Number(protocol["warmupMs"]))],
    [
      "Stop rule",
      `95 % interval of the median within ± ${formatNumber(Number(protocol["targetFraction"]) * 100)} %, ${String(protocol["minSamples"])} to ${String(protocol["maxSamples"])} samples, ${String(Number(protocol["maxMs"]) / 1000)} s at most`,
    ],
    ["Order", `in turns, shuffled with seed ${String(protocol["seed"])}; inputs change before every step`],
    ["Started", environment.startedAt],
    ["Deltaflame", environment.appVersion],
  ];
  return (
    <dl className={css("facts")}>
      {facts.map(([name, value]) => (
        <div key={name} className={css("fact")}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
