import type { TimelineController } from "./controller.ts";
import type { Pointer } from "./scene-of.ts";

/** What the pinned tracks were before and after a press of the key, and where the pointer was. */
export interface PinChange {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly pointer: Pointer | null;
}

/** Pins a track, or unpins it; below a pinned group what is pinned is the group. */
export function togglePin(timeline: TimelineController, track: number): void {
  const { pinned } = timeline.tab.layout;
  const holder = pinnedHolder(timeline, track);
  change(timeline, holder === null ? [...pinned, track] : pinned.filter((other) => other !== holder));
}

/**
 * A second press where the first one was takes that back, to the same place: pinning moves other tracks under the
 * pointer. Whether there was something to take back.
 */
export function takeBackPin(timeline: TimelineController): boolean {
  const { lastPin, pointer, tab } = timeline;
  if (lastPin === null || lastPin.after !== tab.layout.pinned) return false;
  if (pointer?.x !== lastPin.pointer?.x || pointer?.y !== lastPin.pointer?.y) return false;
  change(timeline, lastPin.before);
  return true;
}

function change(timeline: TimelineController, after: readonly number[]): void {
  timeline.lastPin = { before: timeline.tab.layout.pinned, after, pointer: timeline.pointer };
  timeline.actions.changeLayout({ pinned: after });
}

/** The pinned track that shows this one above the others: itself, or a group that holds it. */
function pinnedHolder({ tab, layout }: TimelineController, track: number): number | null {
  const { parentOf } = layout.get();
  for (let id: number | null = track; id !== null; id = parentOf.get(id) ?? null)
    if (tab.layout.pinned.includes(id)) return id;
  return null;
}
