import { useState } from "react";
import type { TraceSummary } from "../../../electron/contract/engine-contract.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import { breakingPoint, checksumCode, spanLimitCode } from "../../../traces/model/ledger.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Banner } from "../../ui/Banner.tsx";

/** Says that a part of the file is missing, or that it is damaged, and where to read more. */
export function TruncationBanner({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [dismissed, setDismissed] = useState(false);
  const { summary } = tab;
  if (summary === null || summary.partial || dismissed) return null;
  if (summary.ledger.outcome !== "partial" && !isDamaged(summary)) return null;
  return (
    <Banner
      tone="notice"
      action={{ title: "Show the ledger", run: () => store.getState().showDock("import") }}
      onDismiss={() => setDismissed(true)}
    >
      {whatIsMissing(summary).map((sentence, index) =>
        index === 0 ? <strong key={sentence}>{sentence} </strong> : sentence,
      )}
    </Banner>
  );
}

const isDamaged = ({ ledger }: TraceSummary): boolean => ledger.notes.some(({ code }) => code === checksumCode);

function whatIsMissing(summary: TraceSummary): readonly [string, string] {
  return summary.ledger.outcome === "partial" ? missingPart(summary) : damage(summary);
}

function damage({ ledger }: TraceSummary): readonly [string, string] {
  const leftOut = ledger.dropped.reduce((sum, { count }) => sum + count, 0);
  return [
    "This file is damaged: its checksum is another.",
    leftOut === 0
      ? "Every event could be read, but names and times may be wrong."
      : `${formatCount(leftOut)} of ${formatCount(ledger.eventsRead)} events could not be read; names and times of others may be wrong.`,
  ];
}

function missingPart({
  ledger,
  fileBytes,
  spanCount,
  instantCount,
  sampleCount,
}: TraceSummary): readonly [string, string] {
  const beyond = [...ledger.dropped, ...ledger.notes].find(({ code }) => code === spanLimitCode);
  if (beyond !== undefined) {
    const [from] = beyond.firstBytes;
    return [
      `${formatCount(beyond.count)} ${beyond.message} were left out.`,
      `${from === undefined ? "They are the last of the file" : `They begin at byte ${formatCount(from)}`}; times and sums cover only what comes before.`,
    ];
  }
  const brokenAt = breakingPoint(ledger, fileBytes);
  const [reason] = ledger.dropped;
  if (brokenAt === null && reason !== undefined && spanCount + instantCount + sampleCount === 0)
    return [
      "No event of this file could be kept.",
      `${formatCount(ledger.eventsRead)} were read; the first reason: ${reason.message}.`,
    ];
  return [
    brokenAt === null ? "A part of this file is missing." : `The file breaks off at ${brokenAt}.`,
    spanCount + instantCount + sampleCount === 0
      ? "There is no complete event before it."
      : "All complete events before it are shown; times and sums cover only those.",
  ];
}
