import type { DeltaColumn, DeltaRow } from "../../../traces/compare/comparison.ts";
import { formatDurationExact, formatInUnit, formatNumber, type Unit } from "../../../traces/model/format-units.ts";
import { signedInUnit, toneColor, toneSign } from "../../charts/change.ts";
import { NamePath } from "../../dock/NamePath.tsx";
import type { PiecesOf } from "../../names/tell-apart.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import type { GridColumn } from "../../ui/DataGrid.tsx";
import { KindMark } from "../../ui/KindMark.tsx";
import { joinPath } from "../../names/isolate.ts";
import { type DeltaAbout, relativeOf, rowTone, rowVerdict, valueOf } from "./row-values.ts";
import { probabilityWords, unitFor } from "./words.ts";

const timeColumnPx = 96;
const changeColumnPx = 112;

/** Columns of the ranked table; all times share one unit, so that before, after and change add up by eye. */
export function deltaColumns(
  rows: readonly DeltaRow[],
  widths: Readonly<Record<string, number>>,
  about: DeltaAbout,
  piecesOf: PiecesOf,
): readonly GridColumn<DeltaRow>[] {
  const width = (id: string, standardPx: number): number => widths[`compare/${id}`] ?? standardPx;
  const values = rows.flatMap((row) =>
    [valueOf(row, "before", about) ?? [], valueOf(row, "after", about) ?? []].flat(),
  );
  const unit = unitFor(values, about.base);
  const context: ColumnContext = { rows, unit, about, width };
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      sortable: true,
      cell: (row) => (
        <NamePath path={row.path} piecesOf={piecesOf} mark={<KindMark kind={row.kind} />} title={joinPath(row.path)} />
      ),
    },
    sideColumn("before", "Before", context),
    sideColumn("after", "After", context),
    {
      ...changeColumn(
        "delta",
        "Change",
        "After − before; ▲ slower, ▼ faster, grey not significant",
        context,
        (row) => row.delta,
        {
          isSigned: true,
        },
      ),
      widthPx: width("delta", 126),
    },
    {
      id: "relative",
      title: "Relative [95 % interval]",
      hint: "Hodges–Lehmann shift as a part of the usual value before, with its interval",
      align: "end",
      widthPx: width("relative", 172),
      sortable: true,
      cell: relativeOf,
    },
    {
      id: "q",
      title: "q",
      hint: "p of Mann–Whitney, adjusted over all rows (Benjamini–Hochberg)",
      align: "end",
      widthPx: width("q", 88),
      sortable: true,
      cell: (row) => probabilityWords(row.estimate?.q ?? null),
    },
    changeColumn(
      "count",
      "By calls",
      "Part of the change per step that more or fewer calls make",
      context,
      (row) => row.countEffectNs,
    ),
    changeColumn(
      "speed",
      "By speed",
      "Part of the change per step that slower or faster calls make",
      context,
      (row) => row.speedEffectNs,
    ),
    { id: "verdict", title: "Verdict", align: "start", widthPx: width("verdict", 160), cell: rowVerdict },
  ];
}

interface ColumnContext {
  /** Rows that decide how many digits a column keeps room for. */
  readonly rows: readonly DeltaRow[];
  readonly unit: Unit;
  readonly about: DeltaAbout;
  readonly width: (id: string, standardPx: number) => number;
}

function sideColumn(side: SideName, title: string, { rows, unit, about, width }: ColumnContext): GridColumn<DeltaRow> {
  const texts = rows.flatMap((row) => {
    const value = valueOf(row, side, about);
    return value === null ? [] : [formatInUnit(value, unit)];
  });
  const fractionDigits = fractionDigitsOf(texts);
  return {
    id: side,
    title: withUnit(title, unit),
    hint: `Mean per ${about.per}`,
    align: "end",
    widthPx: width(side, timeColumnPx),
    sortable: true,
    cell: (row) => {
      const value = valueOf(row, side, about);
      if (value === null) return <span style={{ color: "var(--text-faint)" }}>none</span>;
      return (
        <AlignedNumber
          text={formatInUnit(value, unit)}
          fractionDigits={fractionDigits}
          title={exact(value, about.base)}
        />
      );
    },
  };
}

function changeColumn(
  id: DeltaColumn,
  title: string,
  hint: string,
  { rows, unit, about, width }: ColumnContext,
  read: (row: DeltaRow) => number,
  { isSigned = false }: { readonly isSigned?: boolean } = {},
): GridColumn<DeltaRow> {
  const fractionDigits = fractionDigitsOf(rows.map((row) => signedInUnit(read(row), unit)));
  return {
    id,
    title: withUnit(title, unit),
    hint,
    align: "end",
    widthPx: width(id, changeColumnPx),
    sortable: true,
    cell: (row) => (
      <span title={exact(read(row), about.base)}>
        {isSigned ? (
          <span style={{ color: toneColor(rowTone(row)) }} aria-hidden>
            {`${toneSign(rowTone(row))} `}
          </span>
        ) : null}
        <AlignedNumber text={signedInUnit(read(row), unit)} fractionDigits={fractionDigits} />
      </span>
    ),
  };
}

function withUnit(title: string, unit: Unit): string {
  return unit.symbol === "" ? title : `${title}, ${unit.symbol}`;
}

function exact(value: number, base: string): string {
  return base === "ns" ? formatDurationExact(value) : `${formatNumber(value)} ${base}`;
}
