import { memo, useDeferredValue, useMemo, useState } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { RunKey, TraceKey } from "../../../electron/contract/keys.ts";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { toReportText } from "../../../native-bench/plan/report-text.ts";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import { resultsFileName } from "../../runs/results-file-name.ts";
import { hasResults } from "../../state/bench-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { isRunning, type RunRecord } from "../../state/run-record.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { findTab } from "../../state/update-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { ErrorBoundary } from "../../ui/ErrorBoundary.tsx";
import { useMountStages } from "../../ui/use-mount-stages.ts";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { IntegrityDetails } from "../integrity/IntegrityDetails.tsx";
import { OverwrittenBanner } from "../OverwrittenBanner.tsx";
import { TimelinePane } from "../TimelinePane.tsx";
import { AccuracyPanel } from "./AccuracyPanel.tsx";
import { EnvironmentPanel } from "./EnvironmentPanel.tsx";
import { FitPanel } from "./FitPanel.tsx";
import { ResultsPanel } from "./ResultsPanel.tsx";
import { RunHead } from "./RunHead.tsx";
import { TelemetryPanel } from "./TelemetryPanel.tsx";
import styles from "./RunPane.module.css";

const css = classes(styles);

type PanelId = "fit" | "results" | "accuracy" | "telemetry" | "environment";

/** Head, then the panes, their spans, and their results. */
const lastStage = 3;

/** One run: what it does now, its spans as they come, its results. */
export const RunPane = memo(function RunPane({
  run,
  workload,
}: {
  readonly run: RunRecord;
  readonly workload: WorkloadFacts;
}) {
  const stage = useMountStages(isRunning(run), lastStage);
  return (
    <div className={css("run")}>
      <RunHead run={run} workload={workload} />
      {/* Right below the head, which names the fastest: what must not be used is not told alone. */}
      <IntegrityDetails findings={run.findings} what={run.title} />
      <Overwritten trace={run.trace} />
      {stage < 1 ? null : (
        <Group orientation="vertical" className={css("group")} id="run-panels">
          <Panel id="spans" minSize={120} defaultSize="55%" className={css("spans")}>
            <ErrorBoundary what="The timeline">{stage < 2 ? null : <Spans trace={run.trace} />}</ErrorBoundary>
          </Panel>
          <Separator className={css("separator")} aria-label="Height of the results" />
          <Panel id="results" minSize={120}>
            {stage < 3 ? null : <RunDock run={run} workload={workload} />}
          </Panel>
        </Group>
      )}
    </div>
  );
});

/** The tab with the spans of a run. It grows several times a second: rendered in slices, as the run is. */
function useDeferredTab(trace: TraceKey): TraceTab | null {
  return useDeferredValue(useApp((state) => findTab(state, trace)));
}

function Overwritten({ trace }: { readonly trace: TraceKey }) {
  return <OverwrittenBanner tab={useDeferredTab(trace)} />;
}

/** The numbers of a run, one panel at a time. */
function RunDock({ run, workload }: { readonly run: RunRecord; readonly workload: WorkloadFacts }) {
  const found = useMemo(
    () => run.results.filter((result): result is BenchResult => result !== undefined),
    [run.results],
  );
  // The first rows bring a whole table: rendered in slices, a frame later.
  const results = useDeferredValue(found);
  const hasTelemetry = workload.shape === "session";
  const [panel, setPanel] = useState<PanelId>(hasTelemetry ? "telemetry" : "results");
  const isThere = panel === "telemetry" ? hasTelemetry : panel !== "fit" || run.maps.length > 0;
  const shown = isThere ? panel : hasTelemetry ? "telemetry" : "results";
  return (
    <div className={css("dock")}>
      <div className={css("head")}>
        <PanelChoice shown={shown} hasTelemetry={hasTelemetry} hasFit={run.maps.length > 0} onChange={setPanel} />
        <RunActions
          run={run.key}
          title={run.title}
          isCut={run.state.kind === "failed"}
          trace={run.trace}
          workload={workload}
          report={run.report}
        />
      </div>
      <ScrollArea className={css("body")} label="Part of the run that is shown">
        {shown === "fit" ? <FitPanel maps={run.maps} /> : null}
        {shown === "results" ? <ResultsPanel results={results} workload={workload} isStaged={isRunning(run)} /> : null}
        {shown === "accuracy" ? <AccuracyPanel results={results} isDone={!isRunning(run)} /> : null}
        {shown === "telemetry" ? <TelemetryPanel run={run} workload={workload} /> : null}
        {shown === "environment" ? <EnvironmentPanel run={run} /> : null}
      </ScrollArea>
    </div>
  );
}

/** Follows what there is to choose, not every number that a run tells. */
const PanelChoice = memo(function PanelChoice({
  shown,
  hasTelemetry,
  hasFit,
  onChange,
}: {
  readonly shown: PanelId;
  readonly hasTelemetry: boolean;
  readonly hasFit: boolean;
  readonly onChange: (panel: PanelId) => void;
}) {
  return (
    <Segmented
      label="What to show of the run"
      value={shown}
      options={[
        ...(hasTelemetry ? ([{ value: "telemetry", title: "Progress" }] as const) : []),
        ...(hasFit ? ([{ value: "fit", title: "Fit" }] as const) : []),
        { value: "results", title: "Results" },
        { value: "accuracy", title: "Accuracy" },
        { value: "environment", title: "Machine" },
      ]}
      onChange={onChange}
    />
  );
});

const Spans = memo(function Spans({ trace }: { readonly trace: TraceKey }) {
  const tab = useDeferredTab(trace);
  if (tab === null) return <Empty title="The tab with the spans of this run was closed" />;
  if (tab.load.kind === "failed") return <Empty title="This run has no spans">{tab.load.error.message}</Empty>;
  if (tab.summary === null) return <Empty title="No spans yet">The workload is being prepared.</Empty>;
  return <StagedTimeline key={tab.key} tab={tab} isStaged={tab.isLive} />;
});

/** The first spans of a run arrive while the window is in use. */
const StagedTimeline = memo(function StagedTimeline({
  tab,
  isStaged,
}: {
  readonly tab: TraceTab;
  readonly isStaged: boolean;
}) {
  return useMountStages(isStaged, 1) < 1 ? null : <TimelinePane tab={tab} />;
});

const RunActions = memo(function RunActions({
  run,
  title,
  isCut,
  trace,
  workload,
  report,
}: {
  readonly run: RunKey;
  readonly title: string;
  /** It failed: the report is what it had told of. */
  readonly isCut: boolean;
  readonly trace: TraceKey;
  readonly workload: WorkloadFacts;
  readonly report: BenchReport | null;
}) {
  const store = useAppStore();
  const isOpen = useApp((state) => findTab(state, trace) !== null);
  const isMeasured = useApp(({ runs }) => runs.some(({ key, results }) => key === run && hasResults({ results })));
  const { activateTab, showView, showSource, saveMade } = store.getState();
  const save = (): void => {
    if (report === null) return;
    const text = toReportText(report, workload);
    const name = resultsFileName(title, report.environment.startedAt, isCut);
    void saveMade("Report", name, () => Promise.resolve(new Blob([text], { type: "application/json" })));
  };
  return (
    <span className={css("actions")}>
      <Button look="quiet" isDisabled={!isOpen} onPress={() => activateTab(trace)}>
        Open the trace
      </Button>
      <Button
        look="quiet"
        isDisabled={!isMeasured}
        onPress={() => {
          showSource(run);
          showView("scaling");
        }}
      >
        Scaling
      </Button>
      <Button look="quiet" isDisabled={report === null} onPress={save}>
        Save results…
      </Button>
    </span>
  );
});
