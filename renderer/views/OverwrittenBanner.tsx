import { formatCount } from "../../traces/model/format-units.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { Banner } from "../ui/Banner.tsx";

/** Says how much of a long run its recorders no longer hold. */
export function OverwrittenBanner({ tab }: { readonly tab: TraceTab | null }) {
  const store = useAppStore();
  const lost = tab?.summary?.ledger.dropped.find(({ code }) => code === "overwritten")?.count ?? 0;
  if (lost === 0) return null;
  return (
    <Banner tone="notice" action={{ title: "Show the ledger", run: () => store.getState().showDock("import") }}>
      <strong>{formatCount(lost)} earlier rows were overwritten.</strong> Each thread of a run keeps its newest
      4,194,304 spans, marks, samples and notes; times and sums cover only those.
    </Banner>
  );
}
