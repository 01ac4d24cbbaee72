import { useMemo, useState } from "react";
import type { LaunchMetric } from "../../../../traces/model/launch-table.ts";
import {
  formatBytes,
  formatByteRate,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
} from "../../../../traces/model/format-units.ts";
import { NotCollected } from "../../../dock/FactList.tsx";
import { useEngineQuery } from "../../../state/use-engine-query.ts";
import { classes } from "../../../ui/css.ts";
import { DataGrid, type GridColumn } from "../../../ui/DataGrid.tsx";
import { Empty } from "../../../ui/Empty.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import styles from "./LaunchesPane.module.css";

const css = classes(styles);

interface MetricRow {
  readonly metric: LaunchMetric;
  readonly value: number | string | null;
}

interface MetricListProps {
  readonly trace: string;
  readonly launch: number;
  readonly metrics: readonly LaunchMetric[];
}

/** All metrics of one kernel by section, those of no section last; narrowed by a word. */
export function MetricList({ trace, launch, metrics }: MetricListProps) {
  const [word, setWord] = useState("");
  const { reply, error } = useEngineQuery("launch.metrics", { trace, launch });
  const rows = useMemo(() => toRows(metrics, reply?.values ?? [], word), [metrics, reply, word]);
  if (error !== null) return <Empty title="The metrics could not be read">{error}</Empty>;
  return (
    <div className={css("metrics")}>
      <div className={css("search")}>
        <SearchField
          label="Narrow the metrics"
          placeholder={`Search ${formatCounted(metrics.length, "metric")}`}
          value={word}
          onChange={setWord}
        />
      </div>
      <div className={css("list")}>
        {rows.length === 0 ? (
          <Empty title="No metric">No name or section contains “{word}”.</Empty>
        ) : (
          <DataGrid
            label="Metrics of the selected kernel"
            columns={columns}
            rowCount={rows.length}
            rowAt={(index) => rows[index] ?? null}
            current={null}
            onCurrent={() => undefined}
          />
        )}
      </div>
    </div>
  );
}

function toRows(
  metrics: readonly LaunchMetric[],
  values: readonly (number | string | null)[],
  word: string,
): readonly MetricRow[] {
  const wanted = word.trim().toLowerCase();
  const rows = metrics
    .map((metric, index) => ({ metric, value: values[index] ?? null }))
    .filter(({ metric }) => `${metric.section} ${metric.label} ${metric.id}`.toLowerCase().includes(wanted));
  // Sections together, in the order in which the file begins them; the counters of none behind them.
  const sections = new Map<string, number>();
  for (const { metric } of rows)
    if (metric.section !== "" && !sections.has(metric.section)) sections.set(metric.section, sections.size);
  const placeOf = ({ metric }: MetricRow): number => sections.get(metric.section) ?? sections.size;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

const columns: readonly GridColumn<MetricRow>[] = [
  { id: "section", title: "Section", align: "start", widthPx: 190, cell: ({ metric }) => metric.section },
  { id: "label", title: "Metric", align: "start", cell: ({ metric }) => <span title={metric.id}>{metric.label}</span> },
  {
    id: "value",
    title: "Value",
    align: "end",
    widthPx: 130,
    cell: ({ metric, value }) => (value === null ? <NotCollected /> : formatMetric(value, metric.unit)),
  },
];

/** A value in its unit; units that are known are scaled. */
export function formatMetric(value: number | string, unit: string): string {
  if (typeof value === "string") return value;
  switch (unit) {
    case "ns":
      return formatDuration(value);
    case "byte":
      return formatBytes(value);
    case "byte/s":
      return formatByteRate(value);
    case "Hz":
      return value >= 1e9 ? `${formatNumber(value / 1e9)} GHz` : `${formatNumber(value / 1e6)} MHz`;
    case "":
      return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
    default:
      return `${formatNumber(value)} ${unit}`;
  }
}
