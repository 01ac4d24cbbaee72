import type { TrackSummary } from "../contract/engine-contract.ts";

/** Children below what holds them. */
export function inScreenOrder(tracks: readonly TrackSummary[]): readonly TrackSummary[] {
  const children = new Map<number | null, TrackSummary[]>();
  for (const track of tracks) {
    const siblings = children.get(track.parent);
    if (siblings === undefined) children.set(track.parent, [track]);
    else siblings.push(track);
  }
  const ordered: TrackSummary[] = [];
  const visit = (parent: number | null): void => {
    for (const track of (children.get(parent) ?? []).toSorted((a, b) => a.sortIndex - b.sortIndex || a.id - b.id)) {
      ordered.push(track);
      visit(track.id);
    }
  };
  visit(null);
  return ordered;
}
