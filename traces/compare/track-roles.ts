import { flagsOf, selfOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";
import { SpanKind, spanKindNames } from "../model/span-kind.ts";

/** Work of a device runs here. */
export function isDeviceTrack(track: Track): boolean {
  return track.kind === "stream";
}

/** 1 for the kinds that are listed. */
function flagKinds(kinds: readonly number[]): Uint8Array {
  const flags = new Uint8Array(spanKindNames.length);
  for (const kind of kinds) flags[kind] = 1;
  return flags;
}

/** Spans of these kinds are work of a device, when they lie on a device track. */
const deviceWork = flagKinds([
  SpanKind.kernel,
  SpanKind.collective,
  SpanKind.hostToDevice,
  SpanKind.deviceToHost,
  SpanKind.deviceToDevice,
]);

export function isDeviceWork(kind: number): boolean {
  return deviceWork[kind] === 1;
}

/** Spans that only hold others together. On a device their own time is that in which the device stands still. */
export function isGrouping(kind: number): boolean {
  return kind === SpanKind.phase || kind === SpanKind.step;
}

const tellingKinds = flagKinds([SpanKind.io, SpanKind.sync, SpanKind.launch, SpanKind.compile, SpanKind.collective]);

/** Whether the kind of a host span says what it does or waits for. */
export function isTellingKind(kind: number): boolean {
  return tellingKinds[kind] === 1;
}

export interface TrackRoles {
  /** What a track is for, the same word in both sides of a comparison; null for tracks that hold no work. */
  readonly roleOf: readonly (string | null)[];
  /** Host thread that holds the steps, else the busiest; null in traces without threads. */
  readonly mainThread: number | null;
}

/**
 * Roles by what a track does, not by ids that differ from run to run: "main thread", "thread autograd", "device 0".
 * Streams of one device are one role: work moves between them without meaning.
 */
export function assignRoles(trace: Trace): TrackRoles {
  const mainThread = findMainThread(trace);
  const devices = [
    ...new Set(trace.tracks.filter((track) => isDeviceTrack(track) && track.spanCount > 0).map(({ parent }) => parent)),
  ].sort((a, b) => sortKey(trace, a) - sortKey(trace, b) || (a ?? -1) - (b ?? -1));
  const roleOf = trace.tracks.map((track): string | null => {
    if (track.spanCount === 0 || track.kind === "frame") return null;
    if (track.id === mainThread) return "main thread";
    if (!isDeviceTrack(track)) return `${track.kind} ${plainTrackName(track.name)}`;
    const device = `device ${devices.indexOf(track.parent)}`;
    return /^stream\b/i.test(track.name) ? device : `${device} ${plainTrackName(track.name)}`;
  });
  return { roleOf, mainThread };
}

function sortKey(trace: Trace, track: number | null): number {
  return track === null ? -1 : trace.tracks[track].sortIndex;
}

/** Thread names carry ids: "thread 25738 (python)" → "python", "pool/22267" → "pool". */
function plainTrackName(name: string): string {
  const plain = name
    .replace(/^thread -?\d+\s*/i, "")
    .replace(/[\s/#:_-]*-?\d+$/, "")
    .replace(/^\((.*)\)$/, "$1")
    .trim();
  return plain === "" ? "unnamed" : plain;
}

/** The thread with most steps, else the one that is the main one by its name or id, else the busiest. */
function findMainThread(trace: Trace): number | null {
  const { spans } = trace;
  let main: number | null = null;
  let best: readonly number[] = [];
  for (const track of trace.tracks) {
    if (track.kind !== "thread" || track.spanCount === 0) continue;
    let steps = 0;
    let busyNs = 0;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if (spans.kind[span] === SpanKind.step) steps++;
      if ((flagsOf(spans, span) & SpanFlag.openEnded) === 0) busyNs += selfOf(spans, span);
    }
    const rank = [steps, Number(isMainByName(trace, track)), busyNs];
    if (main !== null && !isAbove(rank, best)) continue;
    main = track.id;
    best = rank;
  }
  return main;
}

/** Called main, or with the id of its process, as the first thread of a Linux process. */
function isMainByName(trace: Trace, { name, detail, parent }: Track): boolean {
  if (/^main\b|\bmain ?thread\b/i.test(name)) return true;
  const thread = /^tid (\d+)$/.exec(detail)?.[1];
  return thread !== undefined && parent !== null && trace.tracks[parent].detail.startsWith(`pid ${thread}`);
}

function isAbove(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, i) => value !== other[i]);
  return at >= 0 && rank[at] > other[at];
}
