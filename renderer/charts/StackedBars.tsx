import { useId } from "react";
import { formatInUnit, formatShare, thinSpace, type Unit } from "../../traces/model/format-units.ts";
import { placeAxis } from "./axis.ts";
import { ChartFrame, type ChartFrameProps } from "./ChartFrame.tsx";
import type { ChartTable } from "./chart-table.ts";
import { HatchDefs } from "./Hatch.tsx";
import { truncateMiddle } from "./text.ts";

/** What one part of every bar stands for. */
export interface BarPart {
  readonly id: string;
  readonly title: string;
  /** CSS color, a token as `var(--name)`. */
  readonly color: string;
  /** Hatched: nothing happens here. */
  readonly isIdle?: boolean;
}

export interface StackedBar {
  readonly id: string;
  readonly title: string;
  /** One value a part, in ns, in the order of the parts. */
  readonly valuesNs: readonly number[];
}

export interface StackedBarsProps extends Pick<ChartFrameProps, "title" | "fileName" | "tools"> {
  readonly parts: readonly BarPart[];
  readonly bars: readonly StackedBar[];
  readonly unit: Unit;
}

const rowPx = 40;
const barPx = 24;
const titlePx = 92;
const totalPx = 84;
const headPx = 20;
const letterPx = 6.4;

/** Horizontal bars on one scale, each cut into the same parts. */
export function StackedBars(props: StackedBarsProps) {
  const { parts, bars } = props;
  return (
    <ChartFrame
      {...props}
      table={stackedTable(parts, bars)}
      legend={parts.map(({ id, title, color, isIdle }) => ({
        id,
        title,
        color,
        sign: isIdle === true ? "hatch" : "area",
      }))}
      heightPx={headPx + bars.length * rowPx}
    >
      {({ widthPx }) => <Bars chart={props} widthPx={widthPx} />}
    </ChartFrame>
  );
}

function Bars({ chart, widthPx }: { readonly chart: StackedBarsProps; readonly widthPx: number }) {
  const { parts, bars, unit, title } = chart;
  const hatchId = useId();
  const heightPx = headPx + bars.length * rowPx;
  const axis = placeAxis({ title: "", unit, scale: "linear" }, bars.map(totalOf), {
    fromPx: titlePx,
    toPx: Math.max(titlePx + 60, widthPx - totalPx),
    tickPx: 84,
  });
  return (
    <svg
      data-chart
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      width={widthPx}
      height={heightPx}
      role="img"
      aria-label={`${title}: ${bars.map((bar) => `${bar.title} ${formatInUnit(totalOf(bar), unit)} ${unit.symbol}`).join(", ")}`}
    >
      {parts.map((part) =>
        part.isIdle === true ? <HatchDefs key={part.id} id={`${hatchId}-${part.id}`} color={part.color} /> : null,
      )}
      <g fontSize={11} fill="var(--text-soft)" textAnchor="middle">
        {axis.ticks.map((tick) => (
          <g key={tick.px}>
            <line x1={tick.px} x2={tick.px} y1={headPx - 3} y2={heightPx} stroke="var(--grid)" />
            <text x={tick.px} y={12}>
              {tick.text}
            </text>
          </g>
        ))}
      </g>
      {bars.map((bar, index) => {
        const middlePx = headPx + index * rowPx + rowPx / 2;
        return (
          <g key={bar.id}>
            <text x={titlePx - 10} y={middlePx} dy="0.34em" fontSize={12.5} textAnchor="end" fill="var(--text)">
              {truncateMiddle(bar.title, Math.floor((titlePx - 14) / letterPx))}
            </text>
            <BarSegments
              bar={bar}
              chart={chart}
              hatchId={hatchId}
              middlePx={middlePx}
              toPx={(ns) => axis.toPx(ns) ?? titlePx}
            />
            <text x={widthPx - totalPx + 8} y={middlePx} dy="0.34em" fontSize={12.5} fill="var(--text)">
              {`${formatInUnit(totalOf(bar), unit)}${thinSpace}${unit.symbol}`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function BarSegments({
  bar,
  chart: { parts, unit },
  hatchId,
  middlePx,
  toPx,
}: {
  readonly bar: StackedBar;
  readonly chart: StackedBarsProps;
  readonly hatchId: string;
  readonly middlePx: number;
  readonly toPx: (ns: number) => number;
}) {
  let reachedNs = 0;
  return parts.map((part, index) => {
    const valueNs = bar.valuesNs[index] ?? 0;
    const fromPx = toPx(reachedNs);
    reachedNs += valueNs;
    const partPx = toPx(reachedNs) - fromPx;
    if (partPx <= 0) return null;
    return (
      <rect
        key={part.id}
        x={fromPx}
        y={middlePx - barPx / 2}
        width={Math.max(0.5, partPx - 1)}
        height={barPx}
        fill={part.isIdle === true ? `url(#${hatchId}-${part.id}-removed)` : part.color}
      >
        <title>{`${bar.title}, ${part.title}: ${formatInUnit(valueNs, unit)} ${unit.symbol}, ${formatShare(valueNs / totalOf(bar))}`}</title>
      </rect>
    );
  });
}

const totalOf = (bar: StackedBar): number => bar.valuesNs.reduce((sum, value) => sum + value, 0);

/** A row a part, a column a bar. */
export function stackedTable(parts: readonly BarPart[], bars: readonly StackedBar[]): ChartTable {
  return {
    columns: [
      { title: "Part", align: "start" },
      ...bars.map((bar) => ({ title: `${bar.title}, ns`, align: "end" as const })),
    ],
    rows: parts.map((part, index) => [part.title, ...bars.map((bar) => bar.valuesNs[index] ?? 0)]),
  };
}
