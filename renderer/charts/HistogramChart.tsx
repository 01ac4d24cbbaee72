import { useMemo } from "react";
import type { ChartTable } from "./chart-table.ts";
import { BottomAxis, LeftAxis } from "./Axis.tsx";
import { placeAxis } from "./axis.ts";
import { ChartFrame, type ChartSize } from "./ChartFrame.tsx";
import { type Bins, binsOf, type SampleGroup } from "./distribution.ts";
import { type DistributionChartProps, medianWords } from "./EcdfChart.tsx";
import { plotAreaOf } from "./plot-area.ts";

/** How often values fall into common bins. The first group is an outline, later ones are filled, so both show where they meet. */
export function HistogramChart(props: DistributionChartProps) {
  const { groups, baseUnit } = props;
  const bins = useMemo(() => binsOf(groups.map((group) => group.values)), [groups]);
  const table = useMemo(() => histogramTable(groups, bins, baseUnit), [groups, bins, baseUnit]);
  return (
    <ChartFrame
      {...props}
      table={table}
      legend={groups.map(({ id, title, color, values }, index) => ({
        id,
        title,
        color,
        sign: index === 0 ? "hatch" : "area",
        note: `n = ${values.length}`,
      }))}
    >
      {(size) => <HistogramPlot chart={props} bins={bins} size={size} />}
    </ChartFrame>
  );
}

function HistogramPlot({
  chart,
  bins,
  size,
}: {
  readonly chart: DistributionChartProps;
  readonly bins: Bins;
  readonly size: ChartSize;
}) {
  const area = plotAreaOf(size);
  const x = placeAxis(
    chart.x,
    bins.edges,
    { fromPx: area.leftPx, toPx: area.rightPx, tickPx: 72 },
    { fromZero: false },
  );
  // Shares, so that groups of different size can be compared.
  const shares = bins.counts.map((counts, index) => {
    const all = chart.groups[index]?.values.length ?? 0;
    return counts.map((count) => (all === 0 ? 0 : count / all));
  });
  const y = placeAxis(
    { title: "Part of the values", unit: { symbol: "%", size: 0.01 }, scale: "linear" },
    shares.flat(),
    { fromPx: area.bottomPx, toPx: area.topPx, tickPx: 36 },
  );
  const edge = (index: number): number => x.toPx(bins.edges[index] ?? 0) ?? area.leftPx;
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
      {shares
        .map((parts, index) => ({ parts, group: chart.groups[index], isOutline: index === 0 }))
        .toReversed()
        .map(({ parts, group, isOutline }) => (
          <g key={group?.id}>
            {parts.map((part, bin) => {
              if (part === 0) return null;
              const topPx = y.toPx(part) ?? area.bottomPx;
              const leftPx = edge(bin);
              return (
                <rect
                  key={bins.edges[bin]}
                  x={leftPx + 0.5}
                  y={topPx}
                  width={Math.max(1, edge(bin + 1) - leftPx - 1)}
                  height={area.bottomPx - topPx}
                  fill={isOutline ? "none" : group?.color}
                  opacity={isOutline ? 1 : 0.75}
                  stroke={group?.color}
                  strokeWidth={isOutline ? 1.75 : 0}
                  {...(isOutline ? { strokeDasharray: "4 2" } : {})}
                />
              );
            })}
          </g>
        ))}
    </svg>
  );
}

function histogramTable(groups: readonly SampleGroup[], bins: Bins, baseUnit: string): ChartTable {
  const unit = baseUnit === "" ? "" : `, ${baseUnit}`;
  return {
    columns: [
      { title: `From${unit}`, align: "end" },
      { title: `To${unit}`, align: "end" },
      ...groups.map((group) => ({ title: group.title, align: "end" as const })),
    ],
    rows: bins.edges
      .slice(0, -1)
      .map((edge, bin) => [edge, bins.edges[bin + 1] ?? edge, ...bins.counts.map((counts) => counts[bin] ?? 0)]),
  };
}
