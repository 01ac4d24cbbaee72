import { PairTable } from "../query/pair-table.ts";
import { linkOf } from "../model/link-table.ts";
import { SpanKind } from "../model/span-kind.ts";
import { isDeviceTrack } from "./track-roles.ts";
import type { Trace } from "../model/trace.ts";

/** Host span that launched each device span, by correlation id. */
export interface Launches {
  /** SpanId of the launcher, -1 for host spans and device spans without one. */
  launcherOf(span: number): number;
  readonly known: boolean;
}

export function findLaunches(trace: Trace): Launches {
  const { spans } = trace;
  if (spans.links === undefined) return { launcherOf: () => -1, known: false };
  const links = new PairTable();
  const launchers: number[] = [];
  for (const track of trace.tracks) {
    if (track.kind !== "thread") continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const link = linkOf(spans, span);
      if (link === 0) continue;
      const id = links.idOf(-1, link);
      if (spans.kind[span] === SpanKind.launch || id === launchers.length) launchers[id] = span;
    }
  }
  const hostLinks = launchers.length;
  if (hostLinks === 0) return { launcherOf: () => -1, known: false };
  const launcher = new Int32Array(spans.length).fill(-1);
  let known = false;
  for (const track of trace.tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const link = linkOf(spans, span);
      const id = link === 0 ? hostLinks : links.idOf(-1, link);
      // Links that no host span has are numbered behind those.
      if (id >= hostLinks) continue;
      launcher[span] = launchers[id];
      known = true;
    }
  }
  return { launcherOf: (span) => launcher[span], known };
}

/** Host threads that launched work of a device, in the order of their tracks. */
export function launchingThreads({ tracks, spans }: Trace, { launcherOf, known }: Launches): readonly number[] {
  if (!known) return [];
  const launches = new Uint8Array(spans.length);
  for (const track of tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const launcher = launcherOf(span);
      if (launcher >= 0) launches[launcher] = 1;
    }
  }
  return tracks
    .filter(
      ({ kind, firstSpan, spanCount }) =>
        kind === "thread" && launches.subarray(firstSpan, firstSpan + spanCount).includes(1),
    )
    .map(({ id }) => id);
}
