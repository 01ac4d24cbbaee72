import { useState } from "react";
import type { TraceSummary } from "../../../electron/contract/engine-contract.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import { breakingPoint, spanLimitCode } from "../../../traces/model/ledger.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Banner } from "../../ui/Banner.tsx";

/** Says that a part of the file is missing, and where to read more. */
export function TruncationBanner({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [dismissed, setDismissed] = useState(false);
  const { summary } = tab;
  if (summary === null || summary.partial || summary.ledger.outcome !== "partial" || dismissed) return null;
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

function whatIsMissing({
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
