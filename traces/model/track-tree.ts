/** What places a track among others. */
export interface TrackPlace {
  readonly id: number;
  readonly parent: number | null;
  readonly sortIndex: number;
}

/** Siblings by their index, else as the file has them. */
export const compareTracks = (a: TrackPlace, b: TrackPlace): number => a.sortIndex - b.sortIndex || a.id - b.id;

/** Tracks by what holds them, as listed; null for those that nothing listed holds. */
export function tracksByParent<T extends TrackPlace>(tracks: readonly T[]): ReadonlyMap<number | null, readonly T[]> {
  const known = new Set(tracks.map(({ id }) => id));
  const groups = new Map<number | null, T[]>();
  for (const track of tracks) {
    const parent = track.parent !== null && known.has(track.parent) && track.parent !== track.id ? track.parent : null;
    const group = groups.get(parent);
    if (group === undefined) groups.set(parent, [track]);
    else group.push(track);
  }
  return groups;
}

/** Children below what holds them, as on the screen. A stack of its own: files hang a track below a track as often as they like. */
export function inScreenOrder<T extends TrackPlace>(tracks: readonly T[]): readonly T[] {
  const byParent = tracksByParent(tracks);
  const ordered: T[] = [];
  const waiting: T[] = [];
  const visit = (parent: number | null): void => {
    const siblings = byParent.get(parent);
    if (siblings === undefined) return;
    for (const track of siblings.toSorted((a, b) => compareTracks(b, a))) waiting.push(track);
  };
  visit(null);
  for (let track = waiting.pop(); track !== undefined; track = waiting.pop()) {
    ordered.push(track);
    visit(track.id);
  }
  return ordered;
}

/** A function that tells the outermost track that holds one: itself where none does. It remembers what it passes. */
export function outermostFinder<T extends TrackPlace>(tracks: readonly T[]): (track: T) => T {
  const byId = new Map(tracks.map((track) => [track.id, track]));
  const found = new Map<number, T>();
  return (track) => {
    const passed: number[] = [];
    let top = track;
    while (passed.length <= tracks.length) {
      const parent: T | undefined = top.parent === null ? undefined : (found.get(top.parent) ?? byId.get(top.parent));
      if (parent === undefined || parent === top) break;
      top = parent;
      passed.push(top.id);
    }
    for (const id of passed) found.set(id, top);
    return top;
  };
}
