import { createPairTable } from "../query/pair-table.ts";
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
  const { link, kind, length } = trace.spans;
  if (link === undefined) return { launcherOf: () => -1, known: false };
  const links = createPairTable();
  const launchers: number[] = [];
  for (const track of trace.tracks) {
    if (track.kind !== "thread") continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++)
      if (link[span] !== 0) {
        const id = links.idOf(-1, link[span]);
        if (kind[span] === SpanKind.launch || id === launchers.length) launchers[id] = span;
      }
  }
  const hostLinks = launchers.length;
  if (hostLinks === 0) return { launcherOf: () => -1, known: false };
  const launcher = new Int32Array(length).fill(-1);
  let known = false;
  for (const track of trace.tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const id = link[span] === 0 ? hostLinks : links.idOf(-1, link[span]);
      // Links that no host span has are numbered behind those.
      if (id >= hostLinks) continue;
      launcher[span] = launchers[id];
      known = true;
    }
  }
  return { launcherOf: (span) => launcher[span], known };
}
