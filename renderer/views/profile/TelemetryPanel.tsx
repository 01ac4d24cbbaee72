import { useMemo } from "react";
import type { CurveFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { ValueTable } from "../../../native-bench/plan/telemetry.ts";
import { formatCount, formatNumber, formatWithin, thinSpace } from "../../../traces/model/format-units.ts";
import { LineChart } from "../../charts/LineChart.tsx";
import type { LineSeries } from "../../charts/line-series.ts";
import type { CurvePoint, RunEvent, RunRecord } from "../../state/run-record.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import styles from "./TelemetryPanel.module.css";

const css = classes(styles);

/** What a session tells while it runs: curves, values with intervals, events. */
export function TelemetryPanel({ run, workload }: { readonly run: RunRecord; readonly workload: WorkloadFacts }) {
  const curves = workload.curves.filter(({ id }) => (run.curves.get(id)?.size ?? 0) > 0);
  if (curves.length === 0 && run.tables.length === 0 && run.events.length === 0)
    return <Empty title="Nothing is told yet" />;
  return (
    <div className={css("panel")}>
      {curves.map((curve) => (
        <Curve key={curve.id} curve={curve} lines={run.curves.get(curve.id) ?? new Map()} />
      ))}
      {run.tables.map((table) => (
        <Values key={table.title} table={table} />
      ))}
      {run.events.length === 0 ? null : <Events events={run.events} />}
    </div>
  );
}

const plainUnit = { symbol: "", size: 1 };

function Curve({
  curve,
  lines,
}: {
  readonly curve: CurveFacts;
  readonly lines: ReadonlyMap<string, readonly CurvePoint[]>;
}) {
  const series = useMemo<readonly LineSeries[]>(
    () =>
      [...lines].map(([title, points]) => ({
        id: title,
        title,
        role: "model",
        points: points.map(([x, y]) => ({ x, y })),
      })),
    [lines],
  );
  const axis = { unit: plainUnit, scale: "linear" } as const;
  return (
    <div className={css("curve")}>
      <LineChart
        title={curve.title}
        fileName={curve.id}
        heightPx={220}
        series={series}
        x={{ ...axis, title: curve.xLabel }}
        y={{ ...axis, title: curve.yLabel, scale: curve.logarithmic ? "log" : "linear" }}
      />
    </div>
  );
}

function Values({ table }: { readonly table: ValueTable }) {
  return (
    <table className={css("values")}>
      <caption>{table.title}</caption>
      <tbody>
        {table.rows.map(({ label, value, low, high, unit }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              {formatWithin(value, low === null || high === null ? null : (high - low) / 2)}
              {unit === "" ? "" : `${thinSpace}${unit}`}
            </td>
            <td className={css("interval")}>
              {low === null || high === null
                ? ""
                : `[${formatWithin(low, (high - low) / 2)}, ${formatWithin(high, (high - low) / 2)}]`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const factWords = (value: number | string): string =>
  typeof value === "string" ? value : Number.isInteger(value) ? formatCount(value) : formatNumber(value);

function Events({ events }: { readonly events: readonly RunEvent[] }) {
  return (
    <section className={css("events")} aria-label="Events">
      <h3>Events</h3>
      <ul>
        {events.map((event, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- events only ever come at the end
          <li key={index}>
            <b>{event.name}</b>{" "}
            {Object.entries(event.facts)
              .map(([key, value]) => `${key} ${factWords(value)}`)
              .join(", ")}
          </li>
        ))}
      </ul>
    </section>
  );
}
