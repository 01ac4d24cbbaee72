import type { TrackSummary } from "../../electron/contract/engine-contract.ts";
import type { TrackLayout } from "../state/trace-tab.ts";

/** A track in the tree the user sees: without empty, hidden and filtered-out tracks, in display order. */
export interface TrackNode {
  readonly track: TrackSummary;
  readonly level: number;
  readonly children: readonly TrackNode[];
}

/** The track tree in display order. Pinned tracks stay in it; `layoutStrips` moves them. */
export function orderTracks(
  tracks: readonly TrackSummary[],
  layout: Pick<TrackLayout, "hidden" | "order" | "filter">,
): readonly TrackNode[] {
  const childrenOf = groupByParent(tracks);
  const wanted = layout.filter.trim().toLowerCase();
  const sorted = (list: readonly TrackSummary[]): readonly TrackSummary[] => {
    const byTrace = isInOrder(list) ? list : list.toSorted(compareTracks);
    if (layout.order.size === 0) return byTrace;
    const position = new Map(byTrace.map((track, index) => [track.id, layout.order.get(track.id) ?? index]));
    return byTrace.toSorted((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
  };

  const build = (track: TrackSummary, level: number, inherited: boolean): TrackNode | null => {
    if (layout.hidden.has(track.id)) return null;
    const matches = inherited || wanted === "" || matchesFilter(track, wanted);
    const children = buildAll(childrenOf.get(track.id) ?? [], level + 1, matches);
    const shown = children.length > 0 || (matches && hasContent(track));
    return shown ? { track, level, children } : null;
  };
  const buildAll = (list: readonly TrackSummary[], level: number, inherited: boolean): TrackNode[] => {
    const nodes: TrackNode[] = [];
    for (const track of sorted(list)) {
      const node = build(track, level, inherited);
      if (node !== null) nodes.push(node);
    }
    return nodes;
  };
  return buildAll(childrenOf.get(null) ?? [], 0, false);
}

const compareTracks = (a: TrackSummary, b: TrackSummary): number => a.sortIndex - b.sortIndex || a.id - b.id;

/** As nearly all lists are, however long. */
function isInOrder(list: readonly TrackSummary[]): boolean {
  return list.every((track, index) => {
    const before = list[index - 1];
    return before === undefined || compareTracks(before, track) < 0;
  });
}

/** Whether a track has anything of its own to draw. */
export function hasContent(track: TrackSummary): boolean {
  return track.rowCount > 0 || track.instantCount > 0 || track.sampleCount > 0;
}

export const isGroup = (track: TrackSummary): boolean => track.kind === "process" || track.kind === "device";

/** A track and everything below it, in display order. */
export function* walkNodes(nodes: readonly TrackNode[]): Generator<TrackNode> {
  const waiting = nodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child !== undefined) waiting.push(child);
    }
  }
}

function groupByParent(tracks: readonly TrackSummary[]): ReadonlyMap<number | null, TrackSummary[]> {
  const known = new Set(tracks.map((track) => track.id));
  const groups = new Map<number | null, TrackSummary[]>();
  for (const track of tracks) {
    const parent = track.parent !== null && known.has(track.parent) && track.parent !== track.id ? track.parent : null;
    const group = groups.get(parent);
    if (group === undefined) groups.set(parent, [track]);
    else group.push(track);
  }
  return groups;
}

function matchesFilter(track: TrackSummary, wanted: string): boolean {
  return track.name.toLowerCase().includes(wanted) || track.detail.toLowerCase().includes(wanted);
}
