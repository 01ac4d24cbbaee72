import { useMemo, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { AdviceReply } from "../../../electron/contract/engine-contract.ts";
import type { Finding } from "../../../traces/advise/advice.ts";
import { formatCounted, formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import { revisionOf } from "../../state/scope.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { ErrorBoundary } from "../../ui/ErrorBoundary.tsx";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { TimelinePane } from "../TimelinePane.tsx";
import { useReadableTabs } from "../use-readable-tabs.ts";
import { FindingDetail } from "./FindingDetail.tsx";
import { FindingsHead } from "./FindingsHead.tsx";
import styles from "./FindingsView.module.css";
import { RulesWithout } from "./RulesWithout.tsx";
import { severityWords } from "./severity-words.ts";

const css = classes(styles);

/** What the open trace says about where its time could be saved, with the evidence in its timeline. */
export function FindingsView() {
  const { tabs, tab } = useReadableTabs();
  if (tab === null)
    return (
      <>
        <h1 className="visually-hidden">Findings</h1>
        <Empty title="No trace to look at">
          Open a trace, or profile a workload: what its steps lose, and to what, is listed here.
        </Empty>
      </>
    );
  return <TraceFindings key={tab.key} tab={tab} tabs={tabs} />;
}

function TraceFindings({ tab, tabs }: { readonly tab: TraceTab; readonly tabs: readonly TraceTab[] }) {
  const { reply, error } = useEngineQuery("advice.get", { trace: tab.key }, revisionOf(tab.summary));
  return (
    <div className={css("view")}>
      <FindingsHead tab={tab} tabs={tabs} steps={reply?.advice.steps ?? null} />
      {error !== null ? (
        <Empty title="The trace could not be looked at">{error}</Empty>
      ) : reply === null ? (
        <Empty title="Looking through the trace…">Every rule reads the spans of all steps.</Empty>
      ) : (
        <Found tab={tab} reply={reply} />
      )}
    </div>
  );
}

function Found({ tab, reply }: { readonly tab: TraceTab; readonly reply: AdviceReply }) {
  const { findings, steps } = reply.advice;
  const [chosen, setChosen] = useState(0);
  const index = Math.min(chosen, findings.length - 1);
  const finding = findings[index];
  const items = useMemo(() => findings.map((each, id) => ({ id, each })), [findings]);
  return (
    <div className={css("body")}>
      <div className={css("side")}>
        {findings.length === 0 ? (
          <p className={css("none")}>Nothing found: no rule sees a loss above its threshold.</p>
        ) : (
          <ListBox
            aria-label="Findings, largest saving first"
            className={css("list")}
            items={items}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[index]}
            onSelectionChange={(keys) => setChosen(Number([...keys][0] ?? 0))}
          >
            {({ id, each }) => (
              <ListBoxItem id={id} textValue={each.title} className={css("item")}>
                <span className={css("severity", each.severity)}>{severityWords[each.severity]}</span>
                <span className={css("title")}>{each.title}</span>
                <span className={css("saving")}>{savingWords(each, steps.meanNs)}</span>
                <span className={css("about")}>
                  {each.rule}, {each.evidenceCount === 0 ? "the import" : formatCounted(each.evidenceCount, "span")},
                  confidence {formatShare(each.confidence)}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        )}
        <RulesWithout advice={reply.advice} />
      </div>
      <Group orientation="vertical" className={css("evidence")} id="findings-panels">
        <Panel id="finding" minSize={160} defaultSize="52%">
          {finding === undefined ? (
            <Empty title="Nothing to mend here">
              What each rule looked for stands on the left; rules that could not look say what they need.
            </Empty>
          ) : (
            <FindingDetail key={index} tab={tab} finding={finding} spans={reply.evidence[index] ?? []} steps={steps} />
          )}
        </Panel>
        <Separator className={css("separator")} aria-label="Height of the timeline" />
        <Panel id="finding-timeline" minSize={120}>
          <ErrorBoundary what="The timeline">
            <TimelinePane key={tab.key} tab={tab} />
          </ErrorBoundary>
        </Panel>
      </Group>
    </div>
  );
}

function savingWords({ saving, savingAlone }: Finding, stepNs: number): string {
  if (savingAlone.midNs === 0) return "no saving of its own";
  if (saving.midNs === 0) return "within the findings above";
  return `${formatDuration(saving.midNs)}, ${formatShare(saving.midNs / stepNs)}`;
}
