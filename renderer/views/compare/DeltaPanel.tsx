import { Copy } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import type { DeltaRowsRequest } from "../../../electron/contract/compare-contract.ts";
import type {
  ComparisonSummary,
  DeltaColumn,
  DeltaMetric,
  DeltaPage,
  DeltaPer,
  DeltaRow,
} from "../../../traces/compare/comparison.ts";
import { formatCount, formatCounted } from "../../../traces/model/format-units.ts";
import { tellApart } from "../../names/tell-apart.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { type AskPage, usePages } from "../../state/use-pages.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { DataGrid } from "../../ui/DataGrid.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import panelStyles from "../../dock/panel.module.css";
import { metrics, persOf } from "./delta-choices.ts";
import { deltaColumns } from "./delta-columns.tsx";
import styles from "./DeltaPanel.module.css";
import { type DeltaAbout, deltaTsv } from "./row-values.ts";
import { RowFacts } from "./RowFacts.tsx";
import { showSpan } from "./show-span.ts";

const css = classes({ ...panelStyles, ...styles });

type DeltaQuestion = Omit<DeltaRowsRequest, "first" | "count">;

const askRows: AskPage<DeltaQuestion, DeltaPage> = (engine, question, range, signal) =>
  engine.call("compare.rows", { ...question, ...range }, { signal });

const maxCopiedRows = 5_000;

/** Everything that changed, ranked; the chosen row is what all other parts of the view show. */
export function DeltaPanel({ summary }: { readonly summary: ComparisonSummary }) {
  const store = useAppStore();
  const [metric, setMetric] = useState<DeltaMetric>("total");
  const [per, setPer] = useState<DeltaPer>("step");
  const [significantOnly, setSignificantOnly] = useState(false);
  const [filter, setFilter] = useState("");
  const [sort, setSort] = useState<{ readonly column: DeltaColumn; readonly descending: boolean }>({
    column: "absDelta",
    descending: true,
  });
  const search = useDeferredValue(filter.trim());
  const question: DeltaQuestion = {
    comparison: summary.comparison,
    metric,
    per,
    sort: sort.column,
    descending: sort.descending,
    search,
    significantOnly,
    minDeltaNs: 0,
  };
  const about: DeltaAbout = {
    base: summary.unit,
    metric,
    per,
    itemsPerStep: { before: summary.before.itemsPerStep, after: summary.after.itemsPerStep },
  };
  const copy = async (): Promise<void> => {
    const { engine, copyText, report } = store.getState();
    if (engine === null) return;
    try {
      const page = await engine.call("compare.rows", { ...question, first: 0, count: maxCopiedRows });
      await copyText(deltaTsv(page.rows, about), `Table of ${page.rows.length} rows`);
    } catch (error) {
      report("The table could not be copied.", error);
    }
  };
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <Segmented label="Time" value={metric} options={metrics} onChange={setMetric} />
        <Segmented label="Measured" value={per} options={persOf(summary)} onChange={setPer} />
        <label className={css("check")}>
          <input
            type="checkbox"
            checked={significantOnly}
            onChange={(event) => setSignificantOnly(event.target.checked)}
          />
          Significant only
        </label>
        <span className={css("counts")}>{countWords(summary)}</span>
        <div className={css("filter")}>
          <SearchField label="Filter rows by name" placeholder="Filter names" value={filter} onChange={setFilter} />
        </div>
        <IconButton icon={<Copy size={15} />} label="Copy the table" shortcut="Mod+C" onPress={() => void copy()} />
      </div>
      <DeltaGrid
        summary={summary}
        question={question}
        about={about}
        sort={sort}
        onSort={(column) => setSort(nextSort(sort, column as DeltaColumn))}
        onCopy={() => void copy()}
      />
    </div>
  );
}

interface DeltaGridProps {
  readonly summary: ComparisonSummary;
  readonly question: DeltaQuestion;
  readonly about: DeltaAbout;
  readonly sort: { readonly column: DeltaColumn; readonly descending: boolean };
  readonly onSort: (column: string) => void;
  readonly onCopy: () => void;
}

function DeltaGrid({ summary, question, about, sort, onSort, onCopy }: DeltaGridProps) {
  const store = useAppStore();
  const widths = useApp((state) => state.columnWidths);
  const selected = useApp((state) => state.compareRow);
  const pages = usePages<DeltaQuestion, DeltaRow, DeltaPage>(question, "", askRows);
  const piecesOf = useMemo(() => tellApart(pages.rows.map(({ path }) => path.at(-1) ?? "")), [pages.rows]);
  const [place, setPlace] = useState<{ readonly of: string; readonly index: number } | null>(null);
  const text = JSON.stringify(question);
  const current = place?.of === text && pages.rowAt(place.index)?.row === selected ? place.index : null;
  const firstSelected = pages.firstRows.findIndex((row) => row.row === selected);
  const shown = current ?? (firstSelected >= 0 ? firstSelected : null);
  const row = shown === null ? null : pages.rowAt(shown);
  const choose = (index: number): void => {
    setPlace({ of: text, index });
    store.getState().selectCompareRow(pages.rowAt(index)?.row ?? null);
  };
  const { head } = pages;
  if (pages.error !== null) return <Empty title="The table could not be computed">{pages.error}</Empty>;
  if (head === null) return <Empty title="Ranking…" />;
  if (head.rowCount === 0) return <Empty title="No rows">{emptyReason(question)}</Empty>;
  return (
    <>
      {head.suppressed === null ? null : <p className={css("suppressed")}>{head.suppressed}</p>}
      <div className={css("body")}>
        <DataGrid
          label="Changes"
          columns={deltaColumns(pages.firstRows, widths, about, piecesOf)}
          rowCount={head.rowCount}
          rowAt={pages.rowAt}
          sort={sort.column === "absDelta" ? { column: "delta", descending: sort.descending } : sort}
          onSort={onSort}
          current={shown}
          onCurrent={choose}
          onActivate={(index) => {
            const chosen = pages.rowAt(index);
            if (chosen !== null) showSpan(store, summary, chosen, chosen.after === null ? "before" : "after");
          }}
          onVisible={pages.onVisible}
          onColumnWidth={(column, widthPx) => store.getState().setColumnWidth(`compare/${column}`, widthPx)}
          onCopy={onCopy}
        />
      </div>
      {row === null ? null : <RowFacts summary={summary} row={row} about={about} />}
    </>
  );
}

function nextSort(
  sort: { readonly column: DeltaColumn; readonly descending: boolean },
  column: DeltaColumn,
): { readonly column: DeltaColumn; readonly descending: boolean } {
  if (column === "delta") {
    // Largest change first, then largest increase, then largest decrease.
    if (sort.column === "absDelta") return { column: "delta", descending: true };
    if (sort.column === "delta" && sort.descending) return { column: "delta", descending: false };
    return { column: "absDelta", descending: true };
  }
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column !== "name" && column !== "q" };
}

function countWords({ counts, rowCount }: ComparisonSummary): string {
  const parts = [
    [counts.regressed, "slower"],
    [counts.improved, "faster"],
    [counts.onlyBefore, "only before"],
    [counts.onlyAfter, "only after"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return [formatCounted(rowCount, "row"), ...words].join(", ");
}

function emptyReason(question: DeltaQuestion): string {
  if (question.search !== "") return `No name contains “${question.search}”.`;
  return question.significantOnly
    ? "No row changed significantly. Switch off “Significant only” to see what was measured."
    : "The sides have no spans to compare.";
}
