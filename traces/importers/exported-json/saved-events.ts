import type { TextLine } from "../../io/line-reader.ts";
import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind, spanKindNames } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { SpanExtras, TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ExportHeader } from "./header.ts";

/** The members that every event begins with, in this order; times stay text, since a double would round them. */
const eventStart =
  /^\{"ph":"([XbeiCsfM])","pid":(\d+),"tid":(\d+)(?:,"ts":(-?\d+)\.(\d{3})(?:,"dur":(\d+)\.(\d{3}))?)?,/;

const flowWithoutSpan = ["flowWithoutSpan", "ends of arrows whose partner or spans are not in the file"] as const;
const listEnd = "]}";
const largestLane = 0xffff;

interface SavedEvent {
  readonly phase: string;
  readonly track: TrackId;
  readonly timeNs: number;
  /** Null: open-ended. */
  readonly durationNs: number | null;
  readonly name: StringId;
  readonly members: Readonly<Record<string, unknown>>;
  readonly byteOffset: number;
}

/** Gives the lines of a saved trace their meaning. */
export class SavedEvents {
  readonly #header: ExportHeader;
  readonly #builder: TraceBuilder;
  readonly #maxSpans: number;
  readonly #tracks = new Map<string, TrackId>();
  /** Builder indexes of the spans of the file, in its order. */
  readonly #spans: number[] = [];
  readonly #originMicros: bigint;
  readonly #originNs: number;
  #openFlow: SavedEvent | null = null;
  #isClosed = false;
  #cutAt: number | null = null;

  constructor(header: ExportHeader, builder: TraceBuilder, maxSpans: number) {
    this.#header = header;
    this.#builder = builder;
    this.#maxSpans = maxSpans;
    const origin = BigInt(header.originClockNs);
    this.#originMicros = origin / 1000n;
    this.#originNs = Number(origin % 1000n);
    builder.setClock(origin, header.originUnixNs === null ? null : BigInt(header.originUnixNs) - origin);
    for (const { kind, name, detail, parent, sortIndex, pid, tid } of header.tracks) {
      const track = builder.addTrack({ kind, name, detail, parent: parent as TrackId | null, sortIndex });
      this.#tracks.set(`${pid} ${tid}`, track);
    }
  }

  describe(fileName: string): TraceDescription {
    const { formatLabel, producer, facts } = this.#header;
    return {
      name: fileName,
      format: "deltaflame-json",
      formatLabel,
      ...(producer !== null && { producer }),
      facts,
    };
  }

  readLine({ text, byteOffset, isEnded }: TextLine): void {
    if (text === "" || this.#isClosed) return;
    if (text === listEnd) {
      this.#isClosed = true;
      return;
    }
    this.#builder.ledger.read();
    const event = this.#parse(text.endsWith(",") ? text.slice(0, -1) : text, byteOffset);
    if (event !== null) return this.#add(event);
    if (isEnded)
      this.#builder.ledger.dropped("malformedEvent", "lines that hold no event as Deltaflame writes it", byteOffset);
    else {
      this.#cutAt = byteOffset;
      this.#builder.ledger.dropped("cutEvent", "an event that the end of the file cuts off", byteOffset);
    }
  }

  /** `size`: bytes of the file. */
  finish(size: number): void {
    this.#dropFlow();
    if (this.#isClosed) return;
    this.#builder.ledger.truncatedAt(this.#cutAt ?? size);
    this.#builder.ledger.note("truncated", "the file ends before its list of events is closed", this.#cutAt ?? size);
  }

  #parse(text: string, byteOffset: number): SavedEvent | null {
    const start = eventStart.exec(text);
    if (start === null) return null;
    const [, phase, pid, tid, micros, nanos, durationMicros, durationNanos] = start;
    const track = this.#tracks.get(`${pid} ${tid}`);
    const members = parseMembers(text);
    if (members === null || track === undefined || (micros === undefined && phase !== "M")) return null;
    const { name } = members;
    return {
      phase,
      track,
      timeNs: micros === undefined ? 0 : this.#toNs(micros, Number(nanos)),
      durationNs: durationMicros === undefined ? null : Number(durationMicros) * 1000 + Number(durationNanos),
      name: this.#builder.intern(typeof name === "string" ? name : ""),
      members,
      byteOffset,
    };
  }

  /** Ns since the origin: exact, because whole µs are subtracted before they become ns. */
  #toNs(micros: string, nanos: number): number {
    const fraction = micros.startsWith("-") ? -nanos : nanos;
    return Number(BigInt(micros) - this.#originMicros) * 1000 + fraction - this.#originNs;
  }

  #add(event: SavedEvent): void {
    switch (event.phase) {
      case "X":
      case "b":
        return this.#addSpan(event);
      case "i":
        return this.#addInstant(event);
      case "C":
        return this.#addSample(event);
      case "s":
        return this.#beginFlow(event);
      case "f":
        return this.#endFlow(event);
      case "M":
        return this.#builder.ledger.metadata();
      // The begin tells the span whole.
      case "e":
        return this.#builder.ledger.foldedIn();
    }
  }

  #addSpan({ track, timeNs, durationNs, name, members, byteOffset }: SavedEvent): void {
    const { ledger, spanCount } = this.#builder;
    if (spanCount >= this.#maxSpans) {
      this.#spans.push(-1);
      return ledger.dropped("spanLimit", "spans beyond the limit of the import", byteOffset);
    }
    const [kind = 0, link = 0, lane = 0, derived = 0, withoutCategory = 0] = hintsOf(members["df"]);
    const extras: SpanExtras = {
      ...(link !== 0 && { link }),
      ...(lane !== 0 && { lane: Math.min(lane - 1, largestLane) }),
      ...(durationNs === null && { openEnded: true }),
      ...(derived !== 0 && { derived: true }),
    };
    // A span of several events is none of the ledger's own.
    if (derived !== 0) ledger.foldedIn();
    const category = withoutCategory === 0 ? this.#category(members["cat"]) : noCategory;
    const known = (kind < spanKindNames.length ? kind : SpanKind.other) as SpanKind;
    this.#spans.push(this.#builder.addSpan(track, timeNs, durationNs ?? 0, name, known, category, byteOffset, extras));
  }

  #addInstant({ track, timeNs, name, members, byteOffset }: SavedEvent): void {
    const scope = members["s"] === "g" ? 2 : members["s"] === "p" ? 1 : 0;
    this.#builder.addInstant(track, timeNs, name, this.#category(members["cat"]), scope, byteOffset);
  }

  #addSample({ track, timeNs, members, byteOffset }: SavedEvent): void {
    const { args, df } = members;
    const value = typeof df === "string" ? Number(df) : valueOf(args);
    if (value === null)
      return this.#builder.ledger.dropped("counterWithoutValue", "counter events without a number", byteOffset);
    this.#builder.addSample(track, timeNs, value);
    this.#builder.ledger.counterEvent();
  }

  #beginFlow(event: SavedEvent): void {
    this.#dropFlow();
    this.#openFlow = event;
  }

  /** The start stands right before, and names both spans. */
  #endFlow({ name, byteOffset }: SavedEvent): void {
    const [from = -1, to = -1] = hintsOf(this.#openFlow?.members["df"]);
    const ends = [this.#spans[from] ?? -1, this.#spans[to] ?? -1];
    if (this.#openFlow !== null && ends[0] >= 0 && ends[1] >= 0) {
      this.#openFlow = null;
      return this.#builder.addFlow(ends[0], ends[1], name);
    }
    this.#dropFlow();
    this.#builder.ledger.dropped(...flowWithoutSpan, byteOffset);
  }

  #dropFlow(): void {
    if (this.#openFlow !== null) this.#builder.ledger.dropped(...flowWithoutSpan, this.#openFlow.byteOffset);
    this.#openFlow = null;
  }

  #category(value: unknown): number {
    return typeof value === "string" ? this.#builder.category(value) : noCategory;
  }
}

function parseMembers(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function hintsOf(value: unknown): readonly number[] {
  return Array.isArray(value) && value.every((hint) => Number.isSafeInteger(hint) && hint >= 0) ? value : [];
}

function valueOf(args: unknown): number | null {
  if (typeof args !== "object" || args === null || !("value" in args)) return null;
  return typeof args.value === "number" ? args.value : null;
}
