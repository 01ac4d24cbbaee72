import { useState } from "react";
import { formatCount } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Banner } from "../../ui/Banner.tsx";

/** Says that a part of the file is missing, and where to read more. */
export function TruncationBanner({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [dismissed, setDismissed] = useState(false);
  const { summary } = tab;
  if (summary === null || summary.partial || summary.ledger.outcome !== "partial" || dismissed) return null;
  const { truncatedAtByte } = summary.ledger;
  const where =
    truncatedAtByte === undefined
      ? "A part of this file is missing."
      : `The file breaks off at byte ${formatCount(truncatedAtByte)}.`;
  const kept =
    summary.spanCount + summary.instantCount + summary.sampleCount === 0
      ? "There is no complete event before it."
      : "All complete events before it are shown; times and sums cover only those.";
  return (
    <Banner
      tone="notice"
      action={{ title: "Show the ledger", run: () => store.getState().showDock("import") }}
      onDismiss={() => setDismissed(true)}
    >
      <strong>{where}</strong> {kept}
    </Banner>
  );
}
