import { useState } from "react";
import { formatCount } from "../../traces/model/format-units.ts";
import { otherClockCode } from "../../traces/model/ledger.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { Banner } from "../ui/Banner.tsx";

/** Says that a file has events of another clock, too far away to be shown beside these, and leads to them. */
export function OtherClockBanner({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [dismissed, setDismissed] = useState(false);
  const { summary, isOtherClock } = tab;
  const left = summary?.ledger.dropped.find(({ code }) => code === otherClockCode);
  if (summary === null || summary.partial || left === undefined || dismissed) return null;
  return (
    <Banner
      tone="notice"
      action={{
        title: "Show those instead",
        run: () => store.getState().reopenTab(tab.key, { otherClock: !isOtherClock }),
      }}
      onDismiss={() => setDismissed(true)}
    >
      <strong>{`${formatCount(left.count)} ${left.message}, are not shown.`}</strong> Times are told up to 52 days
      apart; sums cover only what is shown.
    </Banner>
  );
}
