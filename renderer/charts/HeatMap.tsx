import { useMemo } from "react";
import { ChartFrame, type ChartFrameProps } from "./ChartFrame.tsx";
import type { ChartTable } from "./chart-table.ts";
import { truncateMiddle } from "./text.ts";

export interface HeatMapProps extends Pick<ChartFrameProps, "title" | "fileName" | "tools"> {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly title: string; readonly values: readonly (number | null)[] }[];
  /** What a value is, with its unit: "Time per item, ms". */
  readonly valueTitle: string;
  /** The number inside a cell. */
  readonly format: (value: number) => string;
}

const rowPx = 26;
const headPx = 24;
const titlePx = 168;
const letterPx = 6.3;

/**
 * Values as shades of one color, darker = more, logarithmic where the largest is over 100 times the smallest. Every
 * cell has its number too; what was not measured is said in words.
 */
export function HeatMap(props: HeatMapProps) {
  const { columns, rows, valueTitle } = props;
  const table = useMemo(
    (): ChartTable => ({
      columns: [{ title: valueTitle, align: "start" }, ...columns.map((title) => ({ title, align: "end" as const }))],
      rows: rows.map((row) => [row.title, ...row.values]),
    }),
    [columns, rows, valueTitle],
  );
  return (
    <ChartFrame {...props} table={table} heightPx={headPx + rows.length * rowPx}>
      {({ widthPx }) => <Cells chart={props} widthPx={widthPx} />}
    </ChartFrame>
  );
}

function Cells({ chart, widthPx }: { readonly chart: HeatMapProps; readonly widthPx: number }) {
  const { columns, rows, title, valueTitle, format } = chart;
  const heightPx = headPx + rows.length * rowPx;
  const cellPx = Math.max(24, (widthPx - titlePx) / Math.max(1, columns.length));
  const shade = shadeOf(rows.flatMap((row) => row.values));
  return (
    <svg
      data-chart
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      width={widthPx}
      height={heightPx}
      role="img"
      aria-label={`${title}: ${valueTitle}, ${rows.length} × ${columns.length} cells`}
    >
      <g fontSize={11} fill="var(--text-soft)" textAnchor="middle">
        {columns.map((column, index) => (
          <text key={column} x={titlePx + (index + 0.5) * cellPx} y={14}>
            {truncateMiddle(column, Math.floor(cellPx / letterPx))}
          </text>
        ))}
      </g>
      {rows.map((row, line) => {
        const topPx = headPx + line * rowPx;
        return (
          <g key={row.title} fontSize={12}>
            <text x={0} y={topPx + rowPx / 2} dy="0.34em" fill="var(--text)">
              <title>{row.title}</title>
              {truncateMiddle(row.title, Math.floor((titlePx - 10) / letterPx))}
            </text>
            {columns.map((column, index) => {
              const value = row.values[index] ?? null;
              const level = value === null ? 0 : shade(value);
              return (
                <g key={column}>
                  <rect
                    x={titlePx + index * cellPx}
                    y={topPx}
                    width={cellPx - 1}
                    height={rowPx - 1}
                    fill={value === null ? "var(--surface-raised)" : `var(--shade-${level})`}
                  />
                  <text
                    x={titlePx + (index + 0.5) * cellPx}
                    y={topPx + rowPx / 2}
                    dy="0.34em"
                    textAnchor="middle"
                    fill={value === null ? "var(--text-faint)" : level >= 3 ? "var(--on-shade)" : "var(--text)"}
                  >
                    <title>{`${row.title}, ${column}: ${value === null ? "not collected" : format(value)}`}</title>
                    {value === null ? "–" : format(value)}
                  </text>
                </g>
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}

const shadeCount = 5;

/** 0 (least) to 4 (most). */
export function shadeOf(values: readonly (number | null)[]): (value: number) => number {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  const isLog = low > 0 && high > 100 * low;
  const place = (value: number): number => (isLog ? Math.log(value) : value);
  const range = place(high) - place(low);
  return (value) =>
    range <= 0 ? 0 : Math.min(shadeCount - 1, Math.floor(((place(value) - place(low)) / range) * shadeCount));
}
