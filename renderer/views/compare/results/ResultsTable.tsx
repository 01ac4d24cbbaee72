import { Copy } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import type {
  MeasurementComparison,
  MeasurementRow,
} from "../../../../traces/compare/measurements/measurement-comparison.ts";
import { formatCount, formatCounted } from "../../../../traces/model/format-units.ts";
import panelStyles from "../../../dock/panel.module.css";
import { useApp, useAppStore } from "../../../state/store.ts";
import { IconButton } from "../../../ui/Button.tsx";
import { classes } from "../../../ui/css.ts";
import { DataGrid } from "../../../ui/DataGrid.tsx";
import { Empty } from "../../../ui/Empty.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import deltaStyles from "../DeltaPanel.module.css";
import { type ResultColumn, resultColumns, resultsAsText, sortResults } from "./result-columns.tsx";
import styles from "./Results.module.css";

const css = classes({ ...panelStyles, ...deltaStyles, ...styles });

/** A row with its place in the comparison, which is what the other parts show. */
export interface PlacedRow {
  readonly row: MeasurementRow;
  readonly at: number;
}

/** Every measurement of both sides with its interval, q and verdict; the chosen one is drawn in Distributions. */
export function ResultsTable({ result }: { readonly result: MeasurementComparison }) {
  const store = useAppStore();
  const selected = useApp((state) => state.compareRow);
  const [filter, setFilter] = useState("");
  const [significantOnly, setSignificantOnly] = useState(false);
  const [sort, setSort] = useState<{ readonly column: ResultColumn; readonly descending: boolean }>({
    column: "verdict",
    descending: false,
  });
  const search = useDeferredValue(filter.trim().toLowerCase());
  const rows = useMemo(() => {
    const placed = result.rows.map((row, at): PlacedRow => ({ row, at }));
    const wanted = placed.filter(
      ({ row }) =>
        (!significantOnly || row.estimate.significant) && (search === "" || row.name.toLowerCase().includes(search)),
    );
    return sortResults(wanted, sort.column, sort.descending);
  }, [result, search, significantOnly, sort]);
  const current = rows.findIndex(({ at }) => at === selected);
  const { selectCompareRow, showCompareTab, copyText } = store.getState();
  const copy = (): void => void copyText(resultsAsText(rows), `Table of ${rows.length} rows`);
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <label className={css("check")}>
          <input
            type="checkbox"
            checked={significantOnly}
            onChange={(event) => setSignificantOnly(event.target.checked)}
          />
          Significant only
        </label>
        <span className={css("counts")}>{countWords(result)}</span>
        <div className={css("filter")}>
          <SearchField
            label="Filter measurements by name"
            placeholder="Filter names"
            value={filter}
            onChange={setFilter}
          />
        </div>
        <IconButton icon={<Copy size={15} />} label="Copy the table" shortcut="Mod+C" onPress={copy} />
      </div>
      <div className={css("body")}>
        {rows.length === 0 ? (
          <Empty title="No rows">{emptyReason(result, search)}</Empty>
        ) : (
          <DataGrid
            label="Measurements before and after"
            columns={resultColumns}
            rowCount={rows.length}
            rowAt={(index) => rows[index] ?? null}
            sort={sort}
            onSort={(column) =>
              setSort(
                sort.column === column
                  ? { column, descending: !sort.descending }
                  : { column: column as ResultColumn, descending: column === "relative" },
              )
            }
            current={current < 0 ? null : current}
            onCurrent={(index) => selectCompareRow(rows[index]?.at ?? null)}
            onActivate={() => showCompareTab("distributions")}
            onCopy={copy}
          />
        )}
      </div>
      <Absent result={result} />
    </div>
  );
}

/** What has no partner is told, so that nothing is compared in silence without it. */
function Absent({ result: { onlyBefore, onlyAfter } }: { readonly result: MeasurementComparison }) {
  if (onlyBefore.length + onlyAfter.length === 0) return null;
  const list = (words: string, names: readonly string[]): string =>
    names.length === 0 ? "" : `${words}: ${names.join(", ")}. `;
  return <p className={css("absent")}>{`${list("Only before", onlyBefore)}${list("Only after", onlyAfter)}`}</p>;
}

function countWords({ rows, counts, onlyBefore, onlyAfter }: MeasurementComparison): string {
  const parts = [
    [counts.regressed, "regressed"],
    [counts.improved, "improved"],
    [counts.changed, "changed"],
    [onlyBefore.length, "only before"],
    [onlyAfter.length, "only after"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return [formatCounted(rows.length, "measurement"), ...words].join(", ");
}

function emptyReason({ rows }: MeasurementComparison, search: string): string {
  if (rows.length === 0) return "No measurement is on both sides: names must be the same.";
  return search === "" ? "No measurement changed significantly." : `No name contains “${search}”.`;
}
