import { useMemo } from "react";
import type { LaunchList } from "../../../../electron/contract/nsight-contract.ts";
import { formatCounted } from "../../../../traces/model/format-units.ts";
import type { ChartAxis } from "../../../charts/axis.ts";
import { LineChart } from "../../../charts/LineChart.tsx";
import { classes } from "../../../ui/css.ts";
import { Empty } from "../../../ui/Empty.tsx";
import styles from "./LaunchesPane.module.css";
import { placeable, rooflineSeries } from "./roofline-series.ts";

const css = classes(styles);

const intensity: ChartAxis = { title: "Arithmetic intensity", unit: { symbol: "FLOP/B", size: 1 }, scale: "log" };
const performance: ChartAxis = { title: "Performance", unit: { symbol: "GFLOP/s", size: 1e9 }, scale: "log" };

interface RooflineChartProps {
  readonly list: LaunchList;
  readonly fileName: string;
  readonly onChoose: (launch: number) => void;
}

/** Work per byte against work per second, below what the device can do. */
export function RooflineChart({ list, fileName, onChoose }: RooflineChartProps) {
  const series = useMemo(() => rooflineSeries(list), [list]);
  const placed = useMemo(() => new Set(placeable(list).map(({ launch }) => launch)), [list]);
  if (list.roofline.length === 0)
    return (
      <Empty title="No roofline">
        The counters of floating-point work and memory traffic were not collected. Record with{" "}
        <code>--section SpeedOfLight_RooflineChart</code> or <code>--set full</code>.
      </Empty>
    );
  if (series.length === 0)
    return (
      <Empty title="No roofline">
        None of these kernels executed floating-point instructions of half, single or double precision outside tensor
        cores.
      </Empty>
    );
  const missing = list.launches.length - placed.size;
  return (
    <div className={css("chart")}>
      <LineChart
        title="Roofline"
        fileName={`${fileName}-roofline`}
        heightPx={320}
        series={series}
        x={intensity}
        y={performance}
        onChoose={(_series, point) => {
          const launch = Number.parseInt(point.label ?? "", 10) - 1;
          if (launch >= 0) onChoose(launch);
        }}
      />
      {missing > 0 ? (
        <p>{formatCounted(missing, "kernel")} without floating-point work or counters, not shown.</p>
      ) : null}
    </div>
  );
}
