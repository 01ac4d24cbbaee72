import { useMemo } from "react";
import { formatInUnit, thinSpace } from "../../traces/model/format-units.ts";
import { BottomAxis, LeftAxis, type PlotArea } from "./Axis.tsx";
import { type ChartAxis, placeAxis, type PlacedAxis } from "./axis.ts";
import type { ChartTable } from "./chart-table.ts";
import { ChartFrame, type ChartFrameProps, type ChartSize } from "./ChartFrame.tsx";
import { type EcdfStep, ecdfOf, quantile, type SampleGroup } from "./distribution.ts";
import { plotAreaOf } from "./plot-area.ts";

export interface DistributionChartProps extends Pick<ChartFrameProps, "title" | "fileName" | "heightPx" | "tools"> {
  readonly groups: readonly SampleGroup[];
  readonly x: ChartAxis;
  /** Unit of the values as given, for the table. */
  readonly baseUnit: string;
}

/** The first of the groups, so that two can be told apart without their colors. */
const firstDash = "5 3";

/** Which part of the values is at most x, one stepped line a group; a dot marks the median. */
export function EcdfChart(props: DistributionChartProps) {
  const { groups, baseUnit } = props;
  const steps = useMemo(() => groups.map((group) => ecdfOf(group.values)), [groups]);
  const table = useMemo(() => ecdfTable(groups, steps, baseUnit), [groups, steps, baseUnit]);
  return (
    <ChartFrame
      {...props}
      table={table}
      legend={groups.map(({ id, title, color, values }, index) => ({
        id,
        title,
        color,
        sign: "line",
        ...(index === 0 ? { dash: firstDash } : {}),
        note: `n = ${values.length}`,
      }))}
    >
      {(size) => <EcdfPlot chart={props} steps={steps} size={size} />}
    </ChartFrame>
  );
}

interface EcdfPlotProps {
  readonly chart: DistributionChartProps;
  readonly steps: readonly (readonly EcdfStep[])[];
  readonly size: ChartSize;
}

function EcdfPlot({ chart, steps, size }: EcdfPlotProps) {
  const area = plotAreaOf(size);
  const all = steps.flatMap((group) => group.map((step) => step.value));
  const x = placeAxis(chart.x, all, { fromPx: area.leftPx, toPx: area.rightPx, tickPx: 72 }, { fromZero: false });
  const y = placeShare(area);
  return (
    <svg
      data-chart
      viewBox={`0 0 ${size.widthPx} ${size.heightPx}`}
      width={size.widthPx}
      height={size.heightPx}
      role="img"
      aria-label={`${chart.title}: ${chart.groups.map((group) => medianWords(group, chart.x)).join("; ")}`}
    >
      <LeftAxis placed={y} area={area} />
      <BottomAxis placed={x} area={area} />
      {chart.groups.map((group, index) => (
        <EcdfLine
          key={group.id}
          group={group}
          steps={steps[index] ?? []}
          x={x}
          y={y}
          area={area}
          isFirst={index === 0}
        />
      ))}
    </svg>
  );
}

function EcdfLine({
  group,
  steps,
  x,
  y,
  area,
  isFirst,
}: {
  readonly group: SampleGroup;
  readonly steps: readonly EcdfStep[];
  readonly x: PlacedAxis;
  readonly y: PlacedAxis;
  readonly area: PlotArea;
  readonly isFirst: boolean;
}) {
  if (steps.length === 0) return null;
  const place = (axis: PlacedAxis, value: number): number => axis.toPx(value) ?? 0;
  const path = steps.map((step) => `H${place(x, step.value)}V${place(y, step.share)}`).join("");
  const medianPx = place(x, quantile(Float64Array.from(group.values).sort(), 0.5));
  return (
    <g>
      <path
        d={`M${area.leftPx},${area.bottomPx}${path}H${area.rightPx}`}
        fill="none"
        stroke={group.color}
        strokeWidth={1.75}
        strokeLinejoin="round"
        {...(isFirst ? { strokeDasharray: firstDash } : {})}
      />
      <circle
        cx={medianPx}
        cy={place(y, 0.5)}
        r={4.5}
        fill={group.color}
        stroke="var(--surface-panel)"
        strokeWidth={1.5}
      />
    </g>
  );
}

function placeShare(area: PlotArea): PlacedAxis {
  return placeAxis({ title: "Part of the values", unit: { symbol: "%", size: 0.01 }, scale: "linear" }, [0, 1], {
    fromPx: area.bottomPx,
    toPx: area.topPx,
    tickPx: 36,
  });
}

/** "before: median 12.4 ms, n = 20". */
export function medianWords(group: SampleGroup, x: ChartAxis): string {
  if (group.values.length === 0) return `${group.title}: no values`;
  const median = quantile(Float64Array.from(group.values).sort(), 0.5);
  const unit = x.unit.symbol === "" ? "" : `${thinSpace}${x.unit.symbol}`;
  return `${group.title}: median ${formatInUnit(median, x.unit)}${unit}, n = ${group.values.length}`;
}

function ecdfTable(
  groups: readonly SampleGroup[],
  steps: readonly (readonly EcdfStep[])[],
  baseUnit: string,
): ChartTable {
  return {
    columns: [
      { title: "Group", align: "start" },
      { title: `Value, ${baseUnit}`, align: "end" },
      { title: "Part at or below", align: "end" },
    ],
    rows: groups.flatMap((group, index) => (steps[index] ?? []).map((step) => [group.title, step.value, step.share])),
  };
}
