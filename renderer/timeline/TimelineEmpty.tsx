import { formatCounted } from "../../traces/model/format-units.ts";
import type { TimelineActions, TraceTab, TrackLayout } from "../state/trace-tab.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./Timeline.module.css";

/** The timeline of a trace in which there is nothing to draw, or nothing yet. */
export function TimelineEmpty({ tab }: { readonly tab: TraceTab }) {
  const [title, text] = words(tab);
  return (
    <div className={styles["empty"]}>
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}

/** Why none of the tracks is on the screen, and the way back. */
export function NoTracks({ layout }: { readonly layout: TrackLayout }) {
  const filter = layout.filter.trim();
  return (
    <output className={`${styles["empty"]} ${styles["noTracks"]}`}>
      <strong>{filter === "" ? "All tracks are hidden" : `No track matches “${filter}”`}</strong>
      <span>
        {filter === "" ? "Shift+H shows them again." : "The filter looks for names of tracks, and for their numbers."}
      </span>
    </output>
  );
}

/**
 * A run that goes on shows its newest spans alone, so that those under a view that stays leave it: says so where they
 * were, and leads to what is there, which is followed from then on.
 */
export function LeftLiveView({ tab, actions }: { readonly tab: TraceTab; readonly actions: TimelineActions }) {
  const { summary, viewport, isLive } = tab;
  if (!isLive || summary === null || !summary.partial || viewport.endNs > summary.completeFromNs) return null;
  const { completeFromNs, durationNs } = summary;
  return (
    <output className={`${styles["empty"]} ${styles["noTracks"]}`}>
      <strong>The spans of this time have left the live view</strong>
      <span>While a run goes on its newest spans are shown; the others come back when it ends.</span>
      <Button onPress={() => actions.zoomTo({ startNs: completeFromNs, endNs: durationNs }, true)}>
        Follow the end
      </Button>
    </output>
  );
}

function words(tab: TraceTab): readonly [title: string, text: string] {
  const { load, summary } = tab;
  switch (load.kind) {
    case "loading":
      return [`Reading ${tab.fileName}`, "The first spans appear as soon as they are read."];
    case "cancelled":
      return ["Reading was cancelled", "Nothing of this file is kept. Open it again to read it."];
    case "failed":
      return ["This file could not be read", load.error.message];
    case "ready": {
      const dropped = summary?.ledger.dropped.reduce((sum, line) => sum + line.count, 0) ?? 0;
      const read = formatCounted(summary?.ledger.eventsRead ?? 0, "event");
      return [
        "No spans in this trace",
        dropped > 0
          ? `The file has ${read}; ${formatCounted(dropped, "event")} could not be used. The Import panel says why.`
          : `The file has ${read}, none of which takes time.`,
      ];
    }
  }
}
