import { useEffect, useMemo, useState } from "react";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { inspectReport } from "../../../traces/measure/integrity/inspect.ts";
import { shownSourceOf, sourcesOf, type ResultSource } from "../../state/bench-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { useShallow } from "zustand/react/shallow";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SelectInput } from "../../ui/Field.tsx";
import { Findings } from "./Findings.tsx";
import { ScalingChart } from "./ScalingChart.tsx";
import { axesOf, joinResults } from "./scaling-series.ts";
import styles from "./ScalingView.module.css";

const css = classes(styles);

/** How time grows with batch and size: one chart, and what it says in words. */
export function ScalingView() {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  const catalog = useApp((state) => state.catalog);
  const sources = useApp(useShallow(sourcesOf));
  const source = useApp(shownSourceOf);
  const [beforeKey, setBeforeKey] = useState("");
  const { openResults, showView, showSource } = store.getState();
  useEffect(() => {
    if (engine !== null) void store.getState().readBench();
  }, [store, engine]);
  const actions = (
    <>
      <Button look="primary" onPress={() => showView("profile")}>
        Profile a workload
      </Button>
      <Button onPress={() => void openResults()}>Open results…</Button>
    </>
  );
  if (source === null)
    return (
      <>
        <h1 className="visually-hidden">Scaling</h1>
        <Empty title="No results yet" actions={actions}>
          Run a workload with several batches or sizes, or open results that were saved. Benchmark files of other
          programs are judged as well.
        </Empty>
      </>
    );
  // Only results of the same workload have curves in common.
  const others = sources.filter(
    ({ key, report }) => key !== source.key && report?.parameters.workload === source.report?.parameters.workload,
  );
  const before = others.find(({ key }) => key === beforeKey) ?? null;
  const workload = catalog?.find(({ id }) => id === source.report?.parameters.workload) ?? null;
  return (
    <div className={css("scaling")}>
      <h1 className="visually-hidden">Scaling</h1>
      <header className={css("head")}>
        <div className={css("choose")}>
          <SelectInput
            id="scaling-source"
            label="Results"
            value={source.key}
            choices={sources.map(({ key, title }) => ({ value: key, title }))}
            onChange={showSource}
          />
        </div>
        {others.length === 0 ? null : (
          <div className={css("choose")}>
            <SelectInput
              id="scaling-before"
              label="Compare with"
              value={before?.key ?? ""}
              choices={[
                { value: "", title: "Compare with …" },
                ...others.map(({ key, title }) => ({ value: key, title: `before: ${title}` })),
              ]}
              onChange={setBeforeKey}
            />
          </div>
        )}
        <Button onPress={() => void openResults()}>Open results…</Button>
      </header>
      <Body source={source} before={before} workload={workload} />
    </div>
  );
}

function Body({
  source,
  before,
  workload,
}: {
  readonly source: ResultSource;
  /** Drawn beside it; null for none. */
  readonly before: ResultSource | null;
  readonly workload: WorkloadFacts | null;
}) {
  const { report } = source;
  const findings = useMemo(() => source.findings ?? (report === null ? [] : inspectReport(report)), [source, report]);
  const results = useMemo<readonly BenchResult[]>(() => joinResults(before?.report ?? null, report), [before, report]);
  const axes = useMemo(() => (workload === null ? [] : axesOf(results, workload)), [results, workload]);
  const [axisId, setAxisId] = useState<string | null>(null);
  const axis = axes.find(({ id }) => id === axisId) ?? axes[0];
  if (report === null)
    return (
      <div className={css("body")}>
        <Findings findings={findings} what={source.title} />
      </div>
    );
  if (workload === null)
    return <Empty title="Unknown workload">This build has no workload “{report.parameters.workload}”.</Empty>;
  return (
    <div className={css("body")}>
      {axis === undefined ? (
        <Empty title="One size only">
          A curve needs two sizes or more: give {workload.axes.join(" or ")} several values, such as 1, 2, 4, 8.
        </Empty>
      ) : (
        <ScalingChart
          key={`${source.key} ${before?.key ?? ""} ${axis.id}`}
          source={source}
          results={results}
          workload={workload}
          axis={axis}
          axes={axes}
          onAxis={setAxisId}
        />
      )}
      {findings.length === 0 ? null : <Findings findings={findings} what={source.title} />}
    </div>
  );
}
