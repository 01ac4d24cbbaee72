import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { StringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { TextNumbers } from "../../model/text-numbers.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { AsyncPairs, AsyncRole, asyncSortIndex } from "../chrome/async-pairs.ts";
import { type BeginEndEvents, type BeginEndTallies, findEnds, noEnd } from "../chrome/begin-end.ts";
import { stableOrder } from "../chrome/growable.ts";
import { Tally } from "../chrome/tally.ts";
import type { EventClock } from "./event-clock.ts";
import type { MessageRange, PacketFields } from "./packet.ts";
import { Bundle, ClockId, KernelEvent, KernelPrint } from "./schema.ts";
import type { Sequence } from "./sequences.ts";
import { annotationsOf, type Tracks, type TrackState } from "./tracks.ts";

/** Names of kernel events by field, for the list of what is not shown; any other is told by its number. */
const unshownEvents: ReadonlyMap<number, string> = new Map([
  [4, "sched_switch"],
  [11, "cpu_frequency"],
  [13, "cpu_idle"],
  [17, "sched_wakeup"],
  [20, "sched_waking"],
]);

/** What programs write into the kernel's trace: "B|PID|NAME", "E|PID", "C|PID|NAME|VALUE", "S|PID|NAME|COOKIE" … */
const annotation = /^(?:([BECSFIN])\|(\d+)|(E))(?:\|(.*))?$/s;

interface PlacedPrint {
  readonly pid: number;
  readonly tid: number;
  readonly timeNs: number;
  readonly offset: number;
}

/** Annotations of programs among the kernel events (ftrace prints), as spans, instants and counters of their threads. */
export class KernelPrints {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #clock: EventClock;
  readonly #asyncPairs: AsyncPairs;
  readonly #asyncKeys = new TextNumbers();
  readonly #asyncTracks = new TextNumbers();
  /** By thread id: ends do not always name their process. */
  readonly #threads = new Map<number, TrackState>();
  readonly #closedBelow: Tally;

  constructor(builder: TraceBuilder, tracks: Tracks, clock: EventClock) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#clock = clock;
    this.#asyncPairs = new AsyncPairs(builder);
    this.#closedBelow = new Tally(
      builder.ledger,
      "annotationClosed",
      "annotations of the kernel's trace that end where the slice below them ends, before their own end",
      "info",
    );
  }

  /** Reads the kernel events of a packet; returns how many were annotations. Each is an event of its own in the ledger. */
  read(
    reader: FieldReader,
    { start, end }: MessageRange,
    packet: PacketFields,
    sequence: Sequence,
    offset: number,
  ): number {
    let shown = 0;
    // Times are of boot, whatever the packet's own.
    packet.clockId = ClockId.boottime;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === Bundle.event) {
        if (this.#readEvent(reader, reader.start, reader.end, packet, sequence, offset)) shown++;
      } else if (reader.field === Bundle.compactScheduling) {
        this.#builder.ledger.read();
        this.#dropUnshown("compact scheduling", offset);
      }
    }
    return shown;
  }

  /**
   * Adds the spans; `tallies` count what ends and begins do not fit.
   * Annotations and track events of a thread are one stack, as in Perfetto: a slice that ends closes the annotations above it.
   */
  finish(tallies: BeginEndTallies, refuseSpan: (offset: number) => boolean): void {
    for (const state of this.#threads.values())
      if (state.annotations !== null) this.#addSpans(state, state.annotations, tallies, refuseSpan);
    this.#asyncPairs.finish(tallies.openEnded);
    this.#closedBelow.flush();
  }

  #addSpans(
    state: TrackState,
    events: BeginEndEvents,
    tallies: BeginEndTallies,
    refuseSpan: (offset: number) => boolean,
  ): void {
    const order = stableOrder(events.timeNs.view());
    const ends = findEnds(events, order, this.#builder, tallies);
    for (let position = 0; position < events.timeNs.length; position++) {
      const begin = order === null ? position : order[position];
      const offset = events.offset.at(begin);
      if (events.name.at(begin) < 0 || refuseSpan(offset)) continue;
      const startNs = events.timeNs.at(begin);
      const ownEndNs = ends[begin] === noEnd ? Infinity : events.timeNs.at(ends[begin]);
      const closingNs = state.closings?.closingOf(startNs, offset) ?? Infinity;
      if (closingNs < ownEndNs) this.#closedBelow.add(offset);
      const endNs = Math.min(ownEndNs, closingNs);
      const openEnded = endNs === Infinity;
      if (openEnded) tallies.openEnded.add(offset);
      const durationNs = openEnded ? 0 : endNs - startNs;
      const name = events.name.at(begin) as StringId;
      const track = this.#tracks.trackOf(state);
      this.#builder.addSpan(track, startNs, durationNs, name, SpanKind.other, noCategory, offset, { openEnded });
    }
    state.annotations = null;
    state.closings = null;
  }

  #readEvent(
    reader: FieldReader,
    start: number,
    end: number,
    packet: PacketFields,
    sequence: Sequence,
    offset: number,
  ): boolean {
    let tid = 0;
    let text: string | null = null;
    let other: number | null = null;
    packet.timestamp = null;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      const { field } = reader;
      if (field === KernelEvent.timestamp) packet.timestamp = reader.uint64();
      else if (field === KernelEvent.tid) tid = reader.number;
      else if (field === KernelEvent.print) text = readPrint(reader, reader.start, reader.end);
      else other ??= field;
    }
    // Counted once it is whole: a damaged one belongs to its packet.
    this.#builder.ledger.read();
    if (text === null) {
      this.#dropUnshown(other === null ? "without content" : (unshownEvents.get(other) ?? `kind ${other}`), offset);
      return false;
    }
    const timeNs = this.#clock.timeOf(packet, sequence, offset);
    if (timeNs === null)
      this.#builder.ledger.dropped("badTime", "events without a time, or with one beyond 64 bits", offset);
    else return this.#addPrint(text.replace(/\n$/, ""), tid, timeNs, offset);
    return false;
  }

  #addPrint(text: string, tid: number, timeNs: number, offset: number): boolean {
    const match = annotation.exec(text);
    const [, phase = "E", pidText = "", , rest = ""] = match ?? [];
    const pid = pidText === "" ? 0 : Number(pidText);
    const place = { pid, tid, timeNs, offset };
    if (match === null || !this.#addAnnotation(phase, rest, place)) {
      this.#builder.ledger.dropped("plainPrints", "not shown: kernel prints that are no annotations", offset);
      return false;
    }
    return true;
  }

  /** False for an annotation that lacks a part. */
  #addAnnotation(phase: string, rest: string, place: PlacedPrint): boolean {
    const { pid, tid, timeNs, offset } = place;
    const builder = this.#builder;
    switch (phase) {
      case "B":
        annotationsOf(this.#thread(pid, tid)).begin(timeNs, builder.intern(rest), noCategory, SpanKind.other, offset);
        return true;
      case "E":
        annotationsOf(this.#thread(pid, tid)).end(timeNs, -1, false, offset);
        return true;
      case "I": {
        const track = this.#tracks.trackOf(this.#thread(pid, tid));
        builder.addInstant(track, timeNs, builder.intern(rest), noCategory, 0, offset);
        return true;
      }
      case "C":
        return this.#addCounter(rest, place);
      case "S":
      case "F":
        return this.#addAsync(phase === "S" ? AsyncRole.begin : AsyncRole.end, rest, place);
      default:
        return false;
    }
  }

  #addCounter(rest: string, { pid, timeNs }: PlacedPrint): boolean {
    const cut = rest.lastIndexOf("|");
    const value = Number(rest.slice(cut + 1));
    if (cut < 0 || rest.length === cut + 1 || !Number.isFinite(value)) return false;
    const name = rest.slice(0, cut);
    const process = this.#tracks.process(pid);
    const state = this.#tracks.named(`kernel counter ${name} of ${pid}`, () => ({ name, parent: process }));
    state.counter ??= { type: 0, unit: null, unitMultiplier: 1, isIncremental: false };
    this.#builder.ledger.counterEvent();
    this.#builder.addSample(this.#tracks.trackOf(state), timeNs, value);
    return true;
  }

  #addAsync(role: AsyncRole, rest: string, { pid, timeNs, offset }: PlacedPrint): boolean {
    const cut = rest.lastIndexOf("|");
    if (cut < 0) return false;
    const nameText = rest.slice(0, cut);
    const name = this.#builder.intern(nameText);
    const key = this.#asyncKeys.of(`${pid} ${rest}`);
    const track = this.#asyncPairs.track(this.#asyncTracks.of(`${pid} ${nameText}`), () =>
      this.#builder.addTrack({
        kind: "async",
        name: nameText,
        parent: this.#tracks.trackOf(this.#tracks.process(pid)),
        sortIndex: asyncSortIndex,
      }),
    );
    this.#asyncPairs.add({ timeNs, role, key, track, name, category: noCategory, offset, endHasArguments: false });
    return true;
  }

  #thread(pid: number, tid: number): TrackState {
    let state = this.#threads.get(tid);
    if (state === undefined) {
      state = this.#tracks.thread(pid, tid);
      this.#threads.set(tid, state);
    }
    return state;
  }

  #dropUnshown(name: string, offset: number): void {
    this.#builder.ledger.dropped(`notShownKernel ${name}`, `not shown: kernel events: ${name}`, offset);
  }
}

function readPrint(reader: FieldReader, start: number, end: number): string {
  let text = "";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field === KernelPrint.text) text = reader.text();
  return text;
}
