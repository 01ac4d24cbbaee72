import { useMemo, useState } from "react";
import type {
  MeasurementComparison,
  ScalingCurve,
  ScalingPair,
} from "../../../../traces/compare/measurements/measurement-comparison.ts";
import { predictMs } from "../../../../traces/measure/scaling-regime.ts";
import { chooseTimeUnit } from "../../../../traces/model/format-units.ts";
import { plainUnit } from "../../../charts/axis.ts";
import type { LineSeries } from "../../../charts/line-series.ts";
import { LineChart } from "../../../charts/LineChart.tsx";
import { classes } from "../../../ui/css.ts";
import { Empty } from "../../../ui/Empty.tsx";
import { Segmented } from "../../../ui/Segmented.tsx";
import styles from "./Results.module.css";

const css = classes(styles);
const msNs = 1e6;
const fitPoints = 48;
/** Curves drawn at once; each keeps its own frame. */
const mostCurves = 12;

const quantities = [
  { value: "total", title: "Whole step" },
  { value: "perItem", title: "Per item" },
] as const;
type Quantity = (typeof quantities)[number]["value"];

/** How time grows with batch or size, before and after: both curves, their fits, and what each says. */
export function ResultsScaling({ result: { scaling } }: { readonly result: MeasurementComparison }) {
  if (scaling.length === 0)
    return (
      <Empty title="No scaling curves">
        A curve needs measurements whose names differ in one number, such as batch=1, batch=4, on both sides.
      </Empty>
    );
  return (
    <div className={css("curves")}>
      {scaling.slice(0, mostCurves).map((pair) => (
        <PairChart key={pair.title} pair={pair} />
      ))}
      {scaling.length <= mostCurves ? null : <p>{`${scaling.length - mostCurves} more curves are in the report.`}</p>}
    </div>
  );
}

function PairChart({ pair }: { readonly pair: ScalingPair }) {
  const isBatch = pair.axis.kind === "batch";
  const [quantity, setQuantity] = useState<Quantity>("total");
  const lines = useMemo(() => linesOf(pair, quantity), [pair, quantity]);
  const unit = chooseTimeUnit(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  return (
    <section>
      <LineChart
        title={`${pair.title}: time ${quantity === "total" ? "of a step" : "per item"} over ${pair.axisTitle}`}
        fileName={`scaling-${pair.axisTitle.replace(/\W+/g, "-")}`}
        heightPx={300}
        series={lines}
        x={{ title: pair.axisTitle, unit: plainUnit, scale: "log", ticksAtValues: true }}
        y={{ title: quantity === "total" ? "Time" : "Time per item", unit, scale: "log" }}
        {...(isBatch
          ? { tools: <Segmented label="What to show" value={quantity} options={quantities} onChange={setQuantity} /> }
          : {})}
      />
      <ul className={css("sentences")}>
        <Sentence side="Before" curve={pair.before} />
        <Sentence side="After" curve={pair.after} />
      </ul>
    </section>
  );
}

function Sentence({ side, curve: { regime, points } }: { readonly side: string; readonly curve: ScalingCurve }) {
  const excluded = points.filter((point) => point.excluded !== null);
  return (
    <li>
      <b>{`${side}: `}</b>
      {regime === null ? "too few sizes for a fit." : `${regime.title}. ${regime.sentence}`}
      {regime?.caveat == null ? "" : ` ${regime.caveat}`}
      {excluded.map((point) => ` ${point.size}: ${point.excluded ?? ""}.`)}
    </li>
  );
}

/** Measured points and fits of both sides, ns. */
export function linesOf({ axis, before, after }: ScalingPair, quantity: Quantity): readonly LineSeries[] {
  const itemsAt = (size: number): number => (quantity === "perItem" && axis.kind === "batch" ? size : 1);
  return (
    [
      ["before", before],
      ["after", after],
    ] as const
  ).flatMap(([side, { points, fit, regime }]): readonly LineSeries[] => {
    const at = (ms: number, size: number): number => (ms * msNs) / itemsAt(size);
    const measured: LineSeries = {
      id: side,
      title: side,
      role: "measured",
      color: `var(--side-${side})`,
      points: points.map(({ size, medianMs, intervalMs, count, excluded }) => ({
        x: size,
        y: at(medianMs, size),
        low: intervalMs === null ? null : at(intervalMs[0], size),
        high: intervalMs === null ? null : at(intervalMs[1], size),
        ...(count === null ? {} : { count }),
        ...(excluded === null ? {} : { excluded }),
      })),
    };
    if (fit === null || regime === null) return [measured];
    const sizes = Array.from(
      { length: fitPoints },
      (_, i) => fit.smallest * (fit.largest / fit.smallest) ** (i / (fitPoints - 1)),
    );
    const model: LineSeries = {
      id: `${side} fit`,
      title: `${side}: ${regime.title.toLowerCase()} fit`,
      partTitle: `${regime.title.toLowerCase()} fit`,
      role: "model",
      lookOf: side,
      points: sizes.map((size) => ({ x: size, y: at(predictMs(fit, regime, size), size) })),
    };
    return [measured, model];
  });
}
