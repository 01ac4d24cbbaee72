import { SpanKind, spanKindNames } from "../model/span-kind.ts";
import { flagsOf, endOf, SpanFlag, type Trace } from "../model/trace.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { PartFacts } from "./find-steps.ts";
import { HostTime } from "./host-time.ts";
import type { Step } from "./side.ts";
import { isDeviceTrack, isDeviceWork, isTellingKind } from "./track-roles.ts";
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
    const ownerOf = createOwnerFinder(trace, yield* findTellers(trace), nameOf, book);
    const host = new HostTime(facts[part]);
    const fill = new PartFill({ book, device, host, ownerOf, spanCount: trace.spans.length });
    yield;
    for (let index = 0; index < kept.length; index++)
      if (kept[index].part === part) yield* fill.step(kept[index], index);
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
  { spans, strings }: Trace,
  tellers: Int32Array,
  nameOf: (raw: string) => string,
  book: Book,
): FillInput["ownerOf"] {
  // Owners follow from a kind and a name. By kind of host and device, and by name: owner + 1, 0 where none is known.
  const known: (Int32Array | undefined)[] = [];
  return (span, device) => {
    const teller = device ? span : tellers[span];
    const kind = spans.kind[teller];
    const name = spans.name[device || !isTellingKind(kind) ? span : teller];
    const ofKind = (known[2 * kind + Number(device)] ??= new Int32Array(strings.length));
    if (ofKind[name] === 0)
      ofKind[name] =
        1 +
        book.ownerId({
          kind: device ? "device" : "host",
          className: classNames[spanKindNames[kind]] ?? "Other host time",
          name: nameOf(textOf(strings, name)),
        });
    return ofKind[name] - 1;
  };
}

/** Of each span the nearest one at or above it whose kind says what it waits for or does; itself where there is none. */
function* findTellers({ spans: { parent, kind, length } }: Trace): Sliced<Int32Array> {
  const tellers = new Int32Array(length);
  // Parents precede children.
  for (let span = 0; span < length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    const above = parent[span] < 0 ? -1 : tellers[parent[span]];
    tellers[span] = isTellingKind(kind[span]) || above < 0 || !isTellingKind(kind[above]) ? span : above;
  }
  return tellers;
}

interface FillInput {
  readonly book: Book;
  readonly device: Segments;
  readonly host: HostTime;
  readonly ownerOf: (span: number, device: boolean) => number;
  readonly spanCount: number;
}

/** Gives the time of the steps of one part to its owners, step after step. */
class PartFill {
  readonly #input: FillInput;
  /** 1 for spans of the part that own time of a step filled before. */
  readonly #counted: Uint8Array;
  /** Owned by anybody in the step. */
  #ownedNs = 0;
  #budget: number = spansPerSlice;

  constructor(input: FillInput) {
    this.#input = input;
    this.#counted = new Uint8Array(input.spanCount);
  }

  *step({ startNs, endNs }: Step, index: number): Sliced<void> {
    const { book, device, host } = this.#input;
    yield* host.skipTo(startNs);
    this.#ownedNs = 0;
    let time = startNs;
    for (let i = firstEndingAfter(device, startNs); time < endNs; i++) {
      const from = i < device.length ? Math.max(startNs, Math.min(endNs, device.startNs[i])) : endNs;
      while (time < from || this.#budget <= 0) {
        if (this.#budget <= 0) {
          yield;
          this.#budget = spansPerSlice;
        }
        time = this.#fillHost(time, from, index);
      }
      if (from === endNs) break;
      time = Math.min(endNs, device.endNs[i]);
      this.#own(device.span[i], index, time - from, true);
      book.busyNs[index] += time - from;
    }
    book.stepNs[index] = endNs - startNs;
    book.idleNs[index] = endNs - startNs - this.#ownedNs;
  }

  /** Up to a time between both, which is returned. */
  #fillHost(fromNs: number, toNs: number, index: number): number {
    const { host } = this.#input;
    let time = fromNs;
    while (time < toNs && this.#budget > 0) {
      host.ask(time, toNs);
      if (host.span >= 0) this.#own(host.span, index, host.untilNs - time, false);
      else this.#budget--;
      time = host.untilNs;
    }
    return time;
  }

  #own(span: number, index: number, ns: number, isDevice: boolean): void {
    const { book, ownerOf } = this.#input;
    book.own(ownerOf(span, isDevice), index, ns, this.#counted[span] === 0);
    this.#counted[span] = 1;
    this.#ownedNs += ns;
    this.#budget--;
  }
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
