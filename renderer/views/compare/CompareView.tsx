import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import { ChartAbout } from "../../charts/chart-about.ts";
import { Waterfall } from "../../charts/Waterfall.tsx";
import { type CompareTab, compareTabs, resultTabs } from "../../state/compare-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { classes } from "../../ui/css.ts";
import { ErrorBoundary } from "../../ui/ErrorBoundary.tsx";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import { BreakdownPanel } from "./BreakdownPanel.tsx";
import { CompareStates } from "./CompareStates.tsx";
import styles from "./CompareView.module.css";
import { DeltaPanel } from "./DeltaPanel.tsx";
import { DiffFlamePanel } from "./DiffFlamePanel.tsx";
import { DistributionsPanel } from "./DistributionsPanel.tsx";
import { KernelsPanel } from "./KernelsPanel.tsx";
import { ResultsDistributions } from "./results/ResultsDistributions.tsx";
import { ResultsHead } from "./results/ResultsHead.tsx";
import { ResultsScaling } from "./results/ResultsScaling.tsx";
import { ResultsTable } from "./results/ResultsTable.tsx";
import { SidesBar } from "./SidesBar.tsx";
import { TimelinesPanel } from "./TimelinesPanel.tsx";
import { useComparison } from "./use-comparison.ts";
import { Verdict } from "./Verdict.tsx";
import { sidesWords, unitFor, waterfallRowsOf } from "./words.ts";

const css = classes(styles);

type EvidencePanels<Id extends CompareTab> = Readonly<
  Record<Id, { readonly title: string; readonly show: () => ReactNode }>
>;

const panelsOf = (summary: ComparisonSummary): EvidencePanels<(typeof compareTabs)[number]> => ({
  table: { title: "Table", show: () => <DeltaPanel summary={summary} /> },
  flame: { title: "Flame graph", show: () => <DiffFlamePanel summary={summary} /> },
  timelines: { title: "Timelines", show: () => <TimelinesPanel summary={summary} /> },
  distributions: { title: "Distributions", show: () => <DistributionsPanel summary={summary} /> },
  breakdown: { title: "Breakdown", show: () => <BreakdownPanel summary={summary} /> },
  kernels: { title: "Kernels", show: () => <KernelsPanel summary={summary} /> },
});

const resultPanelsOf = (result: MeasurementComparison): EvidencePanels<(typeof resultTabs)[number]> => ({
  table: { title: "Table", show: () => <ResultsTable result={result} /> },
  distributions: { title: "Distributions", show: () => <ResultsDistributions result={result} /> },
  scaling: { title: "Scaling", show: () => <ResultsScaling result={result} /> },
});

/** Before against after: the sentence first, then what it rests on. */
export function CompareView() {
  const comparison = useComparison();
  return (
    <div className={css("view")}>
      <SidesBar />
      {comparison.kind === "ready" ? (
        <ChartAbout value={sidesWords(comparison.summary.before, comparison.summary.after)}>
          <Compared key={comparison.summary.comparison} summary={comparison.summary} />
        </ChartAbout>
      ) : comparison.kind === "results" ? (
        <ChartAbout value={sidesOfResults(comparison.result)}>
          <ResultsHead result={comparison.result} />
          <div className={css("group")}>
            <Evidence tabs={resultTabs} panels={resultPanelsOf(comparison.result)} />
          </div>
        </ChartAbout>
      ) : (
        <>
          <h1 className="visually-hidden">Compare</h1>
          <CompareStates comparison={comparison} />
        </>
      )}
    </div>
  );
}

const sidesOfResults = ({ before, after, conditions }: MeasurementComparison): string =>
  sidesWords(
    { label: before.join(", "), conditions: conditions.before },
    { label: after.join(", "), conditions: conditions.after },
  );

function Compared({ summary }: { readonly summary: ComparisonSummary }) {
  return (
    <>
      <Verdict summary={summary} />
      <Group orientation="vertical" className={css("group")} id="compare-panels">
        <Panel
          id="compare-waterfall"
          minSize={80}
          defaultSize={waterfallPx()}
          groupResizeBehavior="preserve-pixel-size"
        >
          <ErrorBoundary what="The waterfall">
            <CausesChart summary={summary} />
          </ErrorBoundary>
        </Panel>
        <Separator className={css("separator")} aria-label="Height of the waterfall" />
        <Panel id="compare-evidence" minSize={160}>
          <Evidence tabs={compareTabs} panels={panelsOf(summary)} />
        </Panel>
      </Group>
    </>
  );
}

/** What the sentence rests on, one part at a time. A part that this comparison does not have is its first. */
function Evidence<Id extends CompareTab>({
  tabs,
  panels,
}: {
  readonly tabs: readonly Id[];
  readonly panels: EvidencePanels<Id>;
}) {
  const chosen = useApp((state) => state.compareTab);
  const { showCompareTab } = useAppStore().getState();
  const shown = tabs.find((id) => id === chosen) ?? tabs[0];
  return (
    <Tabs
      className={css("tabs")}
      {...(shown === undefined ? {} : { selectedKey: shown })}
      onSelectionChange={(key) => showCompareTab(key as CompareTab)}
    >
      <TabList aria-label="Evidence" className={css("tabList")}>
        {tabs.map((id) => (
          <Tab key={id} id={id} className={css("tab")}>
            {panels[id].title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((id) => (
        <TabPanel key={id} id={id} className={css("panel")}>
          <ErrorBoundary what={panels[id].title}>{panels[id].show()}</ErrorBoundary>
        </TabPanel>
      ))}
    </Tabs>
  );
}

/** A small window keeps its room for the evidence. */
const waterfallPx = (): number => Math.round(Math.max(210, innerHeight * 0.26));

/** The waterfall; a bar chosen here is the row of all other parts. */
function CausesChart({ summary }: { readonly summary: ComparisonSummary }) {
  const row = useApp((state) => state.compareRow);
  const { selectCompareRow } = useAppStore().getState();
  const { bars } = summary.waterfall;
  if (bars.length === 0) return null;
  const selected = row === null ? null : (bars.find((bar) => bar.row === row)?.id ?? null);
  return (
    <ScrollArea label="Waterfall" className={css("waterfall")}>
      <Waterfall
        title={`From before to after, per ${summary.headline.quantity === "step time" ? "step" : "run"}`}
        fileName="waterfall"
        rows={waterfallRowsOf(bars)}
        unit={unitFor(
          bars.filter((bar) => bar.kind === "before" || bar.kind === "after").map((bar) => bar.ns),
          "ns",
        )}
        selected={selected}
        onSelect={(id) => selectCompareRow(bars.find((bar) => bar.id === id)?.row ?? null)}
      />
    </ScrollArea>
  );
}
