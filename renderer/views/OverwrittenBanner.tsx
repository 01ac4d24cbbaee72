import { formatCount } from "../../traces/model/format-units.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { Banner } from "../ui/Banner.tsx";

/** Says how much of a long run is no longer held. */
export function OverwrittenBanner({ tab }: { readonly tab: TraceTab | null }) {
  const store = useAppStore();
  const lost = tab?.summary?.ledger.dropped.find(({ code }) => code === "overwritten")?.count ?? 0;
  if (lost === 0) return null;
  return (
    <Banner tone="notice" action={{ title: "Show the ledger", run: () => store.getState().showDock("import") }}>
      <strong>{formatCount(lost)} earlier rows were overwritten.</strong> A run keeps its newest 60 million spans,
      marks, samples and notes on disk, fewer where the disk has no room or is too slow; times and sums cover only
      those.
    </Banner>
  );
}
