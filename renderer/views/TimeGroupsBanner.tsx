import { useState } from "react";
import { describeGroup, describeGroups } from "../../traces/model/time-group.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab, Viewport } from "../state/trace-tab.ts";
import { viewOfGroup } from "../state/viewport.ts";
import { Banner } from "../ui/Banner.tsx";
import { Segmented } from "../ui/Segmented.tsx";

/** Says that times lie far apart, as those of two clocks do, which part is on the screen, and leads to the others. */
export function TimeGroupsBanner({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [dismissed, setDismissed] = useState(false);
  const groups = tab.summary?.timeGroups ?? [];
  if (tab.summary === null || groups.length === 0 || dismissed) return null;
  const { durationNs } = tab.summary;
  const places: readonly { readonly title: string; readonly view: Viewport }[] = [
    ...groups.map((group, index) => ({ title: `${index + 1}: ${describeGroup(group)}`, view: viewOfGroup(group) })),
    { title: "Whole trace", view: { startNs: 0, endNs: durationNs } },
  ];
  const { startNs, endNs } = tab.viewport;
  const shown = places.findIndex(({ view }) => view.startNs === startNs && view.endNs === endNs);
  return (
    <Banner
      tone="notice"
      onDismiss={() => setDismissed(true)}
      controls={
        <Segmented
          label="What the timeline shows"
          value={String(shown)}
          options={places.map(({ title }, index) => ({ value: String(index), title }))}
          onChange={(index) => {
            const place = places[Number(index)];
            if (place !== undefined) store.getState().zoomTo(tab.key, place.view, true);
          }}
        />
      }
    >
      <strong>{describeGroups(groups)}.</strong> Two clocks in one file look like this, or a few wrong times.
    </Banner>
  );
}
