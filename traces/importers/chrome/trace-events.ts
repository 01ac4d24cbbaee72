import type { StringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { SpanExtras, TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, hasArguments, TimeSlot } from "../json-scan/event-fields.ts";
import type { EventRows } from "../json-scan/event-rows.ts";
import type { ScanSink } from "../json-scan/event-scanner.ts";
import { decodeUtf8 } from "../json-scan/json-text.ts";
import { AsyncRole } from "./async-pairs.ts";
import { AsyncSpans } from "./async-spans.ts";
import { BeginEndEvents, pairBeginEnd } from "./begin-end.ts";
import { type EventClock, TimeOutcome } from "./clock.ts";
import { Counters } from "./counters.ts";
import type { Dialect } from "./dialect.ts";
import { FarTimes } from "./far-times.ts";
import { otherClockCode } from "../../model/ledger.ts";
import { RootFacts } from "./facts.ts";
import { Flows } from "./flows.ts";
import { CategorySide } from "./kinds.ts";
import { addInstant } from "./instants.ts";
import { LinkTable } from "./links.ts";
import { applyMetadata } from "./metadata.ts";
import { NameTable } from "./name-table.ts";
import { phase } from "./phases.ts";
import { Samples } from "./samples.ts";
import { Tally } from "./tally.ts";
import { isThreadState, ThreadStates } from "./thread-states.ts";
import { RowEvents } from "./row-events.ts";
import { countSide, Tracks } from "./tracks.ts";
import { WarmUp } from "./warm-up.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

const openEndedExtras: SpanExtras = { openEnded: true };

/** Gives the events of a trace-event file their meaning: each phase by its rule, into a TraceBuilder. */
export class TraceEvents implements ScanSink {
  readonly names: NameTable;
  readonly tracks: Tracks;
  readonly facts: RootFacts = new RootFacts();
  readonly clock: EventClock;
  /** Of other clocks than that of the trace. */
  readonly farTimes: FarTimes = new FarTimes();
  readonly #builder: TraceBuilder;
  readonly #maxSpans: number;
  readonly #linksLaunches: boolean;
  readonly #warmUp: WarmUp;
  readonly #rows: RowEvents;
  readonly #asyncSpans: AsyncSpans;
  readonly #counters: Counters;
  readonly #flows: Flows;
  readonly #links: LinkTable;
  readonly #samples: Samples;
  readonly #threadStates: ThreadStates;
  readonly #tallies: Record<
    | "rounded"
    | "inversions"
    | "zeroDuration"
    | "openEnded"
    | "endNameDiffers"
    | "endBeforeBegin"
    | "endBelowTop"
    | "withoutName"
    | "counterValues",
    Tally
  >;
  readonly #linkExtras: { link: number } = { link: 0 };
  #hasLargeTime = false;
  #eventsRead = 0;
  #metadata = 0;
  /** Those of `flushCounts`, metadata apart. */
  #flushedEvents = 0;

  constructor(builder: TraceBuilder, dialect: Dialect, maxSpans: number, clock: EventClock) {
    this.clock = clock;
    this.#builder = builder;
    this.#maxSpans = maxSpans;
    this.#linksLaunches = dialect.linksLaunches;
    this.names = new NameTable(builder, dialect);
    this.#warmUp = new WarmUp(dialect.warmUpCategory ?? null, this.names);
    this.tracks = new Tracks(builder, this.names.identityText);
    this.#asyncSpans = new AsyncSpans(builder, this.tracks);
    this.#counters = new Counters(builder, this.tracks);
    this.#flows = new Flows(builder, this.tracks);
    this.#links = new LinkTable();
    this.#samples = new Samples(builder, this.tracks, this.clock, this.names);
    this.#threadStates = new ThreadStates(builder, this.tracks, this.names);
    const info = (code: string, message: string): Tally => new Tally(builder.ledger, code, message, "info");
    const warning = (code: string, message: string): Tally => new Tally(builder.ledger, code, message, "warning");
    this.#tallies = {
      rounded: info("rounded", "times finer than 1 ns; start and end were rounded"),
      inversions: info("inversions", "events that start before the event that precedes them in the file"),
      zeroDuration: info("zeroDuration", "complete events of duration 0, shorter than the clock of the file can tell"),
      openEnded: warning(
        "openEnded",
        "spans without an end in the file; drawn to the end of the trace, kept out of all sums",
      ),
      endNameDiffers: warning("endNameDiffers", "end events whose name differs from that of the span they close"),
      endBeforeBegin: info("endBeforeBegin", "end events that stand before their begin, at the same time"),
      endBelowTop: info("endBelowTop", "end events that close a span while spans inside it stay open"),
      withoutName: warning("withoutName", "events without a name"),
      counterValues: warning("counterValues", "counter values that are no number"),
    };
    this.#rows = new RowEvents({
      builder,
      maxSpans,
      names: this.names,
      tracks: this.tracks,
      clock: this.clock,
      flows: this.#flows,
      links: this.#links,
      warmUp: this.#warmUp,
      inversions: this.#tallies.inversions,
      zeroDuration: this.#tallies.zeroDuration,
      refuseStart: (micros, offset) => this.#refuseStart(micros, offset),
      refuseTime: (offset) => this.#refuseRange(offset),
    });
  }

  /** No event had a time that can be one in microseconds, and some had a larger one. */
  get areTimesTooLarge(): boolean {
    return this.#hasLargeTime && this.clock.baseMicros === null;
  }

  /** Events read so far that are of the clock of the trace. */
  get eventsOfClock(): number {
    return this.#flushedEvents + this.#eventsRead - this.#metadata - this.farTimes.total;
  }

  rows(rows: EventRows, from: number, to: number): void {
    this.#eventsRead += to - from;
    this.#rows.read(rows, from, to);
  }

  // One branch per phase letter.
  // oxlint-disable-next-line complexity
  event(fields: EventFields, bytes: Uint8Array): void {
    this.#eventsRead++;
    switch (fields.phase) {
      case phase.complete:
        return this.#complete(fields, bytes);
      case phase.begin:
        return this.#begin(fields);
      case phase.end:
        return this.#end(fields);
      case phase.instant:
      case phase.oldInstant:
      case phase.mark:
      case phase.objectNew:
      case phase.objectSnapshot:
      case phase.objectDelete:
      case phase.clockSync:
      case phase.memoryDump:
      case phase.globalMemoryDump:
        return this.#instantOrProfile(fields, bytes);
      case phase.counter:
        return this.#counter(fields, bytes);
      case phase.metadata:
        this.#metadata++;
        applyMetadata(this.names.text(fields.name), fields, bytes, this.tracks);
        return;
      case phase.asyncBegin:
        return this.#async(fields, bytes, AsyncRole.begin, true);
      case phase.asyncStep:
        return this.#async(fields, bytes, AsyncRole.step, true);
      case phase.asyncEnd:
        return this.#async(fields, bytes, AsyncRole.end, true);
      case phase.oldAsyncStart:
        return this.#async(fields, bytes, AsyncRole.begin, false);
      case phase.oldAsyncInto:
        if (isThreadState(fields, this.names)) return this.#threadState(fields);
        return this.#async(fields, bytes, AsyncRole.step, false);
      case phase.oldAsyncPast:
        return this.#async(fields, bytes, AsyncRole.step, false);
      case phase.oldAsyncFinish:
        return this.#async(fields, bytes, AsyncRole.end, false);
      case phase.flowStart:
        return this.#flow(fields, "start");
      case phase.flowStep:
        return this.#flow(fields, "step");
      case phase.flowEnd:
        return this.#flow(fields, "end");
      case phase.profile:
        return this.#profile(fields, bytes);
    }
    this.#otherPhase(fields);
  }

  wantsMember(key: string): boolean {
    return this.facts.wants(key) || this.#samples.wants(key);
  }

  member(key: string, value: Uint8Array): void {
    if (this.#samples.wants(key)) this.#samples.readMember(key, value);
    else this.facts.read(key, value);
  }

  notAnEvent(offset: number): void {
    this.#eventsRead++;
    this.#builder.ledger.dropped("notAnEvent", "values in the list of events that are no objects", offset);
  }

  malformedEvent(offset: number): void {
    this.#eventsRead++;
    this.#builder.ledger.dropped("malformedEvent", "events that break the rules of JSON", offset);
  }

  oversized(offset: number, key: string | null): void {
    if (key !== null)
      return this.#builder.ledger.note(
        "oversizedMember",
        `"${key}" is larger than the limit for one value and was left out`,
        offset,
      );
    this.#eventsRead++;
    this.#builder.ledger.dropped("oversizedEvent", "events larger than the limit", offset);
  }

  repair(message: string, offset: number): void {
    this.#builder.ledger.note("repairs", `JSON repaired: ${message}`, offset);
  }

  /** Brings the ledger up to date; to be called between chunks. */
  flushCounts(): void {
    this.#builder.ledger.read(this.#eventsRead);
    this.#builder.ledger.metadata(this.#metadata);
    this.#flushedEvents += this.#eventsRead - this.#metadata;
    this.#eventsRead = 0;
    this.#metadata = 0;
    for (const tally of Object.values(this.#tallies)) tally.flush();
  }

  /** Brings what is known of the tracks up to date; to be called before they are described. */
  countSides(): void {
    this.#rows.countSides();
  }

  /** Adds what needs the whole file: pairs, asynchronous spans, samples. */
  finish(): void {
    for (const process of this.tracks.processes.values()) {
      for (const thread of process.threads) pairBeginEnd(thread, this.tracks, this.#builder, this.#tallies);
    }
    this.names.finish();
    this.#asyncSpans.finish(this.#tallies.openEnded);
    this.#samples.finish();
    this.#threadStates.finish();
    const withoutLaunch = this.#linksLaunches ? this.#links.countDeviceWithoutHost() : 0;
    if (withoutLaunch > 0) {
      this.#builder.ledger.note(
        "gpuWithoutLaunch",
        "device spans whose launch is not in the file",
        -1,
        withoutLaunch,
        "info",
      );
    }
    this.flushCounts();
  }

  #complete(fields: EventFields, bytes: Uint8Array): void {
    if (!this.#readTime(fields)) return;
    const builder = this.#builder;
    const clock = this.clock;
    const hasEnd = fields.timeStates[TimeSlot.dur] !== FieldState.absent;
    if (hasEnd && !this.#accept(clock.readEnd(fields), fields)) return;
    if (builder.spanCount >= this.#maxSpans) return dropBeyondLimit(builder.ledger, this.#maxSpans, fields.offset);
    const name = this.#nameOf(fields);
    const category = this.names.category(fields.category);
    const thread = this.tracks.threadOf(fields);
    const track = thread.track ?? this.tracks.trackOf(thread);
    let kind =
      thread.line === null
        ? this.names.kind(category, fields.category, name)
        : this.names.kindOnLine(thread.line, name);
    const side = this.names.side(category);
    countSide(thread, side);
    if (this.#warmUp.isMetBy(fields.category)) kind = SpanKind.compile;
    const link =
      fields.linkStart > 0
        ? this.#links.odd(decodeUtf8(bytes.subarray(fields.linkStart, fields.linkEnd)))
        : fields.link;
    if (side !== CategorySide.unknown) this.#links.see(side, link, kind);
    if (!hasEnd) {
      this.#tallies.openEnded.add(fields.offset);
      builder.addSpan(
        track,
        clock.startNs,
        0,
        name,
        kind,
        category,
        fields.offset,
        link === 0 ? openEndedExtras : { openEnded: true, link },
      );
      return;
    }
    const duration = clock.endNs - clock.startNs;
    if (duration === 0) this.#tallies.zeroDuration.add(fields.offset);
    if (link === 0) builder.addSpan(track, clock.startNs, duration, name, kind, category, fields.offset);
    else {
      this.#linkExtras.link = link;
      builder.addSpan(track, clock.startNs, duration, name, kind, category, fields.offset, this.#linkExtras);
    }
  }

  #threadState(fields: EventFields): void {
    const { clock } = this;
    if (!this.#readTime(fields) || !this.#accept(clock.readEnd(fields), fields)) return;
    this.#threadStates.add(fields, clock.startNs, clock.endNs, this.#nameOf(fields));
  }

  #begin(fields: EventFields): void {
    if (!this.#readTime(fields)) return;
    if (this.#builder.spanCount >= this.#maxSpans)
      return dropBeyondLimit(this.#builder.ledger, this.#maxSpans, fields.offset);
    const name = this.#nameOf(fields);
    const category = this.names.category(fields.category);
    const thread = this.tracks.threadOf(fields);
    this.tracks.trackOf(thread);
    const kind =
      thread.line === null
        ? this.names.kind(category, fields.category, name)
        : this.names.kindOnLine(thread.line, name);
    countSide(thread, this.names.side(category));
    (thread.beginEnd ??= new BeginEndEvents()).begin(this.clock.startNs, name, category, kind, fields.offset);
  }

  #end(fields: EventFields): void {
    if (!this.#readTime(fields)) return;
    const thread = this.tracks.threadOf(fields);
    (thread.beginEnd ??= new BeginEndEvents()).end(
      this.clock.startNs,
      this.names.text(fields.name) === "" ? -1 : fields.name,
      hasArguments(fields),
      fields.offset,
    );
  }

  #instant(fields: EventFields): void {
    if (!this.#readTime(fields)) return;
    addInstant(fields, this.clock.startNs, this.#nameOf(fields), this.names, this.tracks, this.#builder);
  }

  #counter(fields: EventFields, bytes: Uint8Array): void {
    if (!this.#readTime(fields)) return;
    const { samples, rejected } = this.#counters.add(fields, bytes, this.clock.startNs, this.names.text(fields.name));
    for (let i = 0; i < rejected; i++) this.#tallies.counterValues.add(fields.offset);
    if (samples > 0) this.#builder.ledger.counterEvent();
    else this.#builder.ledger.dropped("counterWithoutValue", "counter events without a number", fields.offset);
  }

  #async(fields: EventFields, bytes: Uint8Array, role: AsyncRole, nestable: boolean): void {
    if (!this.#readTime(fields)) return;
    const name = fields.name < 0 && role !== AsyncRole.end ? this.#nameOf(fields) : fields.name;
    const category = this.names.category(fields.category);
    if (
      this.#asyncSpans.add(
        fields,
        bytes,
        role,
        nestable,
        this.clock.startNs,
        name,
        category,
        this.names.text(fields.category),
      )
    )
      return;
    this.#builder.ledger.dropped("asyncWithoutId", "asynchronous events without an id or a category", fields.offset);
  }

  #flow(fields: EventFields, role: "start" | "step" | "end"): void {
    if (!this.#readTime(fields)) return;
    const name = fields.name >= 0 ? (fields.name as StringId) : this.names.intern("");
    if (this.#flows.add(fields, role, this.tracks.threadOf(fields), this.clock.startNs, name)) return;
    this.#builder.ledger.dropped("flowWithoutId", "flow events without an id", fields.offset);
  }

  /** Chrome up to 65 wrote a whole profile into one instant. */
  #instantOrProfile(fields: EventFields, bytes: Uint8Array): void {
    if (this.names.text(fields.name) === "CpuProfile") this.#profile(fields, bytes);
    else this.#instant(fields);
  }

  #profile(fields: EventFields, bytes: Uint8Array): void {
    if (!this.#samples.addProfile(fields, bytes, this.names.text(fields.name))) return this.#instant(fields);
    this.#builder.ledger.foldedIn();
  }

  /** JAX and TensorFlow close their files with an empty object: no event, and nothing to tell. */
  #otherPhase(fields: EventFields): void {
    if (fields.empty) this.#metadata++;
    else if (fields.phase === 0) this.#builder.ledger.dropped("withoutPhase", "events without a phase", fields.offset);
    else this.#builder.ledger.dropped("unknownPhases", "events of an unknown phase", fields.offset);
  }

  #nameOf(fields: EventFields): StringId {
    if (fields.name >= 0) return fields.name as StringId;
    this.#tallies.withoutName.add(fields.offset);
    return this.names.intern("(no name)");
  }

  /** Reads `ts`; false when the event was dropped for it. */
  #readTime(fields: EventFields): boolean {
    const outcome = this.clock.readStart(fields);
    if (outcome === TimeOutcome.rounded) this.#tallies.rounded.add(fields.offset);
    else if (outcome === TimeOutcome.outOfRange && fields.timeStates[TimeSlot.ts] === FieldState.number) {
      this.#refuseStart(fields.times[0], fields.offset);
      return false;
    } else if (outcome !== TimeOutcome.ok) return this.#accept(outcome, fields);
    if (this.clock.wentBack) this.#tallies.inversions.add(fields.offset);
    return true;
  }

  #accept(outcome: TimeOutcome, fields: EventFields): boolean {
    if (outcome === TimeOutcome.bad)
      this.#builder.ledger.dropped("badTime", "events whose time or duration is no number", fields.offset);
    else if (outcome === TimeOutcome.outOfRange) this.#refuseRange(fields.offset);
    else return true;
    return false;
  }

  #refuseStart(micros: number, offset: number): void {
    const message = this.farTimes.add(micros, this.clock.baseMicros ?? micros);
    this.#builder.ledger.dropped(otherClockCode, message, offset);
  }

  #refuseRange(offset: number): void {
    this.#hasLargeTime = true;
    this.#builder.ledger.dropped(
      "outOfRange",
      "events beyond 52 days from the first event, or beyond what microseconds can be: times in ns must be divided by 1000 first",
      offset,
    );
  }
}
