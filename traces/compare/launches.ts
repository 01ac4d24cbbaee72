import { placeOfLink, spansOfLinks } from "../model/link-table.ts";
import { SpanKind } from "../model/span-kind.ts";
import type { Trace, Track } from "../model/trace.ts";
import { trackOfSpan } from "../query/rows-of.ts";
import { isDeviceTrack } from "./track-roles.ts";

/** Host span that launched each device span, by correlation id. */
export interface Launches {
  /** SpanId of the launcher, -1 for host spans and device spans without one. */
  launcherOf(span: number): number;
  readonly known: boolean;
}

export function findLaunches(trace: Trace): Launches {
  const { kind, length } = trace.spans;
  const launchers = new LauncherTable(trace.spans.links?.id.length ?? 0);
  for (const track of trace.tracks)
    if (track.kind === "thread")
      forEachLink(trace, track, (link, span) => launchers.note(link, span, kind[span] === SpanKind.launch));
  if (launchers.isEmpty) return unknown;
  const launcher = new Int32Array(length).fill(-1);
  let known = false;
  for (const track of trace.tracks) {
    if (!isDeviceTrack(track)) continue;
    forEachLink(trace, track, (link, span) => {
      launcher[span] = launchers.find(link);
      known ||= launcher[span] >= 0;
    });
  }
  return known ? { launcherOf: (span) => launcher[span], known } : unknown;
}

const unknown: Launches = { launcherOf: () => -1, known: false };

/** Spans of a track that have a correlation id, ascending. */
function forEachLink(
  { spans: { links } }: Trace,
  { firstSpan, spanCount }: Track,
  visit: (link: number, span: number) => void,
): void {
  if (links === undefined) return;
  const begin = placeOfLink(links, firstSpan);
  const linked = spansOfLinks(links, begin, placeOfLink(links, firstSpan + spanCount));
  for (let i = 0; i < linked.length; i++) visit(links.id[begin + i], linked[i]);
}

/** Launchers by correlation id, which is never 0: open addressing, load at most one half. */
class LauncherTable {
  isEmpty = true;
  readonly #bits: number;
  readonly #links: Uint32Array;
  readonly #spans: Int32Array;

  /** There will be at most so many. */
  constructor(most: number) {
    this.#bits = Math.ceil(Math.log2(2 * most + 2));
    this.#links = new Uint32Array(2 ** this.#bits);
    this.#spans = new Int32Array(2 ** this.#bits);
  }

  /** The first span with an id, or its last launch. */
  note(link: number, span: number, isLaunch: boolean): void {
    const slot = this.#slotOf(link);
    if (this.#links[slot] === link && !isLaunch) return;
    this.#links[slot] = link;
    this.#spans[slot] = span;
    this.isEmpty = false;
  }

  /** -1 for none. */
  find(link: number): number {
    const slot = this.#slotOf(link);
    return this.#links[slot] === link ? this.#spans[slot] : -1;
  }

  /** Of an id, or where it belongs. */
  #slotOf(link: number): number {
    const mask = this.#links.length - 1;
    let slot = Math.imul(link, 0x9e3779b1) >>> (32 - this.#bits);
    while (this.#links[slot] !== 0 && this.#links[slot] !== link) slot = (slot + 1) & mask;
    return slot;
  }
}

/** Host threads that launched work of a device, in the order of their tracks. */
export function launchingThreads(trace: Trace, { launcherOf, known }: Launches): readonly number[] {
  const threads = new Set<number>();
  // Work that follows each other is mostly launched by one thread.
  let [first, end] = [0, 0];
  for (const { firstSpan, spanCount } of known ? trace.tracks.filter(isDeviceTrack) : [])
    for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
      const launcher = launcherOf(span);
      if (launcher < 0 || (launcher >= first && launcher < end)) continue;
      const thread = trackOfSpan(trace, launcher);
      threads.add(thread.id);
      [first, end] = [thread.firstSpan, thread.firstSpan + thread.spanCount];
    }
  return [...threads].toSorted((a, b) => a - b);
}
