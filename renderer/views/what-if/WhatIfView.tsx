import { useDeferredValue } from "react";
import type { ReplayRequest } from "../../../electron/contract/engine-contract.ts";
import { formatCounted, formatShare } from "../../../traces/model/format-units.ts";
import type { WhatIf } from "../../../traces/replay/what-if.ts";
import { describeWhatIf, doubtsOf, replayMethod } from "../../../traces/replay/words.ts";
import { revisionOf } from "../../state/scope.ts";
import { useApp } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import type { WhatIfChange } from "../../state/what-if-slice.ts";
import { Answer } from "../../ui/Answer.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import { TraceHead } from "../TraceHead.tsx";
import { useReadableTabs } from "../use-readable-tabs.ts";
import { ChangeList } from "./ChangeList.tsx";
import { PathGrid } from "./PathGrid.tsx";
import { StepBars } from "./StepBars.tsx";
import styles from "./WhatIfView.module.css";

const css = classes(styles);

/** What the steps of a trace would take if some of its spans took another time. */
export function WhatIfView() {
  const { tabs, tab } = useReadableTabs();
  if (tab === null)
    return (
      <>
        <h1 className="visually-hidden">What if</h1>
        <Empty title="No trace to ask">
          Open a trace, or profile a workload: its steps can then be replayed with spans left out, shorter or longer.
        </Empty>
      </>
    );
  return <TraceWhatIf key={tab.key} tab={tab} tabs={tabs} />;
}

const noChanges: readonly WhatIfChange[] = [];

function TraceWhatIf({ tab, tabs }: { readonly tab: TraceTab; readonly tabs: readonly TraceTab[] }) {
  const changes = useApp((state) => state.whatIfChanges[tab.key] ?? noChanges);
  const asked = useDeferredValue(changes).filter(({ query }) => query.trim() !== "");
  const edits = asked.map(({ query, factor, below }): ReplayRequest["edits"][number] => ({ query, factor, below }));
  const { reply, error, pending } = useEngineQuery("replay.ask", { trace: tab.key, edits }, revisionOf(tab.summary));
  const counts = new Map(asked.map(({ id }, index) => [id, reply?.edits[index]]));
  return (
    <div className={css("view")}>
      <TraceHead title="What if" tab={tab} tabs={tabs}>
        {reply === null ? "" : stepsText(reply)}
      </TraceHead>
      <div className={css("body")}>
        <ScrollArea label="Changes" className={css("side")}>
          <ChangeList trace={tab.key} changes={changes} counts={pending || error !== null ? new Map() : counts} />
          {error === null || pending ? null : (
            <p className={css("error")} role="alert">
              {error}
            </p>
          )}
          <p className={css("method")}>{replayMethod}</p>
        </ScrollArea>
        {reply === null ? (
          error === null ? (
            <Empty title="Replaying the trace…">Every span is put behind what it waited for.</Empty>
          ) : (
            <Empty title="The trace could not be replayed">{error}</Empty>
          )
        ) : (
          <Answer isStale={pending || error !== null}>
            <Told tab={tab} reply={reply} />
          </Answer>
        )}
      </div>
    </div>
  );
}

function Told({ tab, reply }: { readonly tab: TraceTab; readonly reply: WhatIf }) {
  return (
    <div className={css("told")}>
      <div className={css("verdict")}>
        <p className={css("sentence")} aria-live="polite">
          {describeWhatIf(reply)}
        </p>
        <StepBars reply={reply} />
        {doubtsOf(reply).map((doubt) => (
          <p key={doubt} className={css("doubt")}>
            {doubt}
          </p>
        ))}
      </div>
      <PathGrid tab={tab} reply={reply} />
    </div>
  );
}

function stepsText({ rule, stepCount, leftOut, errorShare }: WhatIf): string {
  if (rule === "whole") return "no repeating steps: the whole trace counts as one";
  const without = leftOut === 0 ? "" : `, without ${formatCounted(leftOut, "step")} of warm-up, compiling or cut`;
  return `${formatCounted(stepCount, "step")}${without}; unchanged, the replay meets them within ${formatShare(Math.max(0.001, errorShare))}`;
}
