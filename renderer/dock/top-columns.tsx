import type { TopColumn, TopRow } from "../../electron/contract/engine-contract.ts";
import {
  chooseTimeUnit,
  formatCount,
  formatDurationExact,
  formatInUnit,
  formatShare,
} from "../../traces/model/format-units.ts";
import type { PiecesOf } from "../names/tell-apart.ts";
import { AlignedNumber, fractionDigitsOf } from "../ui/AlignedNumber.tsx";
import type { GridColumn } from "../ui/DataGrid.tsx";
import { KindMark, kindTitle } from "../ui/KindMark.tsx";
import { joinPath } from "../names/isolate.ts";
import { NamePath } from "./NamePath.tsx";
import { ShareBar } from "./ShareBar.tsx";

type TimeField = "totalNs" | "selfNs" | "meanNs" | "p50Ns" | "p99Ns";

const timeColumns: readonly {
  readonly id: TimeField;
  readonly title: string;
  readonly hint: string;
  readonly widthPx: number;
}[] = [
  { id: "totalNs", title: "Total", hint: "Sum of the durations, children included", widthPx: 112 },
  { id: "selfNs", title: "Self", hint: "Sum of the durations less those of the children", widthPx: 112 },
  { id: "meanNs", title: "Mean", hint: "Mean duration", widthPx: 112 },
  { id: "p50Ns", title: "p50", hint: "Half of the spans are shorter", widthPx: 112 },
  { id: "p99Ns", title: "p99", hint: "99 of 100 spans are shorter", widthPx: 112 },
];

/** Columns of the table of names; one unit per column, chosen from the rows at hand. */
export function topColumns(
  rows: readonly TopRow[],
  widths: Readonly<Record<string, number>>,
  piecesOf: PiecesOf,
): readonly GridColumn<TopRow>[] {
  const width = (id: TopColumn, standardPx: number): number => widths[`top/${id}`] ?? standardPx;
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      sortable: true,
      cell: (row) => (
        <NamePath
          path={row.path}
          piecesOf={piecesOf}
          mark={<KindMark kind={row.kind} />}
          title={`${joinPath(row.path)}\n${kindTitle(row.kind)}${row.openEnded > 0 ? `, ${row.openEnded} without an end` : ""}`}
        />
      ),
    },
    {
      id: "count",
      title: "Count",
      hint: "Number of spans",
      align: "end",
      widthPx: width("count", 84),
      sortable: true,
      cell: (row) => formatCount(row.count),
    },
    ...timeColumns.map((column): GridColumn<TopRow> => {
      const unit = chooseTimeUnit(rows.map((row) => row[column.id]));
      const fractionDigits = fractionDigitsOf(rows.map((row) => formatInUnit(row[column.id], unit)));
      return {
        id: column.id,
        title: `${column.title}, ${unit.symbol}`,
        hint: column.hint,
        align: "end",
        widthPx: width(column.id, column.widthPx),
        sortable: true,
        cell: (row) => (
          <AlignedNumber
            text={formatInUnit(row[column.id], unit)}
            fractionDigits={fractionDigits}
            title={formatDurationExact(row[column.id])}
          />
        ),
      };
    }),
    {
      id: "share",
      title: "Share of self",
      hint: "Part of the self time of the scope",
      align: "end",
      widthPx: width("share", 128),
      sortable: true,
      cell: (row) => <ShareBar fraction={row.share} kind={row.kind} text={formatShare(row.share)} />,
    },
  ];
}

const tsvHead = [
  "name",
  "kind",
  "count",
  "total_ns",
  "self_ns",
  "mean_ns",
  "p50_ns",
  "p95_ns",
  "p99_ns",
  "min_ns",
  "max_ns",
  "share_of_self",
];

/** All digits, tab separated, for spreadsheets. */
export function toTsv(rows: readonly TopRow[]): string {
  const cleaned = (text: string): string => text.replace(/[\t\r\n]+/g, " ");
  const lines = rows.map((row) =>
    [
      cleaned(row.path.join(" > ")),
      row.kind,
      row.count,
      row.totalNs,
      row.selfNs,
      row.meanNs,
      row.p50Ns,
      row.p95Ns,
      row.p99Ns,
      row.minNs,
      row.maxNs,
      row.share,
    ].join("\t"),
  );
  return [tsvHead.join("\t"), ...lines].join("\n");
}
