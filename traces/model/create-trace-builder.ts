import { type Allocate, allocatePlain } from "./column.ts";
import { DirectFlows, FlowBind, FlowEnds, FlowRole } from "./flow-ends.ts";
import { formatCount } from "./format-units.ts";
import { toStringId, toTrackId, type StringId, type TrackId } from "./ids.ts";
import type { LaunchTable } from "./launch-table.ts";
import { createLedgerBook } from "./ledger-book.ts";
import { SampleStore } from "./sample-store.ts";
import { type Collected, seal, sealTogether, type Sealed } from "./seal.ts";
import type { SealHelper } from "./seal-helper.ts";
import type { SpanKind } from "./span-kind.ts";
import { dropBeyondLimit, mostSpans, mostTracks, noteBeyondLimit } from "./limits.ts";
import { SpanStore } from "./span-store.ts";
import { TextNumbers } from "./text-numbers.ts";
import { noCategory, SpanFlag, type Trace, type TrackKind } from "./trace.ts";
import {
  type FlowEndBatch,
  largestTimeNs,
  type SpanBatch,
  type SpanExtras,
  type TraceBuilder,
  type TraceDescription,
  type TrackSpec,
} from "./trace-builder.ts";

/** Whether start, duration and end are integers that a double holds; compared so that NaN is refused too. */
const isExact = (startNs: number, durationNs: number): boolean =>
  startNs >= -largestTimeNs && durationNs <= largestTimeNs && startNs <= largestTimeNs - durationNs;

/** Below all others. */
const lastSortIndex = 2 ** 31 - 1;

export interface BuilderOptions {
  /** Where traces get the memory of their columns. */
  readonly allocate?: Allocate;
  /** Further spans are refused and counted, whichever format brings them. */
  readonly spanLimit?: number;
  /** Further tracks share one of their kind, and are counted. */
  readonly trackLimit?: number;
}

export function createTraceBuilder({
  allocate = allocatePlain,
  spanLimit = mostSpans,
  trackLimit = mostTracks,
}: BuilderOptions = {}): TraceBuilder {
  return new ColumnTraceBuilder(allocate, spanLimit, trackLimit);
}

class ColumnTraceBuilder implements TraceBuilder {
  readonly ledger: ReturnType<typeof createLedgerBook> = createLedgerBook();
  readonly #allocate: Allocate;
  readonly #spanLimit: number;
  readonly #trackLimit: number;
  /** The track that all of a kind share beyond the limit. */
  readonly #sharedTracks = new Map<TrackKind, TrackId>();
  readonly #spans = new SpanStore();
  readonly #instants = new SampleStore();
  readonly #samples = new SampleStore();
  readonly #flowEnds = new FlowEnds();
  readonly #directFlows = new DirectFlows();
  readonly #strings: TextNumbers;
  readonly #categories: StringId[] = [];
  readonly #categoryIds = new Map<string, number>();
  readonly #tracks: Required<TrackSpec>[] = [];
  readonly #spanCounts: number[] = [];
  readonly #inOrder: boolean[] = [];
  readonly #fixedLanes: boolean[] = [];
  readonly #bySource = new Set<number>();
  readonly #lastStartNs: number[] = [];
  readonly #lastDurationNs: number[] = [];
  readonly #endSources: { readonly span: number[]; readonly offset: number[] } = { span: [], offset: [] };
  /** Earliest start and latest end of all spans; in an array, so that no number object is made per span. */
  readonly #range = Float64Array.of(Infinity, -Infinity);
  #launches: LaunchTable | null = null;
  #derivedSpans = 0;
  #baseClockNs = 0n;
  #unixOffsetNs: bigint | null = null;

  constructor(allocate: Allocate, spanLimit: number, trackLimit: number) {
    this.#allocate = allocate;
    this.#trackLimit = trackLimit;
    this.#spanLimit = spanLimit;
    this.#strings = new TextNumbers(allocate);
  }

  get spanCount(): number {
    return this.#spans.length;
  }

  intern(text: string): StringId {
    return toStringId(this.#strings.of(text));
  }

  internDistinct(bytes: Uint8Array, ends: Uint32Array, ids: Int32Array): void {
    this.#strings.ofDistinct(bytes, ends, ids);
  }

  text(id: StringId): string {
    return this.#strings.text(id);
  }

  category(text: string): number {
    let id = this.#categoryIds.get(text);
    if (id === undefined) {
      if (this.#categories.length === noCategory) {
        this.ledger.note("categoriesFull", "more than 65,535 categories; further ones are shown as none", -1);
        return noCategory;
      }
      id = this.#categories.push(this.intern(text)) - 1;
      this.#categoryIds.set(text, id);
    }
    return id;
  }

  addTrack(spec: TrackSpec): TrackId {
    return this.#tracks.length < this.#trackLimit ? this.#newTrack(spec) : this.#sharedTrack(spec.kind);
  }

  #newTrack({ kind, name, detail = "", parent = null, sortIndex = 0 }: TrackSpec): TrackId {
    this.#spanCounts.push(0);
    this.#inOrder.push(true);
    this.#fixedLanes.push(false);
    this.#lastStartNs.push(-Infinity);
    this.#lastDurationNs.push(Infinity);
    return toTrackId(this.#tracks.push({ kind, name, detail, parent, sortIndex }) - 1);
  }

  #sharedTrack(kind: TrackKind): TrackId {
    const message = `tracks beyond the ${formatCount(this.#trackLimit)} that are kept apart; all of a kind share one`;
    this.ledger.note("trackLimit", message, -1);
    let track = this.#sharedTracks.get(kind);
    if (track === undefined) {
      track = this.#newTrack({ kind, name: `further tracks (${kind})`, sortIndex: lastSortIndex });
      this.#sharedTracks.set(kind, track);
    }
    return track;
  }

  describeTrack(track: TrackId, patch: Partial<TrackSpec>): void {
    const known = this.#tracks[track];
    if (this.#sharedTracks.size === 0 || this.#sharedTracks.get(known.kind) !== track) Object.assign(known, patch);
  }

  setClock(baseClockNs: bigint, unixOffsetNs: bigint | null): void {
    this.#baseClockNs = baseClockNs;
    this.#unixOffsetNs = unixOffsetNs;
  }

  addSpan(
    track: TrackId,
    startNs: number,
    durationNs: number,
    name: StringId,
    kind: SpanKind,
    category: number,
    sourceOffset: number,
    extras?: SpanExtras,
  ): number {
    let duration = extras?.openEnded === true ? 0 : durationNs;
    if (duration < 0) {
      this.ledger.note("negativeDuration", "negative durations were set to 0", sourceOffset);
      duration = 0;
    }
    if (!isExact(startNs, duration)) {
      this.#refuseTime(sourceOffset, extras?.derived === true);
      return -1;
    }
    const index = this.#spans.length;
    if (index >= this.#spanLimit) {
      const count = extras?.derived === true ? noteBeyondLimit : dropBeyondLimit;
      count(this.ledger, this.#spanLimit, sourceOffset);
      return -1;
    }
    const block = this.#spans.grow();
    const slot = this.#spans.slot(index);
    block.track[slot] = track;
    block.startNs[slot] = startNs;
    this.#spans.setDuration(index, duration);
    block.name[slot] = name;
    block.category[slot] = category;
    block.kind[slot] = kind;
    block.sourceLow[slot] = sourceOffset >>> 0;
    if (sourceOffset >= 2 ** 32) block.setSourceHigh(slot, sourceOffset / 2 ** 32);
    if (extras !== undefined) {
      this.#addExtras(block, slot, track, extras);
      if (extras.endSource !== undefined) {
        this.#endSources.span.push(index);
        this.#endSources.offset.push(extras.endSource);
      }
    }
    // An open-ended span becomes long at seal, so the order is settled there.
    if (extras?.openEnded === true) this.#inOrder[track] = false;
    this.#see(track, startNs, duration);
    return index;
  }

  endSpan(span: number, endNs: number, endSource?: number): void {
    const block = this.#spans.block(span);
    const slot = this.#spans.slot(span);
    const track = block.track[slot];
    const startNs = block.startNs[slot];
    this.#spans.setDuration(span, endNs - startNs);
    if (endNs > this.#range[1]) this.#range[1] = endNs;
    // A span that starts here later on is longer than this one, and belongs before it.
    if (endNs === startNs && this.#lastStartNs[track] === startNs) this.#lastDurationNs[track] = -1;
    if (endSource === undefined) return;
    this.#endSources.span.push(span);
    this.#endSources.offset.push(endSource);
  }

  /** Keeps what is to be known of all spans: the range of their times, and whether a track is in order. */
  #see(track: number, startNs: number, durationNs: number): void {
    this.#spanCounts[track]++;
    if (startNs < this.#range[0]) this.#range[0] = startNs;
    if (startNs + durationNs > this.#range[1]) this.#range[1] = startNs + durationNs;
    const last = this.#lastStartNs[track];
    if (startNs < last || (startNs === last && durationNs > this.#lastDurationNs[track])) this.#inOrder[track] = false;
    this.#lastStartNs[track] = startNs;
    this.#lastDurationNs[track] = durationNs;
  }

  addSpans(batch: SpanBatch): void {
    const { length, startNs, durationNs } = batch;
    if (length > this.#spanLimit - this.#spans.length) return this.#addOneByOne(batch);
    for (let i = 0; i < length; i++)
      if (!(durationNs[i] >= 0 && isExact(startNs[i], durationNs[i]))) return this.#addOneByOne(batch);
    this.#spans.append(batch);
    this.#seeAll(batch);
  }

  /** As `#see`, for a batch: columns are read through locals, not anew for every span. */
  #seeAll({ length, track: tracks, startNs, durationNs }: SpanBatch): void {
    const counts = this.#spanCounts;
    const inOrder = this.#inOrder;
    const lastStartNs = this.#lastStartNs;
    const lastDurationNs = this.#lastDurationNs;
    let earliest = this.#range[0];
    let latest = this.#range[1];
    for (let i = 0; i < length; i++) {
      const track = tracks[i];
      const start = startNs[i];
      const duration = durationNs[i];
      const last = lastStartNs[track];
      if (start < last || (start === last && duration > lastDurationNs[track])) inOrder[track] = false;
      if (start < earliest) earliest = start;
      if (start + duration > latest) latest = start + duration;
      counts[track]++;
      lastStartNs[track] = start;
      lastDurationNs[track] = duration;
    }
    this.#range[0] = earliest;
    this.#range[1] = latest;
  }

  #addOneByOne(batch: SpanBatch): void {
    for (let i = 0; i < batch.length; i++) {
      this.addSpan(
        batch.track[i] as TrackId,
        batch.startNs[i],
        batch.durationNs[i],
        batch.name[i] as StringId,
        batch.kind[i] as SpanKind,
        batch.category[i],
        batch.sourceOffset[i],
        { link: batch.link[i] },
      );
    }
  }

  setLaunches(launches: LaunchTable): void {
    this.#launches = launches;
  }

  setKind(span: number, kind: SpanKind): void {
    this.#spans.block(span).kind[this.#spans.slot(span)] = kind;
  }

  orderBySource(track: TrackId): void {
    if (this.#spanCounts[track] === 0) return;
    this.#bySource.add(track);
    this.#inOrder[track] = false;
  }

  addInstant(
    track: TrackId,
    timeNs: number,
    name: StringId,
    category: number,
    scope: 0 | 1 | 2,
    sourceOffset: number,
  ): void {
    if (!(Math.abs(timeNs) <= largestTimeNs)) return this.#refuseTime(sourceOffset, false);
    const store = this.#instants;
    const index = store.add(track, timeNs);
    store.name[index] = name;
    store.category[index] = category;
    store.scope[index] = scope;
    store.sourceLow[index] = sourceOffset >>> 0;
    store.sourceHigh[index] = sourceOffset / 2 ** 32;
  }

  addSample(track: TrackId, timeNs: number, value: number): void {
    if (!(Math.abs(timeNs) <= largestTimeNs))
      return this.ledger.note("outOfRange", "counter samples beyond 52 days from the first event were left out", -1);
    // First the row, then the column: adding one may replace the columns.
    const index = this.#samples.add(track, timeNs);
    this.#samples.value[index] = value;
  }

  addFlowEnd(
    key: number,
    role: keyof typeof FlowRole,
    track: TrackId,
    timeNs: number,
    name: StringId,
    bind: "enclosing" | "next" | number,
  ): void {
    this.#flowEnds.add(key, FlowRole[role], track, timeNs, name, typeof bind === "number" ? bind : FlowBind[bind]);
  }

  addFlowEnds(batch: FlowEndBatch): void {
    this.#flowEnds.append(batch);
  }

  addFlow(from: number, to: number, name: StringId): void {
    this.#directFlows.from.push(from);
    this.#directFlows.to.push(to);
    this.#directFlows.name.push(name);
  }

  snapshot(meta: TraceDescription): Trace {
    return this.#toTrace(seal(this.#collected(), this.#allocate, true), meta, true);
  }

  seal(meta: TraceDescription): Trace {
    return this.#toTrace(seal(this.#collected(), this.#allocate, false), meta, false);
  }

  async sealTogether(meta: TraceDescription, helper: SealHelper, betweenSteps: () => void): Promise<Trace> {
    const sealed = await sealTogether(this.#collected(), this.#allocate, helper, betweenSteps);
    return this.#toTrace(sealed, meta, false);
  }

  #addExtras(block: ReturnType<SpanStore["grow"]>, slot: number, track: TrackId, extras: SpanExtras): void {
    if (extras.link !== undefined && extras.link !== 0) block.setLink(slot, extras.link);
    if (extras.lane !== undefined) {
      block.setLane(slot, extras.lane);
      this.#fixedLanes[track] = true;
    }
    if (extras.derived === true) this.#derivedSpans++;
    const flags =
      (extras.openEnded === true ? SpanFlag.openEnded : 0) | (extras.derived === true ? SpanFlag.derived : 0);
    if (flags !== 0) block.setFlags(slot, flags);
  }

  #refuseTime(sourceOffset: number, derived: boolean): void {
    // The event that a derived span was made from is counted already.
    if (derived)
      this.ledger.note("outOfRange", "spans beyond 52 days from the first event were left out", sourceOffset);
    else this.ledger.dropped("outOfRange", "events beyond 52 days from the first event", sourceOffset);
  }

  #collected(): Collected {
    return {
      tracks: this.#tracks,
      variants: this.#strings.variants(),
      categories: this.#categories,
      spans: this.#spans,
      spanCounts: this.#spanCounts,
      inOrder: this.#inOrder,
      bySource: this.#bySource,
      fixedLanes: this.#fixedLanes,
      instants: this.#instants,
      samples: this.#samples,
      flowEnds: this.#flowEnds,
      directFlows: this.#directFlows,
      spanRange: { startNs: this.#range[0], endNs: this.#range[1] },
      endSources: this.#endSources,
    };
  }

  #toTrace(sealed: Sealed, description: TraceDescription, partial: boolean): Trace {
    const originClockNs = this.#baseClockNs + BigInt(sealed.originNs);
    const totals = {
      spans: this.#spans.length - this.#derivedSpans,
      derivedSpans: this.#derivedSpans,
      instants: this.#instants.length,
      counterSamples: this.#samples.length,
      flowEnds: this.#flowEnds.length + 2 * this.#directFlows.from.length,
    };
    return {
      meta: {
        ...description,
        originClockNs,
        ...(this.#unixOffsetNs !== null && { originUnixNs: originClockNs + this.#unixOffsetNs }),
        durationNs: sealed.durationNs,
        ledger: this.ledger.close(
          totals,
          { launches: this.#launches?.launches.length ?? 0 },
          description.opaqueOffsets === true ? sealed.notes.map((line) => ({ ...line, firstBytes: [] })) : sealed.notes,
        ),
        partial,
      },
      strings: this.#strings.table(),
      categories: this.#categories.slice(),
      tracks: sealed.tracks,
      frames: sealed.frames,
      spans: sealed.spans,
      rows: sealed.rows,
      instants: sealed.instants,
      counters: sealed.counters,
      flows: sealed.flows,
      ...(this.#launches !== null && { launches: this.#launches }),
    };
  }
}
