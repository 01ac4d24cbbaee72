import { useMemo, useState } from "react";
import { formatInUnit, formatShare } from "../../../traces/model/format-units.ts";
import { signedInUnit } from "../../charts/change.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import { DataGrid, type GridColumn } from "../../ui/DataGrid.tsx";
import { KindMark } from "../../ui/KindMark.tsx";
import type { DualLayout, DualSpan } from "./dual-layout.ts";
import { unitFor } from "./words.ts";

interface DualRow {
  readonly placed: DualSpan;
  readonly beforeNs: number | null;
  readonly afterNs: number | null;
  readonly deltaNs: number;
}

/** The same two steps as a list: pairs and single spans, the largest difference first. */
export function DualTable({ layout }: { readonly layout: DualLayout }) {
  const [current, setCurrent] = useState<number | null>(null);
  const rows = useMemo(() => rowsOf(layout), [layout]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  return (
    <DataGrid
      label="Spans of both steps"
      columns={columns}
      rowCount={rows.length}
      rowAt={(index) => rows[index] ?? null}
      current={current}
      onCurrent={setCurrent}
    />
  );
}

function rowsOf(layout: DualLayout): readonly DualRow[] {
  return layout.spans
    .filter((placed) => placed.isOfStep && (placed.side === "before" || placed.twin === null))
    .map((placed): DualRow => {
      const own = placed.span.durationNs;
      const other = placed.twin?.durationNs ?? null;
      const [beforeNs, afterNs] = placed.side === "before" ? [own, other] : [other, own];
      return { placed, beforeNs, afterNs, deltaNs: (afterNs ?? 0) - (beforeNs ?? 0) };
    })
    .toSorted((a, b) => Math.abs(b.deltaNs) - Math.abs(a.deltaNs));
}

function columnsOf(rows: readonly DualRow[]): readonly GridColumn<DualRow>[] {
  const unit = unitFor(
    rows.slice(0, 200).flatMap((row) => [row.beforeNs ?? [], row.afterNs ?? []].flat()),
    "ns",
  );
  const column = (
    id: string,
    title: string,
    read: (row: DualRow) => number | null,
    write: (value: number) => string,
  ): GridColumn<DualRow> => {
    const digits = fractionDigitsOf(rows.slice(0, 200).map((row) => write(read(row) ?? 0)));
    return {
      id,
      title: `${title}, ${unit.symbol}`,
      align: "end",
      widthPx: 120,
      cell: (row) => {
        const value = read(row);
        return value === null ? "none" : <AlignedNumber text={write(value)} fractionDigits={digits} />;
      },
    };
  };
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      cell: ({ placed }) => (
        <span title={placed.span.name}>
          <KindMark kind={placed.span.kind} /> {placed.span.name}
        </span>
      ),
    },
    { id: "track", title: "Track", align: "start", widthPx: 220, cell: ({ placed }) => placed.track.name },
    {
      id: "match",
      title: "Match",
      hint: "How sure the counterpart is: 100 % same path, less for what was renamed, moved or is of the same family",
      align: "end",
      widthPx: 88,
      cell: ({ placed: { confidence } }) => (confidence === null ? "none" : formatShare(confidence)),
    },
    column(
      "before",
      "Before",
      (row) => row.beforeNs,
      (value) => formatInUnit(value, unit),
    ),
    column(
      "after",
      "After",
      (row) => row.afterNs,
      (value) => formatInUnit(value, unit),
    ),
    column(
      "delta",
      "Change",
      (row) => row.deltaNs,
      (value) => signedInUnit(value, unit),
    ),
  ];
}
