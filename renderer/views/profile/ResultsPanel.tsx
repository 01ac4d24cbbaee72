import { useMemo, useState } from "react";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { captionOf } from "../../../traces/measure/common-facts.ts";
import { useAppStore } from "../../state/store.ts";
import { classes } from "../../ui/css.ts";
import { DataGrid } from "../../ui/DataGrid.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { resultColumns, resultsAsText } from "./results-columns.tsx";
import styles from "./ResultsPanel.module.css";

const css = classes(styles);

/** The results of a run, one line a configuration. */
export function ResultsPanel({
  results,
  workload,
  isStaged = false,
}: {
  readonly results: readonly BenchResult[];
  readonly workload: WorkloadFacts;
  /** The run goes on while the table comes: it comes in parts. */
  readonly isStaged?: boolean;
}) {
  const store = useAppStore();
  const [current, setCurrent] = useState<number | null>(null);
  const columns = useMemo(() => resultColumns(results, workload), [results, workload]);
  if (results.length === 0)
    return <Empty title="Nothing is measured yet">The first numbers come after the warm-up.</Empty>;
  const caption = captionOf(results);
  return (
    <div className={css("panel")}>
      {caption === "" ? null : <p className={css("caption")}>{caption}</p>}
      <DataGrid
        label="Results of the run"
        columns={columns}
        rowCount={results.length}
        rowAt={(index) => results[index] ?? null}
        current={current}
        onCurrent={setCurrent}
        isStaged={isStaged}
        onCopy={() => void store.getState().copyText(resultsAsText(results, workload), "Results")}
      />
    </div>
  );
}
