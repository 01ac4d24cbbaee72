import { useEffect, useMemo, useState } from "react";
import type { Scope, TopColumn } from "../../electron/contract/engine-contract.ts";
import { isCalled } from "../../traces/model/step-label.ts";
import { tellApart } from "../names/tell-apart.ts";
import { revisionOf } from "../state/scope.ts";
import { selectSpanById } from "../state/span-actions.ts";
import { useApp, useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { Answer } from "../ui/Answer.tsx";
import { DataGrid } from "../ui/DataGrid.tsx";
import { Empty } from "../ui/Empty.tsx";
import { toTsv, topColumns } from "./top-columns.tsx";
import { type TopPages, type TopQuestion, useTopPages } from "./use-top-pages.ts";

/** Rows that a copy takes at most; more is a job for an export. */
const maxCopiedRows = 5_000;

export interface TopTableProps {
  readonly tab: TraceTab;
  readonly scope: Scope;
  readonly group: "name" | "path";
}

/** Names or paths with their times, tied to the timeline: hover highlights, click selects, Enter zooms. */
export function TopTable({ tab, scope, group }: TopTableProps) {
  const [sort, setSort] = useState<{ readonly column: TopColumn; readonly descending: boolean }>({
    column: "selfNs",
    descending: true,
  });
  const question: TopQuestion = { trace: tab.key, scope, group, sort: sort.column, descending: sort.descending };
  const pages = useTopPages(question, revisionOf(tab.summary));
  return (
    <Answer isStale={pages.isStale}>
      <TopGrid
        key={JSON.stringify(question)}
        tab={tab}
        question={question}
        pages={pages}
        sort={sort}
        onSort={setSort}
      />
    </Answer>
  );
}

interface TopGridProps {
  readonly tab: TraceTab;
  readonly question: TopQuestion;
  readonly pages: TopPages;
  readonly sort: { readonly column: TopColumn; readonly descending: boolean };
  readonly onSort: (sort: { readonly column: TopColumn; readonly descending: boolean }) => void;
}

function TopGrid({ tab, question, pages, sort, onSort }: TopGridProps) {
  const store = useAppStore();
  const widths = useApp((state) => state.columnWidths);
  const [current, setCurrent] = useState<number | null>(null);
  const selectedName = tab.selection.kind === "span" ? tab.selection.span.name : null;
  const piecesOf = useMemo(() => tellApart(pages.rows.map(({ path }) => path.at(-1) ?? "")), [pages.rows]);
  const columns = useMemo(() => topColumns(pages.firstRows, widths, piecesOf), [pages.firstRows, widths, piecesOf]);
  const selectRow = (index: number, zoom: boolean): void => {
    const row = pages.rowAt(index);
    setCurrent(index);
    if (row !== null) void selectSpanById(store, tab.key, row.longestSpan, { reveal: false, zoom });
  };
  const hoverRow = (index: number | null): void => {
    const row = index === null ? null : pages.rowAt(index);
    store.getState().setHover(row === null ? null : { origin: "dock", span: null, name: row.path.at(-1) ?? null });
  };
  // The pointer may leave with the panel.
  useEffect(() => () => store.getState().setHover(null), [store]);

  if (pages.error !== null) return <Empty title="The table could not be computed">{pages.error}</Empty>;
  if (pages.head === null) return <Empty title="Adding up…" />;
  if (pages.head.rowCount === 0) return <Empty title="No spans here">{emptyReason(tab, question)}</Empty>;
  return (
    <DataGrid
      label={question.group === "name" ? "Spans by name" : "Spans by path"}
      columns={columns}
      rowCount={pages.head.rowCount}
      rowAt={pages.rowAt}
      sort={sort}
      onSort={(column) => onSort(nextSort(sort, column as TopColumn))}
      current={current}
      onCurrent={(index) => selectRow(index, false)}
      onActivate={(index) => selectRow(index, true)}
      onHover={hoverRow}
      onVisible={pages.onVisible}
      isMarked={(row) => selectedName !== null && isCalled(selectedName, row.path.at(-1) ?? "")}
      onColumnWidth={(column, widthPx) => store.getState().setColumnWidth(`top/${column}`, widthPx)}
      onCopy={() => void copyTop(store, question)}
    />
  );
}

/** Copies the table as tab-separated values, with all digits. */
export async function copyTop(store: ReturnType<typeof useAppStore>, question: TopQuestion): Promise<void> {
  const { engine, copyText, report } = store.getState();
  if (engine === null) return;
  try {
    const page = await engine.call("table.top", { ...question, first: 0, count: maxCopiedRows });
    await copyText(toTsv(page.rows), `Table of ${page.rows.length} rows`);
  } catch (error) {
    report("The table could not be copied.", error);
  }
}

function nextSort(sort: TopGridProps["sort"], column: TopColumn): TopGridProps["sort"] {
  return sort.column === column ? { column, descending: !sort.descending } : { column, descending: column !== "name" };
}

function emptyReason(tab: TraceTab, question: TopQuestion): string {
  if (question.scope.nameContains !== undefined) return `No name contains “${question.scope.nameContains}”.`;
  if (question.scope.startNs !== undefined) return "Nothing runs in the selected part.";
  if (tab.mutedKinds.length > 0) return "The kinds that remain have no spans.";
  if (tab.load.kind === "loading") return "The first spans are still on their way.";
  const hasOther = (tab.summary?.instantCount ?? 0) + (tab.summary?.sampleCount ?? 0) > 0;
  return hasOther ? "This trace holds instants or counters, no spans." : "Nothing of this file became a span.";
}
