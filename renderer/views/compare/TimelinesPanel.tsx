import { type KeyboardEvent, useMemo, useState } from "react";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import panelStyles from "../../dock/panel.module.css";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { layoutDual } from "./dual-layout.ts";
import { DualTable } from "./DualTable.tsx";
import { DualTimeline } from "./DualTimeline.tsx";
import { keptSteps, pickBoth, type SideSteps, type StepIndices } from "./step-pair.ts";
import { StepsBar, type StepsLook } from "./StepsBar.tsx";
import { useStepSpans } from "./use-step-spans.ts";

const css = classes(panelStyles);

/** One step of each side, one above the other. Steps are locked: going on one side goes on the other too. */
export function TimelinesPanel({ summary }: { readonly summary: ComparisonSummary }) {
  const steps = useMemo(() => ({ before: keptSteps(summary.before), after: keptSteps(summary.after) }), [summary]);
  const [at, setAt] = useState<StepIndices>(() => pickBoth(steps, "median"));
  const [look, setLook] = useState<StepsLook>({ scale: "true", shape: "drawn", ghost: true });
  const { before, after, layout, error } = useBothSteps(summary, steps, at);
  const move = (by: number): void => {
    const next = { before: at.before + by, after: at.after + by };
    if (steps.before[next.before] !== undefined && steps.after[next.after] !== undefined) setAt(next);
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.key !== "," && event.key !== ".") return;
    event.preventDefault();
    move(event.key === "." ? 1 : -1);
  };
  if (steps.before.length === 0 || steps.after.length === 0)
    return <Empty title="No timelines">These sides hold results without spans.</Empty>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the controls inside
    <div className={css("panel")} onKeyDown={handleKey}>
      <StepsBar
        steps={steps}
        at={at}
        onChoose={setAt}
        onMove={move}
        omittedCount={before.omitted + after.omitted}
        look={look}
        onLook={setLook}
      />
      <div className={css("body")}>
        {error !== null ? (
          <Empty title="The steps could not be read">{error}</Empty>
        ) : layout === null || before.spans === null || after.spans === null ? (
          <Empty title="Reading both steps…" />
        ) : look.shape === "table" ? (
          <DualTable layout={layout} />
        ) : (
          <DualTimeline
            summary={summary}
            layout={layout}
            before={before.spans}
            after={after.spans}
            isStretched={look.scale === "stretched"}
            ghost={look.ghost}
            parts={{ before: steps.before[at.before]?.part ?? 0, after: steps.after[at.after]?.part ?? 0 }}
          />
        )}
      </div>
    </div>
  );
}

/** Spans of both steps, and their places once they and their counterparts are known. */
function useBothSteps(summary: ComparisonSummary, steps: SideSteps, at: StepIndices) {
  const before = useStepSpans(summary, "before", steps.before[at.before] ?? null);
  const after = useStepSpans(summary, "after", steps.after[at.after] ?? null);
  const { reply, pending, error } = useEngineQuery("compare.pairs", {
    comparison: summary.comparison,
    beforeStep: at.before,
    afterStep: at.after,
  });
  const layout = useMemo(
    () =>
      before.spans === null || after.spans === null || reply === null || pending
        ? null
        : layoutDual(before.spans, after.spans, reply),
    [before.spans, after.spans, reply, pending],
  );
  return { before, after, layout, error: before.error ?? after.error ?? error };
}
