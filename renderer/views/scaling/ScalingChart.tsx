import { useMemo, useState } from "react";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { chooseTimeUnit } from "../../../traces/model/format-units.ts";
import { plainUnit } from "../../charts/axis.ts";
import type { LineSeries } from "../../charts/line-series.ts";
import { LineChart } from "../../charts/LineChart.tsx";
import type { ResultSource } from "../../state/bench-slice.ts";
import { useAppStore } from "../../state/store.ts";
import { classes } from "../../ui/css.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { FitTable } from "./FitTable.tsx";
import { linesOf, measuredWith, type Quantity } from "./scaling-lines.ts";
import { capitalize, regimeWords, seriesOf, type AxisChoice, type ScalingSeries } from "./scaling-series.ts";
import styles from "./ScalingChart.module.css";

const css = classes(styles);

const quantities: Readonly<Record<Quantity, string>> = { perItem: "Per item", total: "Whole step", rate: "Items/s" };

const mostSentencesAbove = 4;

const scales = [
  { value: "log", title: "Log" },
  { value: "linear", title: "Linear" },
] as const;

/** The curves of one run over one axis, perhaps with those of others, the sentence of each, and its numbers. */
export function ScalingChart({
  source,
  results,
  overlaid,
  shortTitles,
  workload,
  axis,
  axes,
  onAxis,
}: {
  readonly source: ResultSource;
  readonly results: readonly BenchResult[];
  /** Further runs in the same chart. */
  readonly overlaid: readonly ResultSource[];
  /** Of all sources, by key. */
  readonly shortTitles: ReadonlyMap<string, string>;
  readonly workload: WorkloadFacts;
  readonly axis: AxisChoice;
  readonly axes: readonly AxisChoice[];
  readonly onAxis: (id: string) => void;
}) {
  const store = useAppStore();
  const isBatch = axis.axis.kind === "batch";
  const [quantity, setQuantity] = useState<Quantity>(isBatch ? "perItem" : "total");
  const [scale, setScale] = useState<"log" | "linear">("log");
  const parts = useMemo(
    () => partsOf([{ ...source, results }, ...overlaid], shortTitles, axis, workload),
    [source, results, overlaid, shortTitles, axis, workload],
  );
  const series = useMemo(() => parts.flatMap((part) => part.series), [parts]);
  const lines = useMemo(() => linesOf(series, axis, quantity, workload.published), [series, axis, quantity, workload]);
  const unit = useMemo(
    () => (quantity === "rate" ? plainUnit : chooseTimeUnit(lines.flatMap(({ points }) => points.map(({ y }) => y)))),
    [lines, quantity],
  );
  // What is said of many curves would push them off the screen.
  const isLong = series.length > mostSentencesAbove;
  const { item } = workload;
  const perItem = `Time per ${item.one}`;
  const rate = `${capitalize(item.many)} per second`;
  const titles = { perItem, rate, total: isBatch ? "Time of a step" : perItem };
  /** The trace of the run that the point belongs to. */
  const open = ({ id }: LineSeries): void => {
    const trace = parts.find((part) => part.series.some((one) => one.id === id))?.trace ?? null;
    if (trace !== null) store.getState().activateTab(trace);
  };
  return (
    <section className={css("scaling")} aria-label="Scaling curve">
      {isLong ? null : <Sentences series={series} />}
      <LineChart
        title={`${titles[quantity]} over ${axis.title.toLowerCase()}`}
        about={measuredWith(series)}
        fileName={`${workload.id}-${axis.id}-${quantity}`}
        heightPx={420}
        legendPlace="left"
        series={lines}
        x={{ title: axis.title, unit: plainUnit, scale, ticksAtValues: true }}
        y={{ title: titles[quantity], unit, scale }}
        {...(parts.every(({ trace }) => trace === null) ? {} : { onChoose: open })}
        tools={
          <>
            {axes.length < 2 ? null : (
              <Segmented
                label="Axis"
                value={axis.id}
                options={axes.map(({ id, title }) => ({ value: id, title }))}
                onChange={onAxis}
              />
            )}
            <QuantitySwitch isBatch={isBatch} value={quantity} onChange={setQuantity} />
            <Segmented label="Scales" value={scale} options={scales} onChange={setScale} />
          </>
        }
      />
      {isLong ? <Sentences series={series} /> : null}
      {axis.isSetting ? null : <FitTable series={series} axis={axis.axis} />}
    </section>
  );
}

interface ChartPart {
  /** The tab with the spans; null for files. */
  readonly trace: ResultSource["trace"];
  readonly series: readonly ScalingSeries[];
}

/** The curves of each source, named after it where there are several. */
function partsOf(
  sources: readonly ResultSource[],
  shortTitles: ReadonlyMap<string, string>,
  axis: AxisChoice,
  workload: WorkloadFacts,
): readonly ChartPart[] {
  const among = sources.flatMap(({ results }) => results);
  return sources.map(({ key, title, trace, results }) => {
    const of = sources.length === 1 ? null : { name: shortTitles.get(key) ?? title, among };
    return { trace, series: seriesOf(results, axis, workload, of) };
  });
}

function QuantitySwitch({
  isBatch,
  value,
  onChange,
}: {
  readonly isBatch: boolean;
  readonly value: Quantity;
  readonly onChange: (quantity: Quantity) => void;
}) {
  const offered = isBatch ? (["perItem", "total", "rate"] as const) : (["total", "rate"] as const);
  const options = offered.map((id) => ({ value: id, title: isBatch || id === "rate" ? quantities[id] : "Time" }));
  return <Segmented<Quantity> label="What to show" value={value} options={options} onChange={onChange} />;
}

/** What each curve says, in words. */
function Sentences({ series }: { readonly series: readonly ScalingSeries[] }) {
  return (
    <ul className={css("sentences")}>
      {series.map((one) => (
        <li key={one.id}>
          <b>{one.title}</b> <span className={css("regime")}>{regimeWords(one)}</span>
          <span>{sentenceOf(one)}</span>
          {[one.regime?.caveat ?? null, ...one.remarks].map((words) =>
            words === null ? null : (
              <span key={words} className={css("caveat")}>
                {words}
              </span>
            ),
          )}
        </li>
      ))}
    </ul>
  );
}

function sentenceOf({ regime, best, unfitted, excluded }: ScalingSeries): string {
  if (excluded !== null) return `Its times are shown hollow and count for no claim: ${excluded}.`;
  return regime?.sentence ?? best ?? unfitted ?? "Measure more sizes to see how it grows.";
}
