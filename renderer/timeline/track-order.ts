import type { TrackSummary } from "../../electron/contract/engine-contract.ts";
import { tracksByParent } from "../../traces/model/track-tree.ts";
import { hasContent } from "../state/group-tracks.ts";
import type { TrackLayout } from "../state/trace-tab.ts";
import { siblingsInOrder } from "../state/track-layout.ts";

/** A track in the tree the user sees: without empty, hidden and filtered-out tracks, in display order. */
export interface TrackNode {
  readonly track: TrackSummary;
  readonly level: number;
  readonly children: readonly TrackNode[];
  /** It is there only for tracks below it, which match the filter: folded it would hide what was asked for. */
  readonly isPathToMatch: boolean;
}

/** A track whose children are still to come. */
interface OpenNode extends TrackNode {
  readonly children: TrackNode[];
  /** Those among which it is shown: of its parent, or the outermost ones. */
  readonly siblings: TrackNode[];
  readonly matches: boolean;
}

/**
 * The track tree in display order. Pinned tracks stay in it; `layoutStrips` moves them. Files hang a track below a track
 * as often as they like, so nothing here calls itself.
 */
export function orderTracks(
  tracks: readonly TrackSummary[],
  layout: Pick<TrackLayout, "hidden" | "order" | "groupBy" | "filter">,
): readonly TrackNode[] {
  const byParent = tracksByParent(tracks);
  const order = layout.order[layout.groupBy];
  const wanted = layout.filter.trim().toLowerCase();
  const roots: TrackNode[] = [];
  const waiting: OpenNode[] = [];
  const open = (parent: OpenNode | null): void => {
    const inOrder = siblingsInOrder(byParent.get(parent?.track.id ?? null) ?? [], order);
    for (let index = inOrder.length - 1; index >= 0; index--) {
      const track = inOrder[index];
      if (track === undefined || layout.hidden.has(track.id)) continue;
      const matches = (parent?.matches ?? wanted === "") || matchesFilter(track, wanted);
      const level = parent === null ? 0 : parent.level + 1;
      waiting.push({
        track,
        level,
        children: [],
        siblings: parent?.children ?? roots,
        matches,
        isPathToMatch: !matches,
      });
    }
  };
  const met: OpenNode[] = [];
  open(null);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    met.push(node);
    open(node);
  }
  // From the last one on: what a track holds is complete before the track is looked at.
  for (const { track, level, children, siblings, matches, isPathToMatch } of met.toReversed()) {
    if (children.length === 0 && !(matches && hasContent(track))) continue;
    siblings.push({ track, level, children: children.toReversed(), isPathToMatch });
  }
  return roots.toReversed();
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

function matchesFilter(track: TrackSummary, wanted: string): boolean {
  return track.name.toLowerCase().includes(wanted) || track.detail.toLowerCase().includes(wanted);
}
