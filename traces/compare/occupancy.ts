import { SpanKind, spanKindNames } from "../model/span-kind.ts";
import { flagsOf, endOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";
import { PairTable } from "../query/pair-table.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { PartFacts } from "./find-steps.ts";
import { launchingThreads } from "./launches.ts";
import type { Step } from "./side.ts";
import { isDeviceTrack, isDeviceWork, isGrouping, isTellingKind } from "./track-roles.ts";
import { textOf } from "../model/text-table.ts";

/** Who owns the time of a step. */
export interface Owner {
  readonly kind: "device" | "host";
  /** What it does: a class of the breakdown. */
  readonly className: string;
  /** Canonical name of the spans. */
  readonly name: string;
}

/** Time of every kept step, each ns with exactly one owner or idle. Flat columns: [owner · stepCount + step]. */
export interface Occupancy {
  readonly owners: readonly Owner[];
  readonly ownedNs: Float64Array;
  /** Spans of the owner that own some of the step's time, and none of an earlier one. */
  readonly count: Float64Array;
  readonly stepNs: Float64Array;
  readonly idleNs: Float64Array;
  /** Time in which a device works, and the sum of what devices work. */
  readonly busyNs: Float64Array;
  readonly workNs: Float64Array;
  readonly hasDevice: boolean;
}

interface Segments {
  length: number;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly span: Int32Array;
}

/** `n` spans have at most 2n boundaries, and with them at most so many segments. */
function createSegments(spanCount: number): Segments {
  const most = 2 * spanCount + 1;
  return { length: 0, startNs: new Float64Array(most), endNs: new Float64Array(most), span: new Int32Array(most) };
}

/**
 * Partition of the steps. Device work owns its time, kernel before collective before copy where several run; what is
 * left belongs to the innermost span of the main thread, or, where this only has a step or phase open, of another thread
 * that launches device work (the backward pass of PyTorch has one of its own); what is left then is idle.
 */
export function* partitionSteps(
  facts: readonly PartFacts[],
  kept: readonly Step[],
  nameOf: (raw: string) => string,
): Sliced<Occupancy> {
  const book = createBook(kept.length);
  let hasDevice = false;
  for (let part = 0; part < facts.length; part++) {
    const { trace } = facts[part].part;
    const device = yield* deviceSegments(trace, book, kept, part);
    hasDevice ||= device.length > 0;
    const host = yield* hostSegments(facts[part]);
    const ownerOf = createOwnerFinder(trace, nameOf, book);
    const counted = new Uint8Array(trace.spans.length);
    yield;
    kept.forEach((step, index) => {
      if (step.part === part) fillStep({ step, index, device, host, ownerOf, book, counted });
    });
  }
  return { ...book.close(), hasDevice };
}

interface Book {
  ownerId(owner: Owner): number;
  own(owner: number, step: number, ns: number, counts: boolean): void;
  readonly stepNs: Float64Array;
  readonly idleNs: Float64Array;
  readonly busyNs: Float64Array;
  readonly workNs: Float64Array;
  close(): Omit<Occupancy, "hasDevice">;
}

function createBook(stepCount: number): Book {
  const ids = new Map<string, number>();
  const owners: Owner[] = [];
  const owned: Float64Array[] = [];
  const counts: Float64Array[] = [];
  const column = (): Float64Array => new Float64Array(stepCount);
  const columns = { stepNs: column(), idleNs: column(), busyNs: column(), workNs: column() };
  return {
    ...columns,
    ownerId(owner) {
      const key = `${owner.className}\u0000${owner.name}`;
      let id = ids.get(key);
      if (id === undefined) {
        id = owners.push(owner) - 1;
        owned.push(column());
        counts.push(column());
        ids.set(key, id);
      }
      return id;
    },
    own(owner, step, ns, isNew) {
      owned[owner][step] += ns;
      if (isNew) counts[owner][step]++;
    },
    close: () => ({ ...columns, owners, ownedNs: flatten(owned, stepCount), count: flatten(counts, stepCount) }),
  };
}

function flatten(columns: readonly Float64Array[], stepCount: number): Float64Array {
  const flat = new Float64Array(columns.length * stepCount);
  columns.forEach((column, index) => flat.set(column, index * stepCount));
  return flat;
}

const priorityOf = (kind: number): number => (kind === SpanKind.kernel ? 0 : kind === SpanKind.collective ? 1 : 2);

/** Device work without overlap, ascending; each piece goes to the first kernel, else collective, else copy. */
function* deviceSegments(trace: Trace, book: Book, kept: readonly Step[], part: number): Sliced<Segments> {
  const { spans } = trace;
  const work: number[] = [];
  for (const track of trace.tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++)
      if (isDeviceWork(spans.kind[span]) && (flagsOf(spans, span) & SpanFlag.openEnded) === 0) work.push(span);
  }
  yield;
  const compare = (x: number, y: number): number =>
    spans.startNs[x] - spans.startNs[y] || priorityOf(spans.kind[x]) - priorityOf(spans.kind[y]) || x - y;
  // One stream alone is in order.
  if (work.some((span, at) => at > 0 && compare(work[at - 1], span) > 0)) work.sort(compare);
  yield;
  addWork(trace, work, { book, kept, part });
  const segments = createSegments(work.length);
  let active: number[] = [];
  let time = -Infinity;
  let budget = spansPerSlice;
  const runUntil = (until: number): void => {
    while (active.length > 0 && time < until) {
      const owner = active.reduce((best, span) =>
        priorityOf(spans.kind[span]) < priorityOf(spans.kind[best]) ? span : best,
      );
      const firstEnd = active.reduce((end, span) => Math.min(end, endOf(spans, span)), Infinity);
      const end = Math.min(until, firstEnd);
      if (end > time) pushSegment(segments, time, end, owner);
      time = end;
      active = active.filter((span) => endOf(spans, span) > time);
    }
  };
  for (const span of work) {
    if (--budget === 0) {
      yield;
      budget = spansPerSlice;
    }
    runUntil(spans.startNs[span]);
    time = spans.startNs[span];
    if (endOf(spans, span) > time) active.push(span);
  }
  runUntil(Infinity);
  return segments;
}

function pushSegment(segments: Segments, start: number, end: number, owner: number): void {
  const { startNs, endNs, span } = segments;
  const last = segments.length - 1;
  if (last >= 0 && span[last] === owner && endNs[last] === start) endNs[last] = end;
  else {
    const at = segments.length++;
    startNs[at] = start;
    endNs[at] = end;
    span[at] = owner;
  }
}

/** Σ of device work inside each step. `work` in start order, steps too. */
function addWork(
  { spans }: Trace,
  work: readonly number[],
  { book, kept, part }: { readonly book: Book; readonly kept: readonly Step[]; readonly part: number },
): void {
  const own = kept.flatMap((step, index) => (step.part === part ? [{ step, index }] : []));
  let first = 0;
  for (const span of work) {
    const start = spans.startNs[span];
    const end = endOf(spans, span);
    while (first < own.length && own[first].step.endNs <= start) first++;
    for (let i = first; i < own.length && own[i].step.startNs < end; i++)
      book.workNs[own[i].index] += Math.min(end, own[i].step.endNs) - Math.max(start, own[i].step.startNs);
  }
}

/** The span that owns the time of the host, at every time one does. */
function* hostSegments({ part: { trace }, roles, launches }: PartFacts): Sliced<Segments> {
  if (roles.mainThread === null) return createSegments(0);
  const main = yield* innermostSegments(trace, trace.tracks[roles.mainThread]);
  const helpers: Segments[] = [];
  for (const track of launchingThreads(trace, launches))
    if (track !== roles.mainThread) helpers.push(yield* innermostSegments(trace, trace.tracks[track]));
  if (helpers.length === 0) return main;
  const { kind } = trace.spans;
  const layers = [
    choose(main, (span) => !isGrouping(kind[span])),
    ...helpers.map((helper) => choose(helper, (span) => !isGrouping(kind[span]))),
    choose(main, (span) => isGrouping(kind[span])),
  ];
  return layers.reduceRight((below, above) => overlay(above, below));
}

function choose({ length, startNs, endNs, span }: Segments, accepts: (span: number) => boolean): Segments {
  const chosen = createSegments(length);
  for (let i = 0; i < length; i++) if (accepts(span[i])) pushSegment(chosen, startNs[i], endNs[i], span[i]);
  return chosen;
}

/** Times of `above`, and of `below` where that has none. */
function overlay(above: Segments, below: Segments): Segments {
  const all = createSegments(above.length + below.length);
  let [a, b, time] = [0, 0, -Infinity];
  while (a < above.length || b < below.length) {
    if (b < below.length && below.endNs[b] <= time) {
      b++;
      continue;
    }
    const next = a < above.length ? above.startNs[a] : Infinity;
    const start = b < below.length ? Math.max(time, below.startNs[b]) : Infinity;
    if (next <= start) {
      time = above.endNs[a];
      pushSegment(all, next, time, above.span[a++]);
    } else {
      time = Math.min(below.endNs[b], next);
      pushSegment(all, start, time, below.span[b]);
    }
  }
  return all;
}

/** Innermost span of a track at every time it has one. */
function* innermostSegments({ spans }: Trace, { firstSpan, spanCount }: Track): Sliced<Segments> {
  const segments = createSegments(spanCount);
  const open: number[] = [];
  let time = -Infinity;
  const closeUntil = (until: number): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const end = Math.min(until, endOf(spans, top));
      if (end > time) pushSegment(segments, time, end, top);
      time = Math.max(time, end);
      if (endOf(spans, top) > until) return;
      open.pop();
    }
  };
  for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
    if ((span - firstSpan) % spansPerSlice === spansPerSlice - 1) yield;
    if (spans.lane !== undefined && spans.lane[span] !== 0) continue;
    if ((flagsOf(spans, span) & SpanFlag.openEnded) !== 0) continue;
    closeUntil(spans.startNs[span]);
    time = Math.max(time, spans.startNs[span]);
    open.push(span);
  }
  closeUntil(Infinity);
  return segments;
}

/** Class of the own time of steps. */
export const betweenOperations = "Between operations";

const classNames: Readonly<Record<string, string>> = {
  kernel: "Kernels",
  collective: "Collectives",
  hostToDevice: "Copies",
  deviceToHost: "Copies",
  deviceToDevice: "Copies",
  io: "Input and output",
  sync: "Waiting for the device",
  launch: "Launching",
  compile: "Compiling",
  op: "Host operations",
  step: betweenOperations,
};

function createOwnerFinder(
  trace: Trace,
  nameOf: (raw: string) => string,
  book: Book,
): (span: number, device: boolean) => number {
  const { spans, strings } = trace;
  // Owners follow from a kind and a name, and there are few of these.
  const pairs = new PairTable();
  // Kinds of host and device are numbered first: what has a name lies below them.
  const kinds = 2 * spanKindNames.length;
  for (let kind = 0; kind < kinds; kind++) pairs.idOf(-1, kind);
  const owners: number[] = [];
  const tellers = findTellers(trace);
  return (span, device) => {
    const teller = device ? span : tellers[span];
    const kind = spans.kind[teller];
    const name = spans.name[device || !isTellingKind(kind) ? span : teller];
    const pair = pairs.idOf(2 * kind + Number(device), name) - kinds;
    if (pair === owners.length)
      owners.push(
        book.ownerId({
          kind: device ? "device" : "host",
          className: classNames[spanKindNames[kind]] ?? "Other host time",
          name: nameOf(textOf(strings, name)),
        }),
      );
    return owners[pair];
  };
}

/** Of each span the nearest one at or above it whose kind says what it waits for or does; itself where there is none. */
function findTellers({ spans: { parent, kind, length } }: Trace): Int32Array {
  const tellers = new Int32Array(length);
  // Parents precede children.
  for (let span = 0; span < length; span++) {
    const above = parent[span] < 0 ? -1 : tellers[parent[span]];
    tellers[span] = isTellingKind(kind[span]) || above < 0 || !isTellingKind(kind[above]) ? span : above;
  }
  return tellers;
}

interface StepFill {
  readonly step: Step;
  readonly index: number;
  readonly device: Segments;
  readonly host: Segments;
  readonly ownerOf: (span: number, device: boolean) => number;
  readonly book: Book;
  /** 1 for spans of the part that own time of a step filled before. */
  readonly counted: Uint8Array;
}

function fillStep({ step, index, device, host, ownerOf, book, counted }: StepFill): void {
  const { startNs, endNs } = step;
  book.stepNs[index] = endNs - startNs;
  let owned = 0;
  const own = (span: number, from: number, to: number, isDevice: boolean): void => {
    book.own(ownerOf(span, isDevice), index, to - from, counted[span] === 0);
    counted[span] = 1;
    owned += to - from;
    if (isDevice) book.busyNs[index] += to - from;
  };
  const fillHost = (from: number, to: number): void => {
    for (let i = firstEndingAfter(host, from); i < host.length && host.startNs[i] < to; i++)
      own(host.span[i], Math.max(from, host.startNs[i]), Math.min(to, host.endNs[i]), false);
  };
  let time = startNs;
  for (let i = firstEndingAfter(device, startNs); i < device.length && device.startNs[i] < endNs; i++) {
    const from = Math.max(startNs, device.startNs[i]);
    const to = Math.min(endNs, device.endNs[i]);
    if (from > time) fillHost(time, from);
    own(device.span[i], from, to, true);
    time = to;
  }
  if (time < endNs) fillHost(time, endNs);
  book.idleNs[index] = endNs - startNs - owned;
}

function firstEndingAfter({ endNs, length }: Segments, timeNs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endNs[middle] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
