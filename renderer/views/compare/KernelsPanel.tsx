import { useDeferredValue, useMemo, useState } from "react";
import type { KernelsRequest } from "../../../electron/contract/compare-contract.ts";
import type {
  ComparisonSummary,
  KernelColumn,
  KernelPage,
  KernelRow,
  KernelTotals,
} from "../../../traces/compare/comparison.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatDurationExact,
  formatInUnit,
} from "../../../traces/model/format-units.ts";
import { signedInUnit } from "../../charts/change.ts";
import { NamePath } from "../../dock/NamePath.tsx";
import panelStyles from "../../dock/panel.module.css";
import { type PiecesOf, tellApart } from "../../names/tell-apart.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { type AskPage, type Pages, usePages } from "../../state/use-pages.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import { classes } from "../../ui/css.ts";
import { DataGrid, type GridColumn } from "../../ui/DataGrid.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { KindMark } from "../../ui/KindMark.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { unitFor } from "./words.ts";

const css = classes(panelStyles);
type KernelQuestion = Omit<KernelsRequest, "first" | "count">;

const askKernels: AskPage<KernelQuestion, KernelPage> = (engine, question, range, signal) =>
  engine.call("compare.kernels", { ...question, ...range }, { signal });

/** Kernels and copies by name, over the whole selection: sums and means, no verdicts. */
export function KernelsPanel({ summary }: { readonly summary: ComparisonSummary }) {
  const store = useAppStore();
  const widths = useApp((state) => state.columnWidths);
  const [filter, setFilter] = useState("");
  const [sort, setSort] = useState<{ readonly column: KernelColumn; readonly descending: boolean }>({
    column: "absDelta",
    descending: true,
  });
  const [place, setPlace] = useState<number | null>(null);
  const selected = useApp((state) => state.compareRow);
  const search = useDeferredValue(filter.trim());
  const question: KernelQuestion = {
    comparison: summary.comparison,
    sort: sort.column,
    descending: sort.descending,
    search,
  };
  const pages = usePages<KernelQuestion, KernelRow, KernelPage>(question, "", askKernels);
  const piecesOf = useMemo(() => tellApart(pages.rows.map(({ name }) => name)), [pages.rows]);
  const { head } = pages;
  if (summary.kernelCount === 0)
    return <Empty title="No device work in these traces">Neither side recorded kernels or copies.</Empty>;
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("note")}>
          {head === null ? "" : `Before ${totalWords(head.before)} · after ${totalWords(head.after)}`}
        </span>
        <div className={css("filter")}>
          <SearchField label="Filter kernels by name" placeholder="Filter names" value={filter} onChange={setFilter} />
        </div>
      </div>
      <div className={css("body")}>
        {pages.error !== null ? (
          <Empty title="The kernels could not be listed">{pages.error}</Empty>
        ) : head === null ? (
          <Empty title="Adding up…" />
        ) : head.rowCount === 0 ? (
          <Empty title="No kernels">{`No name contains “${search}”.`}</Empty>
        ) : (
          <DataGrid
            label="Kernels before and after"
            columns={kernelColumns(pages.firstRows, widths, piecesOf)}
            rowCount={head.rowCount}
            rowAt={pages.rowAt}
            sort={sort.column === "absDelta" ? { column: "delta", descending: sort.descending } : sort}
            onSort={(column) =>
              setSort(
                sort.column === column
                  ? { column, descending: !sort.descending }
                  : { column: column as KernelColumn, descending: column !== "name" },
              )
            }
            current={currentOf(pages, place, selected)}
            onCurrent={(index) => {
              setPlace(index);
              store.getState().selectCompareRow(pages.rowAt(index)?.row ?? null);
            }}
            isMarked={(row) => row.row !== null && row.row === selected}
            onVisible={pages.onVisible}
            onColumnWidth={(column, widthPx) => store.getState().setColumnWidth(`kernels/${column}`, widthPx)}
          />
        )}
      </div>
    </div>
  );
}

/** The chosen kernel, or the one of the row that is chosen elsewhere; one chosen here may have no row. */
function currentOf(
  { rowAt, firstRows }: Pick<Pages<KernelRow, KernelPage>, "rowAt" | "firstRows">,
  place: number | null,
  selected: number | null,
): number | null {
  if (place !== null && (rowAt(place)?.row ?? null) === selected) return place;
  const found = selected === null ? -1 : firstRows.findIndex(({ row }) => row === selected);
  return found < 0 ? null : found;
}

function totalWords({ names, count, totalNs }: KernelTotals): string {
  return `${formatDuration(totalNs)} in ${formatCounted(count, "call")} of ${formatCounted(names, "name")}`;
}

function kernelColumns(
  rows: readonly KernelRow[],
  widths: Readonly<Record<string, number>>,
  piecesOf: PiecesOf,
): readonly GridColumn<KernelRow>[] {
  const width = (id: string, standardPx: number): number => widths[`kernels/${id}`] ?? standardPx;
  // Sums add up by eye in one unit; means are far smaller.
  const sumUnit = unitFor(
    rows.flatMap(({ before, after }) => [before?.totalNs ?? [], after?.totalNs ?? []].flat()),
    "ns",
  );
  const meanUnit = unitFor(
    rows.flatMap(({ before, after }) => [before?.meanNs ?? [], after?.meanNs ?? []].flat()),
    "ns",
  );
  const time = (
    id: string,
    title: string,
    hint: string,
    read: (row: KernelRow) => number | null,
    isChange: boolean,
    isSortable: boolean,
  ): GridColumn<KernelRow> => {
    const unit = id.startsWith("mean") ? meanUnit : sumUnit;
    const text = (value: number): string => (isChange ? signedInUnit(value, unit) : formatInUnit(value, unit));
    const digits = fractionDigitsOf(
      rows.flatMap((row) => {
        const value = read(row);
        return value === null ? [] : [text(value)];
      }),
    );
    return {
      id,
      title: `${title}, ${unit.symbol}`,
      hint,
      align: "end",
      widthPx: width(id, 108),
      sortable: isSortable,
      cell: (row) => {
        const value = read(row);
        if (value === null) return <span style={{ color: "var(--text-faint)" }}>none</span>;
        return <AlignedNumber text={text(value)} fractionDigits={digits} title={formatDurationExact(value)} />;
      },
    };
  };
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      sortable: true,
      cell: (row) => (
        <NamePath path={[row.name]} piecesOf={piecesOf} mark={<KindMark kind={row.kind} />} title={row.name} />
      ),
    },
    {
      id: "calls",
      title: "Calls",
      hint: "Before → after",
      align: "end",
      widthPx: width("calls", 120),
      cell: (row) => `${callsOf(row.before)} → ${callsOf(row.after)}`,
    },
    time("before", "Before", "Sum over all calls", (row) => row.before?.totalNs ?? null, false, true),
    time("after", "After", "Sum over all calls", (row) => row.after?.totalNs ?? null, false, true),
    time("delta", "Change", "After − before", (row) => row.deltaNs, true, true),
    time("meanBefore", "Mean before", "Per call", (row) => row.before?.meanNs ?? null, false, false),
    time("meanAfter", "Mean after", "Per call", (row) => row.after?.meanNs ?? null, false, false),
    time("count", "By calls", "Change through more or fewer calls", (row) => row.countEffectNs, true, true),
    time("speed", "By speed", "Change through slower or faster calls", (row) => row.speedEffectNs, true, true),
  ];
}

const callsOf = (side: KernelRow["before"]): string => (side === null ? "none" : formatCount(side.count));
