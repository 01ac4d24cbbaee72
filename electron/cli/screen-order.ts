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
  // A stack of our own: files may hang a track below a track as often as they like.
  const waiting: TrackSummary[] = [];
  const visit = (parent: number | null): void => {
    const inOrder = (children.get(parent) ?? []).sort((a, b) => b.sortIndex - a.sortIndex || b.id - a.id);
    for (const track of inOrder) waiting.push(track);
  };
  visit(null);
  for (let track = waiting.pop(); track !== undefined; track = waiting.pop()) {
    ordered.push(track);
    visit(track.id);
  }
  return ordered;
}
