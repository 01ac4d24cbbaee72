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
  const launchers = new Map<number, number>();
  for (const track of trace.tracks) {
    if (track.kind !== "thread") continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++)
      if (link[span] !== 0 && (kind[span] === SpanKind.launch || !launchers.has(link[span])))
        launchers.set(link[span], span);
  }
  if (launchers.size === 0) return { launcherOf: () => -1, known: false };
  const launcher = new Int32Array(length).fill(-1);
  let known = false;
  for (const track of trace.tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const found = link[span] === 0 ? undefined : launchers.get(link[span]);
      if (found === undefined) continue;
      launcher[span] = found;
      known = true;
    }
  }
  return { launcherOf: (span) => launcher[span], known };
}
