/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows of a drawing are no HTML options */
import { type KeyboardEvent, useId, useMemo } from "react";
import { formatInUnit, thinSpace, type Unit } from "../../traces/model/format-units.ts";
import { signedInUnit, toneColor, toneSign } from "./change.ts";
import { ChartFrame, type ChartFrameProps } from "./ChartFrame.tsx";
import type { ChartTable } from "./chart-table.ts";
import { HatchDefs } from "./Hatch.tsx";
import type { LegendEntry } from "./legend.ts";
import { truncateMiddle } from "./text.ts";
import {
  layoutWaterfall,
  type PlacedBar,
  waterfallHeadPx,
  waterfallRowPx,
  type WaterfallRow,
} from "./waterfall-layout.ts";

const barPx = 16;
const titleLetterPx = 7.3;

export interface WaterfallProps extends Pick<ChartFrameProps, "title" | "fileName" | "tools"> {
  readonly rows: readonly WaterfallRow[];
  readonly unit: Unit;
  readonly selected: string | null;
  /** Click, or an arrow key on the list. */
  readonly onSelect: (id: string) => void;
}

const tones: readonly LegendEntry[] = [
  { id: "slower", title: "▲ slower", color: "var(--compare-slower)", sign: "area" },
  { id: "faster", title: "▼ faster", color: "var(--compare-faster)", sign: "area" },
  { id: "even", title: "· not significant", color: "var(--compare-even)", sign: "area" },
];

/** From before to after, cause by cause; the last bar stands where the sum of all changes leads. */
export function Waterfall(props: WaterfallProps) {
  const { rows, unit, selected, onSelect, title } = props;
  const heightPx = layoutWaterfall(rows, unit, 800).heightPx;
  const handleKey = (event: KeyboardEvent): void => {
    const at = rows.findIndex((row) => row.id === selected);
    const target = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: rows.length - 1 }[event.key];
    const row = target === undefined ? undefined : rows[Math.min(rows.length - 1, target)];
    if (row === undefined) return;
    event.preventDefault();
    onSelect(row.id);
  };
  return (
    <ChartFrame
      {...props}
      table={useMemo(() => waterfallTable(rows), [rows])}
      legend={legendOf(rows)}
      heightPx={heightPx}
    >
      {({ widthPx }) => (
        <WaterfallBars
          rows={rows}
          unit={unit}
          widthPx={widthPx}
          label={title}
          selected={selected}
          onSelect={onSelect}
          onKeyDown={handleKey}
        />
      )}
    </ChartFrame>
  );
}

/** The tones that occur. Grey changes without any interval were not tested. */
function legendOf(rows: readonly WaterfallRow[]): readonly LegendEntry[] {
  const changes = rows.filter((row) => row.kind === "change");
  const isTested = changes.some((row) => row.lowNs != null);
  return tones
    .filter(({ id }) => changes.some((row) => row.tone === id))
    .map((entry) => (entry.id === "even" && !isTested ? { ...entry, title: "· not tested" } : entry));
}

/** All rows in ns. */
export function waterfallTable(rows: readonly WaterfallRow[]): ChartTable {
  return {
    columns: [
      { title: "Row", align: "start" },
      { title: "Level, ns", align: "end" },
      { title: "Change, ns", align: "end" },
      { title: "Low, ns", align: "end" },
      { title: "High, ns", align: "end" },
      { title: "Note", align: "start" },
    ],
    rows: rows.map((row) =>
      row.kind === "total"
        ? [row.title, row.valueNs, "", "", "", ""]
        : [
            row.title,
            "",
            row.deltaNs,
            row.lowNs ?? null,
            row.highNs ?? null,
            [row.presence, row.note].filter(Boolean).join("; "),
          ],
    ),
  };
}

interface BarsProps {
  readonly rows: readonly WaterfallRow[];
  readonly unit: Unit;
  readonly widthPx: number;
  readonly label: string;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function WaterfallBars({ rows, unit, widthPx, label, selected, onSelect, onKeyDown }: BarsProps) {
  const id = useId();
  const layout = useMemo(() => layoutWaterfall(rows, unit, widthPx), [rows, unit, widthPx]);
  const { axis, bars, heightPx } = layout;
  const bottomPx = waterfallHeadPx + rows.length * waterfallRowPx;
  return (
    <svg
      data-chart
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      width={widthPx}
      height={heightPx}
      role="listbox"
      aria-label={`${label}: arrows walk the rows`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...(selected === null ? {} : { "aria-activedescendant": `${id}-${selected}` })}
    >
      {(["slower", "faster", "even"] as const).map((tone) => (
        <HatchDefs key={tone} id={`${id}-${tone}`} color={toneColor(tone)} />
      ))}
      <g fontSize={11} fill="var(--text-soft)" textAnchor="middle" aria-hidden>
        {axis.ticks.map((tick) => (
          <g key={tick.px}>
            <line x1={tick.px} x2={tick.px} y1={waterfallHeadPx - 4} y2={bottomPx} stroke="var(--grid)" />
            <text x={tick.px} y={12}>
              {tick.text}
            </text>
          </g>
        ))}
        <text x={layout.barsToPx + 34} y={12} textAnchor="start">
          {unit.symbol}
        </text>
        {(axis.toPx(0) ?? 0) < layout.barsFromPx - 1 ? (
          <text x={8} y={12} textAnchor="start">
            the axis does not start at 0
          </text>
        ) : null}
      </g>
      {bars.map((bar, index) => (
        <WaterfallBar
          key={bar.row.id}
          id={id}
          bar={bar}
          next={bars[index + 1] ?? null}
          titlesPx={layout.barsFromPx - 16}
          numbersPx={layout.barsToPx + 12}
          widthPx={widthPx}
          unit={unit}
          isSelected={bar.row.id === selected}
          onSelect={onSelect}
        />
      ))}
    </svg>
  );
}

interface BarProps {
  readonly id: string;
  readonly bar: PlacedBar;
  readonly next: PlacedBar | null;
  readonly titlesPx: number;
  readonly numbersPx: number;
  readonly widthPx: number;
  readonly unit: Unit;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

function WaterfallBar({ id, bar, next, titlesPx, numbersPx, widthPx, unit, isSelected, onSelect }: BarProps) {
  const { row, topPx, whisker } = bar;
  const middlePx = topPx + waterfallRowPx / 2;
  const barTopPx = middlePx - barPx / 2;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys act on the list
    <g id={`${id}-${row.id}`} role="option" aria-selected={isSelected} onClick={() => onSelect(row.id)}>
      <title>{row.title}</title>
      {/* What the row is called: unlike a label it is content, which the shortened texts beside it may differ from. */}
      <text data-screen-only x={8} y={middlePx} fontSize={1} fillOpacity={0}>
        {rowWords(row, unit)}
      </text>
      <rect
        x={0}
        y={topPx}
        width={widthPx}
        height={waterfallRowPx}
        fill={isSelected ? "var(--accent-soft)" : "transparent"}
        data-row
      />
      <text
        aria-hidden
        x={8}
        y={middlePx}
        dy="0.34em"
        fontSize={12.5}
        fontWeight={row.kind === "total" ? 600 : 400}
        fill="var(--text)"
      >
        {truncateMiddle(row.title, Math.floor(titlesPx / titleLetterPx))}
      </text>
      <rect
        x={bar.leftPx}
        y={barTopPx}
        width={bar.widthPx}
        height={barPx}
        fill={barFill(id, row)}
        stroke={row.kind === "change" && row.presence !== undefined ? toneColor(row.tone) : "none"}
      />
      {next === null || next.row.kind === "total" ? null : (
        <line
          x1={bar.endPx}
          x2={bar.endPx}
          y1={barTopPx + barPx}
          y2={barTopPx + waterfallRowPx}
          stroke="var(--border-strong)"
        />
      )}
      {whisker === null ? null : (
        <path
          d={`M${whisker[0]},${middlePx}H${whisker[1]}M${whisker[0]},${middlePx - 4}v8M${whisker[1]},${middlePx - 4}v8`}
          stroke="var(--text)"
          strokeWidth={1.25}
        />
      )}
      <text
        aria-hidden
        x={numbersPx}
        y={middlePx}
        dy="0.34em"
        fontSize={12.5}
        fill="var(--text)"
        fontWeight={row.kind === "total" ? 600 : 400}
      >
        <RowNumbers row={row} unit={unit} />
      </text>
    </g>
  );
}

function RowNumbers({ row, unit }: { readonly row: WaterfallRow; readonly unit: Unit }) {
  if (row.kind === "total") return <>{`${formatInUnit(row.valueNs, unit)}${thinSpace}${unit.symbol}`}</>;
  return (
    <>
      <tspan fill={toneColor(row.tone)}>{toneSign(row.tone)}</tspan>
      {` ${signedInUnit(row.deltaNs, unit)}`}
      <tspan fill="var(--text-soft)">{intervalText(row, unit)}</tspan>
    </>
  );
}

/** What a screen reader says of a row. */
export function rowWords(row: WaterfallRow, unit: Unit): string {
  if (row.kind === "total") return `${row.title}: ${formatInUnit(row.valueNs, unit)} ${unit.symbol}`;
  const tone = row.tone === "even" ? "not significant" : row.tone;
  const more = [row.presence, row.note].filter((word) => word !== undefined).join(", ");
  return `${row.title}: ${signedInUnit(row.deltaNs, unit)} ${unit.symbol}${intervalText(row, unit)}, ${tone}${more === "" ? "" : `, ${more}`}`;
}

function intervalText(row: Extract<WaterfallRow, { kind: "change" }>, unit: Unit): string {
  if (row.lowNs == null || row.highNs == null) return "";
  return ` [${signedInUnit(row.lowNs, unit)}, ${signedInUnit(row.highNs, unit)}]`;
}

function barFill(id: string, row: WaterfallRow): string {
  if (row.kind === "total") return "var(--text-soft)";
  return row.presence === undefined ? toneColor(row.tone) : `url(#${id}-${row.tone}-${row.presence})`;
}
