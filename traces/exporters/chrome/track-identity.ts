import type { Track } from "../../model/trace.ts";
import { compareTracks, outermostFinder } from "../../model/track-tree.ts";

/** Who a track is in the events. */
export interface TrackIdentity {
  readonly pid: number;
  readonly tid: number;
}

/**
 * A pid and a tid for every track, unique together: those of the source where its details tell them, else free ones.
 * All tracks below one outermost track share its pid.
 */
export function identifyTracks(tracks: readonly Track[]): readonly TrackIdentity[] {
  const pids = new Map<number, number>();
  const usedPids = new Set<number>();
  const usedTids = new Map<number, Set<number>>();
  for (const track of tracks) {
    if (track.parent !== null) continue;
    const pid = freeNumber(numberOf(track.detail, "pid"), usedPids);
    pids.set(track.id, pid);
    usedTids.set(pid, new Set());
  }
  const outermost = outermostFinder(tracks);
  return tracks.map((track) => {
    const pid = pids.get(outermost(track).id) ?? 0;
    const used = usedTids.get(pid) ?? new Set();
    const wanted = track.parent === null ? 0 : numberOf(track.detail, "(?:tid|stream)");
    return { pid, tid: freeNumber(wanted, used) };
  });
}

/** Metadata events that name and order the tracks for other programs. */
export function* trackMetadata(
  tracks: readonly Track[],
  identities: readonly TrackIdentity[],
  hideHome: (text: string) => string,
): Generator<string, void> {
  const ranks = rankTracks(tracks);
  for (const track of tracks) {
    const { pid, tid } = identities[track.id];
    const event = (name: string, args: string): string =>
      `{"ph":"M","pid":${pid},"tid":${tid},"name":"${name}","args":{${args}}}`;
    const what = track.parent === null ? "process" : "thread";
    yield event(`${what}_name`, `"name":${JSON.stringify(hideHome(track.name))}`);
    yield event(`${what}_sort_index`, `"sort_index":${ranks[track.id]}`);
  }
}

/** Position of each track in the order of the screen: small numbers, which every reader takes. */
function rankTracks(tracks: readonly Track[]): readonly number[] {
  const order = tracks.toSorted(compareTracks);
  const ranks = tracks.map(() => 0);
  for (const [rank, track] of order.entries()) ranks[track.id] = rank;
  return ranks;
}

/** Numbers that a 32-bit reader takes too. */
const largestNumber = 2 ** 31 - 1;

function numberOf(detail: string, what: string): number | null {
  const match = new RegExp(`^${what} (\\d+)\\b`).exec(detail);
  const value = Number(match?.[1]);
  return match !== null && value <= largestNumber ? value : null;
}

function freeNumber(wanted: number | null, used: Set<number>): number {
  let number = wanted ?? 1;
  // Numbers that are taken grow fast, so that many tracks without one cost no search.
  if (used.has(number)) number = Math.max(number, used.size);
  while (used.has(number)) number++;
  used.add(number);
  return number;
}
