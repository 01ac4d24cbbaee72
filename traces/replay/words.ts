import { formatCounted, formatDuration, formatShare } from "../model/format-units.ts";
import type { WhatIf } from "./what-if.ts";

/** How the numbers come about, for people. */
export const replayMethod =
  "A step is replayed as pieces of spans that wait for each other: the one before on the same thread or stream, the launch, the end of what is waited for. The thread of the steps, other threads that launch device work, and devices take part; everything else, and distances for which the trace shows no reason, stays as it was.";

/** "A step would take 12.9 ms instead of 20.1 ms: −7.21 ms, −35.9 % (95 % −7.30 ms to −7.10 ms over 11 steps)." */
export function describeWhatIf({ rule, stepCount, beforeNs, afterNs, savedNs, edits }: WhatIf): string {
  const what = rule === "whole" ? "The trace" : "A step";
  const takes = rule === "whole" ? "takes" : `takes on average, over ${formatCounted(stepCount, "step")},`;
  if (edits.length === 0) return `${what} ${takes} ${formatDuration(beforeNs)}.`;
  const change = afterNs - beforeNs;
  // Exact ties only: an edit that is not on the path moves nothing.
  if (Math.abs(change) < 0.5)
    return `${what} would still take ${formatDuration(beforeNs)}: the change is off the critical path.`;
  const over =
    savedNs === null
      ? ""
      : ` (95 % ${signed(-savedNs[1])} to ${signed(-savedNs[0])} over ${formatCounted(stepCount, "step")})`;
  return `${what} would take ${formatDuration(afterNs)} instead of ${formatDuration(beforeNs)}: ${signed(change)}, ${change < 0 ? "−" : "+"}${formatShare(Math.abs(change) / beforeNs)}${over}.`;
}

function signed(ns: number): string {
  return ns < 0 ? `−${formatDuration(-ns)}` : `+${formatDuration(ns)}`;
}

/** What limits the answer; empty for most traces. */
export function doubtsOf({ hasLaunches, hasStreamWaits, path, rule, edits }: WhatIf): readonly string[] {
  const hasDevice = path.some(({ place }) => place === "device");
  return [
    ...(hasDevice && !hasLaunches
      ? ["The trace does not say what launched the work of the device: its idle times stay as they were."]
      : []),
    ...(hasStreamWaits && edits.length > 0
      ? [
          "Streams wait for events of each other. The trace shows only waits that lasted: where the order of their work changes, the answer may be off by some percent.",
        ]
      : []),
    ...(rule === "whole" ? ["No steps repeat, so nothing tells how sure this is."] : []),
  ];
}
