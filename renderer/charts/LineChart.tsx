import { type KeyboardEvent, type MouseEvent, useMemo, useState } from "react";
import { formatNumber, thinSpace } from "../../traces/model/format-units.ts";
import { useAppStore } from "../state/store.ts";
import { classes } from "../ui/css.ts";
import { BottomAxis, LeftAxis } from "./Axis.tsx";
import type { ChartAxis } from "./axis.ts";
import { ChartFrame, type ChartFrameProps, type ChartSize } from "./ChartFrame.tsx";
import styles from "./LineChart.module.css";
import {
  type LineLayout,
  layoutLines,
  type PlacedPoint,
  type PlacedSeries,
  pointNear,
  walkPoints,
} from "./line-layout.ts";
import { isHollow, isPlainLine, legendOf, type LinePoint, type LineSeries, lineTable } from "./line-series.ts";
import { Mark } from "./marks.tsx";

const css = classes(styles);
const reachPx = 28;
const tooltipPx = 260;

export interface LineChartProps extends Pick<
  ChartFrameProps,
  "title" | "about" | "fileName" | "heightPx" | "tools" | "legendPlace"
> {
  readonly series: readonly LineSeries[];
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Click or Enter on a point. */
  readonly onChoose?: (series: LineSeries, point: LinePoint) => void;
  /** Series switched off at first. */
  readonly hiddenAtFirst?: readonly string[];
}

/** Curves with interval bands. The legend switches series; pointer and arrows read points out, Enter chooses. */
export function LineChart(props: LineChartProps) {
  const { series, x, y, hiddenAtFirst = [] } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(hiddenAtFirst));
  const table = useMemo(() => lineTable(series, x, y), [series, x, y]);
  const toggle = (id: string): void => {
    // A fit without its points says nothing: it goes and comes with them.
    const models = series.filter(({ lookOf }) => lookOf === id).map((model) => model.id);
    const next = new Set(hidden);
    for (const each of [id, ...models]) {
      if (hidden.has(id)) next.delete(each);
      else next.add(each);
    }
    setHidden(next);
  };
  return (
    <ChartFrame {...props} table={table} legend={legendOf(series)} hidden={hidden} onToggle={toggle}>
      {(size) => <Plot chart={props} hidden={hidden} size={size} />}
    </ChartFrame>
  );
}

interface PlotProps {
  readonly chart: LineChartProps;
  readonly hidden: ReadonlySet<string>;
  readonly size: ChartSize;
}

function Plot({ chart, hidden, size }: PlotProps) {
  const store = useAppStore();
  const { series, x, y, title, onChoose } = chart;
  const layout = useMemo(() => layoutLines(series, hidden, { x, y }, size), [series, hidden, x, y, size]);
  const [place, setPlace] = useState<{ readonly of: LineLayout; readonly point: PlacedPoint } | null>(null);
  const pointed = place?.of === layout ? place.point : null;
  const seriesOf = (point: PlacedPoint): LineSeries | undefined => layout.series[point.series]?.series;

  const handleMove = (event: MouseEvent<SVGSVGElement>): void => {
    const near = pointUnder(event, layout);
    setPlace(near === null ? null : { of: layout, point: near });
  };
  const choose = (point: PlacedPoint): void => {
    const own = seriesOf(point);
    if (own !== undefined) onChoose?.(own, point.point);
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = walkPoints(layout, pointed, event.key);
    if (next !== null) {
      setPlace({ of: layout, point: next });
      store.getState().announce(`${seriesOf(next)?.title ?? ""}, ${pointWords(next.point, x, y)}`);
    } else if (event.key === "Enter" && pointed !== null && onChoose !== undefined) choose(pointed);
    else if (event.key === "Escape" && pointed !== null) setPlace(null);
    else return;
    event.preventDefault();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application handles its own keys
    <div
      className={css("plot")}
      role="application"
      aria-label={`${title}. Arrows walk the points${onChoose === undefined ? "" : ", Enter opens"}. “Show as table” gives all numbers.`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={handleKey}
    >
      <svg
        data-chart
        viewBox={`0 0 ${size.widthPx} ${size.heightPx}`}
        width={size.widthPx}
        height={size.heightPx}
        className={css(pointed !== null && onChoose !== undefined && "choosable")}
        onPointerMove={handleMove}
        onPointerLeave={() => setPlace(null)}
        onClick={(event) => {
          const near = pointUnder(event, layout);
          if (near !== null) choose(near);
        }}
        aria-hidden
      >
        <LeftAxis placed={layout.y} area={layout.area} />
        <BottomAxis placed={layout.x} area={layout.area} />
        {layout.series.map((placed) => (
          <SeriesMarks
            key={placed.series.id}
            placed={placed}
            isFaint={pointed !== null && seriesOf(pointed) !== placed.series}
          />
        ))}
        {layout.leftOut === 0 ? null : (
          <text x={layout.area.rightPx} y={14} textAnchor="end" fontSize={11} fill="var(--text-faint)">
            {`${layout.leftOut} ${layout.leftOut === 1 ? "point" : "points"} at or below 0 not on the log axis`}
          </text>
        )}
        {pointed === null ? null : (
          <g data-screen-only stroke="var(--selection)" fill="none">
            <line
              x1={pointed.xPx}
              x2={pointed.xPx}
              y1={layout.area.topPx}
              y2={layout.area.bottomPx}
              strokeDasharray="2 3"
              opacity={0.6}
            />
            <circle cx={pointed.xPx} cy={pointed.yPx} r={8} strokeWidth={1.5} />
          </g>
        )}
      </svg>
      {pointed === null ? null : <ReadOut pointed={pointed} series={seriesOf(pointed)} chart={chart} size={size} />}
    </div>
  );
}

function SeriesMarks({ placed, isFaint }: { readonly placed: PlacedSeries; readonly isFaint: boolean }) {
  const { series, look, points, linePath, bandPath, whiskers } = placed;
  const isModel = isPlainLine(series.role);
  return (
    <g opacity={isFaint ? 0.45 : 1}>
      {bandPath === null ? null : <path d={bandPath} fill={look.color} opacity={0.16} />}
      {linePath === null ? null : (
        <path
          d={linePath}
          fill="none"
          stroke={look.color}
          strokeWidth={isModel ? 1.5 : 1.75}
          {...(look.dash === undefined ? {} : { strokeDasharray: look.dash })}
        />
      )}
      {bandPath !== null ? null : (
        <g stroke={look.color} strokeWidth={1.25}>
          {whiskers.map(({ xPx, lowPx, highPx }) => (
            <path key={xPx} d={`M${xPx},${lowPx}V${highPx}M${xPx - 3},${lowPx}h6M${xPx - 3},${highPx}h6`} />
          ))}
        </g>
      )}
      {isModel
        ? null
        : points.map((point) => (
            <Mark
              key={point.index}
              shape={look.shape}
              xPx={point.xPx}
              yPx={point.yPx}
              color={look.color}
              isHollow={isHollow(series.role) || point.point.excluded !== undefined}
            />
          ))}
    </g>
  );
}

function ReadOut({
  pointed,
  series,
  chart,
  size,
}: {
  readonly pointed: PlacedPoint;
  readonly series: LineSeries | undefined;
  readonly chart: LineChartProps;
  readonly size: ChartSize;
}) {
  const isRight = pointed.xPx + 16 + tooltipPx > size.widthPx;
  return (
    <div
      className={css("readOut")}
      style={{
        ...(isRight ? { right: size.widthPx - pointed.xPx + 14 } : { left: pointed.xPx + 14 }),
        top: Math.max(0, Math.min(pointed.yPx - 12, size.heightPx - 96)),
        maxWidth: tooltipPx,
      }}
    >
      <strong>{series?.title}</strong>
      {series?.note === undefined ? null : <span className={css("soft")}>{series.note}</span>}
      <span>{pointWords(pointed.point, chart.x, chart.y)}</span>
      {pointed.point.label === undefined ? null : <span className={css("soft")}>{pointed.point.label}</span>}
      {pointed.point.excluded === undefined ? null : <span className={css("soft")}>{pointed.point.excluded}</span>}
    </div>
  );
}

/** "batch 4: 2.01 ms [1.98, 2.05], n = 20". */
export function pointWords(point: LinePoint, x: ChartAxis, y: ChartAxis): string {
  const count = point.count === undefined ? "" : `, n = ${point.count}`;
  const unit = (axis: ChartAxis): string => (axis.unit.symbol === "" ? "" : `${thinSpace}${axis.unit.symbol}`);
  const number = (value: number, axis: ChartAxis): string =>
    axis.unit.symbol === "" && Number.isInteger(value) ? String(value) : formatNumber(value / axis.unit.size);
  const interval =
    point.low == null || point.high == null ? "" : ` [${number(point.low, y)}, ${number(point.high, y)}]`;
  return `${x.title.toLowerCase()} ${number(point.x, x)}${unit(x)}: ${number(point.y, y)}${unit(y)}${interval}${count}`;
}

function pointUnder(event: MouseEvent<SVGSVGElement>, layout: LineLayout): PlacedPoint | null {
  const box = event.currentTarget.getBoundingClientRect();
  return pointNear(layout, event.clientX - box.left, event.clientY - box.top, reachPx);
}
