import type { AdviceSteps } from "../../../traces/advise/advice.ts";
import { formatCount, formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { TraceHead } from "../TraceHead.tsx";

interface FindingsHeadProps {
  readonly tab: TraceTab;
  readonly tabs: readonly TraceTab[];
  readonly steps: AdviceSteps | null;
}

/** Which trace is looked at, and what its savings refer to. */
export function FindingsHead({ tab, tabs, steps }: FindingsHeadProps) {
  return (
    <TraceHead title="Findings" tab={tab} tabs={tabs}>
      {steps === null ? "" : `${stepsText(steps)}${partialText(tab)}`}
    </TraceHead>
  );
}

/** Steps and findings of a trace that still grows are those of what is there. */
function partialText({ summary, isLive }: TraceTab): string {
  if (summary?.partial !== true) return "";
  return isLive ? "; the run still goes on" : "; the file is still being read";
}

function stepsText({ rule, count, leftOut, meanNs }: AdviceSteps): string {
  if (rule === "whole") return `no repeating steps: the whole trace of ${formatDuration(meanNs)} counts as one`;
  const how = rule === "period" ? ", found by their period" : "";
  const without = leftOut === 0 ? "" : `, without ${formatCount(leftOut)} of warm-up, compiling or cut`;
  return `${formatCounted(count, "step")} of ${formatDuration(meanNs)} on average${without}${how}`;
}
