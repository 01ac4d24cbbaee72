import type { TraceSummary, TrackSummary } from "../../electron/contract/engine-contract.ts";
import { compareTracks } from "../../traces/model/track-tree.ts";
import { groupTracks, rememberedRoles, roleWord } from "./group-tracks.ts";
import type { TrackLayout } from "./trace-tab.ts";

/** What is remembered of a layout between traces of one format: names, because ids differ from file to file. */
export interface RememberedLayout {
  readonly rowHeight: TrackLayout["rowHeight"];
  readonly groupBy: TrackLayout["groupBy"];
  /** Words of `trackWord` and `roleWord`. */
  readonly collapsed: readonly string[];
}

/** What the button and the key change each height to. */
export const nextRowHeight: Readonly<Record<TrackLayout["rowHeight"], TrackLayout["rowHeight"]>> = {
  compact: "normal",
  normal: "roomy",
  roomy: "compact",
};

/** More would be one trace's layout rather than a habit. */
export const maxRememberedTracks = 100;

/** Siblings in display order: where the user put them, the others where the trace has them. */
export function siblingsInOrder(
  siblings: readonly TrackSummary[],
  order: ReadonlyMap<number, number>,
): readonly TrackSummary[] {
  const byTrace = isInOrder(siblings) ? siblings : siblings.toSorted(compareTracks);
  if (order.size === 0) return byTrace;
  const position = new Map(byTrace.map(({ id }, index) => [id, order.get(id) ?? index]));
  return byTrace.toSorted((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

/** As nearly all lists are, however long. */
function isInOrder(list: readonly TrackSummary[]): boolean {
  return list.every((track, index) => {
    const before = list[index - 1];
    return before === undefined || compareTracks(before, track) < 0;
  });
}

/** What makes tracks of two traces "the same": kind and name, numbers set aside (process ids differ from run to run). */
export function trackWord(track: TrackSummary): string {
  return `${track.kind}/${track.name.replace(/\d+/g, "#")}`;
}

export function layoutFor(
  summary: TraceSummary,
  remembered: RememberedLayout | null,
  layout: TrackLayout,
): TrackLayout {
  if (remembered === null) return layout;
  const words = new Set(remembered.collapsed);
  return {
    ...layout,
    rowHeight: remembered.rowHeight,
    groupBy: remembered.groupBy,
    collapsed: new Set([
      ...summary.tracks.filter((track) => words.has(trackWord(track))).map((track) => track.id),
      ...rememberedRoles(words),
    ]),
  };
}

export function rememberLayout(summary: TraceSummary, layout: TrackLayout): RememberedLayout {
  const { rowHeight, groupBy, collapsed } = layout;
  const words = [
    ...[...collapsed].flatMap((id) => roleWord(id) ?? []),
    ...summary.tracks.filter((track) => collapsed.has(track.id)).map(trackWord),
  ];
  return { rowHeight, groupBy, collapsed: [...new Set(words)].slice(0, maxRememberedTracks) };
}

/** The track and everything that holds it in the layout, innermost first. */
export function trackAndHolders(summary: TraceSummary, layout: TrackLayout, track: number): readonly number[] {
  const byId = new Map(groupTracks(summary, layout).map((each) => [each.id, each]));
  const out: number[] = [];
  for (let id: number | null = track; id !== null; id = byId.get(id)?.parent ?? null) out.push(id);
  return out;
}
