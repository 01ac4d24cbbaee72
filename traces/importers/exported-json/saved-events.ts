import type { TextLine } from "../../io/line-reader.ts";
import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind, spanKindNames } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { SpanExtras, TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ExportHeader } from "./header.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

/** The members that every event begins with, in this order; times stay text, since a double would round them. */
const eventStart =
  /^\{"ph":"([XbeiCsfM])","pid":(\d+),"tid":(\d+)(?:,"ts":(-?\d+)\.(\d{3})(?:,"dur":(\d+)\.(\d{3}))?)?,/;

/** The rest of an event without arguments: name, category, hints. Its strings are checked when they are unquoted. */
const plainRest =
  /,"name":("(?:[^"\\]|\\.)*")(?:,"cat":("(?:[^"\\]|\\.)*"))?(?:,"df":\[(\d{1,10}(?:,\d{1,10})*)\])?\}$/y;

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
  readonly #texts = new Map<string, string>();
  /** Builder indexes of the spans of the file, in its order. */
  readonly #spans: number[] = [];
  readonly #originMicros: bigint;
  /** The same as a number; null where that would round. */
  readonly #origin: number | null;
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
    this.#origin = Number.isSafeInteger(Number(this.#originMicros)) ? Number(this.#originMicros) : null;
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
    const members = this.#readMembers(text, start[0].length - 1);
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

  #readMembers(text: string, at: number): Readonly<Record<string, unknown>> | null {
    try {
      return this.#plainMembers(text, at) ?? parseMembers(text);
    } catch (error) {
      // A string of the line breaks the rules of JSON.
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** What most events have beside times: read without a parse of the whole line. Null for every other event. */
  #plainMembers(text: string, at: number): Readonly<Record<string, unknown>> | null {
    plainRest.lastIndex = at;
    const match = plainRest.exec(text);
    if (match === null) return null;
    const [, name, cat, hints] = match;
    return {
      name: this.#unquoted(name),
      ...(cat !== undefined && { cat: this.#unquoted(cat) }),
      ...(hints !== undefined && { df: hints.split(",").map(Number) }),
    };
  }

  /** The text behind a JSON string; few of them make up a file. */
  #unquoted(quoted: string): string {
    let text = this.#texts.get(quoted);
    if (text === undefined) {
      text = JSON.parse(quoted) as string;
      this.#texts.set(quoted, text);
    }
    return text;
  }

  /** Ns since the origin: exact, because whole µs are subtracted before they become ns. */
  #toNs(micros: string, nanos: number): number {
    const fraction = (micros.startsWith("-") ? -nanos : nanos) - this.#originNs;
    const whole = Number(micros);
    const distance =
      this.#origin !== null && Number.isSafeInteger(whole)
        ? whole - this.#origin
        : Number(BigInt(micros) - this.#originMicros);
    return distance * 1000 + fraction;
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
      return dropBeyondLimit(ledger, this.#maxSpans, byteOffset);
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
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

function hintsOf(value: unknown): readonly number[] {
  return Array.isArray(value) && value.every((hint) => Number.isSafeInteger(hint) && hint >= 0) ? value : [];
}

function valueOf(args: unknown): number | null {
  if (typeof args !== "object" || args === null || !("value" in args)) return null;
  return typeof args.value === "number" ? args.value : null;
}
