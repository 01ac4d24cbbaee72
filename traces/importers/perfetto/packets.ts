import { type FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { Clocks } from "./clocks.ts";
import { programOf, readProcessDescriptor, readThreadDescriptor, readTrackDescriptor } from "./descriptors.ts";
import { EventClock } from "./event-clock.ts";
import { Gpus } from "./gpu.ts";
import { blockOf, type CompressedBlock } from "./inflate.ts";
import { KernelPrints } from "./kernel-prints.ts";
import { type MessageRange, nameUnshown, PacketFields } from "./packet.ts";
import { Packet, ProcessTree, SystemInfo, TreeProcess, TreeThread } from "./schema.ts";
import { type Sequence, Sequences } from "./sequences.ts";
import { TrackEvents } from "./track-events.ts";
import { Tracks } from "./tracks.ts";

/** What packets carry that is about the recording, not of it. */
const recordingFields: ReadonlySet<number> = new Set([
  Packet.internedData,
  Packet.defaults,
  Packet.traceConfig,
  Packet.traceStats,
  Packet.synchronizationMarker,
  Packet.serviceEvent,
  Packet.traceUuid,
  72, // extension descriptors
  82, // translation tables
  90, // range of interest
  107, // clocks of other machines
  124, // provenance
  126, // attributes
]);

/** Gives the packets of a trace their meaning, one after another in the order of the file. */
export class Packets {
  /** Packets read so far. */
  count = 0;
  producer: string | null = null;
  /** Packets with events, and packets of kinds that are not shown. */
  #shown = 0;
  #unshown = 0;
  readonly #builder: TraceBuilder;
  readonly #packet = new PacketFields();
  readonly #clocks = new Clocks();
  readonly #clock: EventClock;
  readonly #sequences: Sequences;
  readonly #tracks: Tracks;
  readonly #events: TrackEvents;
  readonly #gpus: Gpus;
  readonly #prints: KernelPrints;

  constructor(builder: TraceBuilder, maxSpans: number) {
    this.#builder = builder;
    this.#clock = new EventClock(this.#clocks, builder.ledger);
    this.#sequences = new Sequences(builder);
    this.#tracks = new Tracks(builder);
    this.#events = new TrackEvents(builder, this.#tracks, this.#clock, maxSpans);
    this.#gpus = new Gpus(builder);
    this.#prints = new KernelPrints(builder, this.#tracks, this.#clock);
  }

  /** Reads the packet [start, end) that is in memory; returns the compressed block that it is, if it is one. */
  read(reader: FieldReader, start: number, end: number, offset: number): CompressedBlock | null {
    this.count++;
    const { ledger } = this.#builder;
    ledger.read();
    try {
      const packet = this.#packet;
      packet.read(reader, start, end);
      const block = blockOf(packet, reader);
      if (block !== null) return block;
      const sequence = this.#sequences.update(packet, reader);
      if (sequence === null)
        ledger.dropped(
          "stateLost",
          "packets that need names or defaults which are not in the file: earlier packets were lost",
          offset,
        );
      else this.#readCarried(reader, sequence, offset);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      ledger.dropped("damagedPacket", `damaged packets (the first: ${error.message})`, error.byteOffset);
    }
    return null;
  }

  /** Makes spans of what was collected; to be called once, at the end. */
  finish(): void {
    this.#events.finish((tallies, refuseSpan) => this.#prints.finish(tallies, refuseSpan));
    if (this.#unshown > 0 && this.#shown === 0)
      this.#builder.ledger.note(
        "noTrackEvents",
        "no track events found: kernel scheduling and other system data is not shown",
        -1,
      );
  }

  /** Tells the builder the clock and the names of tracks as far as they are known. */
  describe(): void {
    this.#builder.setClock(this.#clock.baseClockNs, this.#clock.unixOffsetNs);
    this.#tracks.describeAll();
  }

  #readCarried(reader: FieldReader, sequence: Sequence, offset: number): void {
    const packet = this.#packet;
    const { carried } = packet;
    // The common case first: an event and nothing else.
    const onlyEvent = carried.only(Packet.trackEvent);
    if (onlyEvent !== undefined) {
      this.#shown++;
      return this.#events.read(reader, onlyEvent, packet, sequence, offset);
    }
    const snapshot = carried.get(Packet.clockSnapshot);
    if (snapshot !== undefined) this.#clocks.addSnapshot(reader, snapshot, sequence.id);
    const isDescription = this.#describeFrom(reader, sequence);
    const event = carried.get(Packet.trackEvent);
    if (event !== undefined) {
      this.#shown++;
      return this.#events.read(reader, event, packet, sequence, offset);
    }
    const bundle = carried.get(Packet.ftraceEvents);
    if (bundle !== undefined) {
      const shown = this.#prints.read(reader, bundle, packet, sequence, offset);
      this.#builder.ledger.metadata();
      if (shown > 0) this.#shown++;
      else this.#unshown++;
      return;
    }
    const stage = carried.get(Packet.gpuRenderStageEvent);
    const counters = carried.get(Packet.gpuCounterEvent);
    if (stage !== undefined || counters !== undefined) {
      this.#shown++;
      const timeNs = this.#clock.timeOf(packet, sequence, offset);
      if (stage !== undefined) this.#gpus.readStage(reader, stage, sequence, timeNs, offset);
      else if (counters !== undefined) this.#gpus.readCounters(reader, counters, timeNs, offset);
      return;
    }
    this.#countOther(isDescription || snapshot !== undefined, offset);
  }

  /** Packets without an event: about the recording, or of a kind that is not shown. */
  #countOther(isDescription: boolean, offset: number): void {
    const { ledger } = this.#builder;
    for (const field of this.#packet.carried.numbers()) {
      if (isDescription || recordingFields.has(field)) continue;
      this.#unshown++;
      ledger.dropped(`notShown${field}`, `not shown: ${nameUnshown(field)}`, offset);
      return;
    }
    ledger.metadata();
  }

  /** True when the packet describes tracks, processes, threads or the system. */
  #describeFrom(reader: FieldReader, sequence: Sequence): boolean {
    const { carried } = this.#packet;
    const track = carried.get(Packet.trackDescriptor);
    if (track !== undefined) {
      const fields = readTrackDescriptor(reader, track);
      this.#tracks.describe(fields);
      if (fields.thread !== null) Object.assign(sequence, { pid: fields.thread.pid, tid: fields.thread.tid });
    }
    const process = carried.get(Packet.processDescriptor);
    if (process !== undefined) {
      const { pid, name } = readProcessDescriptor(reader, process);
      this.#tracks.nameProcess(pid, name);
    }
    const thread = carried.get(Packet.threadDescriptor);
    if (thread !== undefined) this.#describeThread(reader, thread, sequence);
    const tree = carried.get(Packet.processTree);
    if (tree !== undefined) this.#readTree(reader, tree);
    const system = carried.get(Packet.systemInfo);
    if (system !== undefined) this.#readSystem(reader, system);
    return [track, process, thread, tree, system].some((range) => range !== undefined);
  }

  #describeThread(reader: FieldReader, range: MessageRange, sequence: Sequence): void {
    const { pid, tid, name, ...reference } = readThreadDescriptor(reader, range);
    this.#tracks.nameThread(pid, tid, name);
    sequence.pid = pid;
    sequence.tid = tid;
    sequence.timestampUs = reference.referenceTimestampUs;
    sequence.threadTimeUs = reference.referenceThreadTimeUs;
    sequence.instructions = reference.referenceInstructions;
  }

  /** Names of processes and threads; only those with events will be shown. */
  #readTree(reader: FieldReader, { start, end }: MessageRange): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === ProcessTree.processes) this.#readTreeProcess(reader, reader.start, reader.end);
      else if (reader.field === ProcessTree.threads) this.#readTreeThread(reader, reader.start, reader.end);
    }
  }

  #readTreeProcess(reader: FieldReader, start: number, end: number): void {
    let pid = 0;
    let name: string | null = null;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === TreeProcess.pid) pid = reader.number;
      else if (reader.field === TreeProcess.cmdline) name ??= programOf(reader.text());
    }
    this.#tracks.nameProcess(pid, name);
  }

  #readTreeThread(reader: FieldReader, start: number, end: number): void {
    let pid = 0;
    let tid = 0;
    let name: string | null = null;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === TreeThread.tid) tid = reader.number;
      else if (reader.field === TreeThread.pid) pid = reader.number;
      else if (reader.field === TreeThread.name) name = reader.text() || null;
    }
    this.#tracks.nameThread(pid, tid, name);
  }

  #readSystem(reader: FieldReader, { start, end }: MessageRange): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field !== SystemInfo.serviceVersion) continue;
      const version = /^Perfetto v[\w.-]+/.exec(reader.text());
      if (version !== null) this.producer = version[0];
    }
  }
}
