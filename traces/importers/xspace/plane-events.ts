import type { FieldFile } from "../../io/field-stream.ts";
import { messageEnd, WireError } from "../../io/protobuf.ts";
import type { TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { CategorySide } from "../chrome/kinds.ts";
import { LinkTable } from "../chrome/links.ts";
import { Tally } from "../chrome/tally.ts";
import { describeDevice } from "./device-facts.ts";
import { EventFields, MeaningfulStat, StatTable } from "./events.ts";
import { EventNames, type NamedKind } from "./event-names.ts";
import { type FlowPlace, Flows } from "./flows.ts";
import { isStreamLine, type LineRole, roleOfLine, sortIndexOfLine } from "./lines.ts";
import { LinkIds } from "./link-ids.ts";
import { addPicos, isFine, toNanos } from "./picoseconds.ts";
import { type LineOutline, noteDamagedStat, type PlaneOutline, readStats, textOf } from "./plane.ts";
import type { ProfileClock } from "./profile-clock.ts";
import { Line } from "./schema.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

/** Devices stand below hosts. */
const deviceSortIndex = 2 ** 24;
/** Hosts of one profile, each with its own planes. */
const hostStride = 2 ** 12;
/** Events between two looks at whether to go on. */
const eventsPerTurn = 8192;

/** A line whose events are being read. */
interface OpenLine {
  readonly outline: LineOutline;
  readonly role: LineRole;
  readonly names: EventNames;
  readonly stats: StatTable;
  /** Ns since the base of the clock. */
  readonly lineNs: number;
  readonly plane: OpenPlane;
  track: TrackId | null;
}

/** A plane whose lines are being read. */
interface OpenPlane {
  readonly name: string;
  readonly hostName: string | null;
  readonly host: number;
  readonly isDevice: boolean;
  readonly detail: string | null;
  /** Its damage was told already. */
  readonly isDamaged: boolean;
  readonly counters: Map<string, TrackId>;
  track: TrackId | null;
}

/** Reads the events of planes into a builder. */
export class PlaneEvents {
  readonly #file: FieldFile;
  readonly #builder: TraceBuilder;
  readonly #clock: ProfileClock;
  readonly #maxSpans: number;
  readonly #onRead: (byteOffset: number) => void;
  readonly #event = new EventFields();
  readonly #flows: Flows;
  readonly #linkIds = new LinkIds();
  readonly #links = new LinkTable();
  readonly #extras: { link: number } = { link: 0 };
  readonly #rounded: Tally;
  readonly #zeroDuration: Tally;
  readonly #withoutName: Tally;
  #untilTurn = eventsPerTurn;
  #eventsRead = 0;

  constructor(
    file: FieldFile,
    builder: TraceBuilder,
    clock: ProfileClock,
    maxSpans: number,
    onRead: (byteOffset: number) => void,
  ) {
    this.#file = file;
    this.#builder = builder;
    this.#clock = clock;
    this.#maxSpans = maxSpans;
    this.#onRead = onRead;
    this.#flows = new Flows(builder);
    const info = (code: string, message: string): Tally => new Tally(builder.ledger, code, message, "info");
    this.#rounded = info("rounded", "times finer than 1 ns; start and end were rounded");
    this.#zeroDuration = info("zeroDuration", "events of duration 0");
    this.#withoutName = new Tally(builder.ledger, "withoutName", "events without a name", "warning");
  }

  /** Reads the lines of a plane; returns what its stats say of a device. */
  read(plane: PlaneOutline, host: number, hostName: string | null): [device: string, description: string] | null {
    const isDevice = plane.name.startsWith("/device:");
    const onDamage = noteDamagedStat(this.#builder.ledger);
    const stats = readStats(this.#file, isDevice ? plane.stats : [], plane.statNames, onDamage);
    const description = describeDevice(stats);
    const open: OpenPlane = {
      name: plane.name,
      hostName,
      host,
      isDevice,
      detail: description,
      isDamaged: plane.damage !== null,
      counters: new Map(),
      track: null,
    };
    const hasStreams = plane.lines.some(({ name }) => isStreamLine(name));
    const table = new StatTable(plane.statNames);
    const names = new EventNames(this.#builder, plane, isDevice ? this.#file : null);
    for (const outline of plane.lines) {
      this.#readLine({
        outline,
        role: roleOfLine(outline.name, isDevice, hasStreams),
        names,
        stats: table,
        lineNs: this.#clock.lineNs(outline.timestampNs, host),
        plane: open,
        track: null,
      });
    }
    return description === null || open.track === null ? null : [this.#titleOf(open), description];
  }

  /** Tells the ledger what is known at the end only. */
  finish(): void {
    this.#flushCounts();
    this.#builder.ledger.note(
      "gpuWithoutLaunch",
      "device spans with a correlation id whose launch is not in the file; they are kept",
      -1,
      this.#links.countDeviceWithoutHost(),
      "info",
    );
  }

  #readLine(line: OpenLine): void {
    const file = this.#file;
    const { reader } = file;
    const { end } = line.outline;
    let at = line.outline.start;
    try {
      for (let next = file.step(at, end); next !== messageEnd; at = next, next = file.step(at, end)) {
        if (reader.field === Line.displayName) this.#rename(line, textOf(reader));
        if (reader.field !== Line.events) continue;
        this.#takeTurn(at);
        this.#eventsRead++;
        if (reader.holds) this.#readEvent(reader.start, reader.end, at, line);
        else this.#builder.ledger.dropped("oversizedEvent", "events of more bytes than an event may have", at);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (line.plane.isDamaged) return;
      this.#builder.ledger.truncatedAt(error.byteOffset);
      this.#builder.ledger.note(
        "damagedLine",
        `a line is damaged: ${error.message}; its events before that were kept`,
        error.byteOffset,
      );
    }
  }

  #rename(line: OpenLine, displayName: string): void {
    if (displayName !== "" && line.track !== null) this.#builder.describeTrack(line.track, { name: displayName });
  }

  #readEvent(start: number, end: number, offset: number, line: OpenLine): void {
    const event = this.#event;
    try {
      event.read(this.#file.reader, start, end, line.stats);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#builder.ledger.dropped("damagedEvent", `damaged events (the first: ${error.message})`, error.byteOffset);
      return;
    }
    if (event.occurrences !== null) {
      this.#builder.ledger.dropped("aggregates", "sums of events without a place on the time axis", offset);
      return;
    }
    const kind = line.names.find(event.metadataId);
    if (kind.isNameless) this.#withoutName.add(offset);
    if (line.role.side === "counters" && event.has(MeaningfulStat.counterValue)) this.#addCounter(event, kind, line);
    else this.#addSpan(event, kind, offset, line);
  }

  #addSpan(event: EventFields, kind: NamedKind, offset: number, line: OpenLine): void {
    const builder = this.#builder;
    if (builder.spanCount >= this.#maxSpans) {
      dropBeyondLimit(builder.ledger, this.#maxSpans, offset);
      return;
    }
    const track = (line.track ??= this.#addTrack(line));
    const endPs = addPicos(event.offsetPs, event.durationPs);
    const startNs = toNanos(line.lineNs, event.offsetPs);
    const endNs = toNanos(line.lineNs, endPs);
    if (isFine(event.offsetPs) || isFine(endPs)) this.#rounded.add(offset);
    if (event.durationPs === 0) this.#zeroDuration.add(offset);
    const correlation = event.valueOf(MeaningfulStat.correlationId);
    const link = this.#linkIds.find(line.plane.host, correlation);
    this.#extras.link = link;
    if (link !== 0)
      this.#links.see(line.plane.isDevice ? CategorySide.device : CategorySide.host, link, SpanKind.other);
    const spanKind = event.has(MeaningfulStat.step)
      ? line.names.stepKind
      : line.names.kindOf(kind, line.role, correlation !== 0);
    const category = kind.category === noCategory ? line.names.moduleCategory(event.module) : kind.category;
    const span = builder.addSpan(track, startNs, endNs - startNs, kind.name, spanKind, category, offset, this.#extras);
    if (span >= 0 && event.hasStats) this.#addFlows(event, { track, timeNs: startNs, span }, line.plane.host);
  }

  #addFlows(event: EventFields, end: FlowPlace, host: number): void {
    const { producer, producerType, consumer, consumerType, flow } = MeaningfulStat;
    if (event.has(producer))
      this.#flows.addContext("start", host, event.valueOf(producerType), event.valueOf(producer), end);
    if (event.has(consumer))
      this.#flows.addContext("end", host, event.valueOf(consumerType), event.valueOf(consumer), end);
    if (event.has(flow)) this.#flows.addFlow(event.valueOf(flow), end);
  }

  #addCounter(event: EventFields, kind: NamedKind, line: OpenLine): void {
    const { counters } = line.plane;
    let track = counters.get(kind.text);
    if (track === undefined) {
      track = this.#builder.addTrack({
        kind: "counter",
        name: kind.text,
        detail: line.plane.name,
        parent: this.#planeTrack(line.plane),
      });
      counters.set(kind.text, track);
    }
    this.#builder.ledger.counterEvent();
    this.#builder.addSample(track, toNanos(line.lineNs, event.offsetPs), event.counterValue);
  }

  #addTrack({ plane, outline: { name, id } }: OpenLine): TrackId {
    return this.#builder.addTrack({
      kind: plane.isDevice ? "stream" : "thread",
      name,
      detail: `line ${id}`,
      parent: this.#planeTrack(plane),
      sortIndex: plane.isDevice ? sortIndexOfLine(name) : 0,
    });
  }

  #planeTrack(plane: OpenPlane): TrackId {
    return (plane.track ??= this.#builder.addTrack({
      kind: plane.isDevice ? "device" : "process",
      name: this.#titleOf(plane),
      detail: [plane.name, plane.detail].filter((part) => part !== null).join(" · "),
      parent: null,
      sortIndex: (plane.isDevice ? deviceSortIndex : 0) + plane.host * hostStride,
    }));
  }

  #titleOf({ name, hostName }: OpenPlane): string {
    const title = name.replace(/^\/device:/, "");
    return hostName === null ? title : `${title} · ${hostName}`;
  }

  #takeTurn(byteOffset: number): void {
    if (--this.#untilTurn > 0) return;
    this.#untilTurn = eventsPerTurn;
    this.#flushCounts();
    this.#onRead(byteOffset);
  }

  #flushCounts(): void {
    this.#builder.ledger.read(this.#eventsRead);
    this.#eventsRead = 0;
    for (const tally of [this.#rounded, this.#zeroDuration, this.#withoutName]) tally.flush();
  }
}
