import type { Track } from "../model/trace.ts";

/** Names from the outermost track to this one, " / " between them. */
export function trackPath(tracks: readonly Track[], id: number): string {
  const names: string[] = [];
  for (let up: number | null = id; up !== null; up = tracks[up].parent) names.push(tracks[up].name);
  return names.toReversed().join(" / ");
}
