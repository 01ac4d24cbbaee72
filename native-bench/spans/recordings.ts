import { createTraceBuilder } from "../../traces/model/create-trace-builder.ts";
import type { Allocate } from "../../traces/model/column.ts";
import type { TrackId } from "../../traces/model/ids.ts";
import type { SpanKind } from "../../traces/model/span-kind.ts";
import type { Trace } from "../../traces/model/trace.ts";
import type { TraceBuilder, TraceDescription } from "../../traces/model/trace-builder.ts";
import type { ClockOrigin } from "./clock.ts";
import type { RecordMessage } from "./column-recorder.ts";
import { blockRows, RecordTag, viewBlock, type RecordBlock } from "./record-block.ts";

/** What the recorders of a run have written so far, gathered from their messages. */
export interface Recordings {
  take(message: RecordMessage): void;
  /**
   * A trace of everything written up to now; open spans reach to its end. Made anew each time, from shared columns:
   * recorders are never asked to wait. The "byte offset" of a span is its place among the notes, see `notesOf`.
   */
  toTrace(description: TraceDescription, options: { readonly allocate: Allocate; readonly partial: boolean }): Trace;
  /** Arguments of the span whose source offset is `place`, in the order they were noted. */
  notesOf(place: number): readonly (readonly [key: string, value: string])[];
  readonly spanCount: number;
}

interface RecordedTrack {
  readonly name: string;
  readonly sortIndex: number;
  readonly blocks: RecordBlock[];
  readonly names: { readonly text: string; readonly kind: number }[];
  dropped: number;
}

/** Rows of all tracks in one number: track × 2^32 + row, so that 40 bits of source offset hold 256 tracks. */
const rowBits = 2 ** 32;
const recordedCategory = "deltaflame";

export function createRecordings(origin: ClockOrigin): Recordings {
  const tracks = new Map<number, RecordedTrack>();
  /** All texts in the order they came, so that a text keeps its number from one trace to the next: windows remember them. */
  const texts = new Set<string>();
  const trackOf = (id: number): RecordedTrack => {
    const track = tracks.get(id);
    if (track === undefined) throw new Error(`recorder ${id} wrote before it told of its track`);
    return track;
  };
  return {
    take(message) {
      switch (message.kind) {
        case "track":
          texts.add(message.name);
          tracks.set(message.track, {
            name: message.name,
            sortIndex: message.sortIndex,
            blocks: [],
            names: [],
            dropped: 0,
          });
          break;
        case "block":
          trackOf(message.track).blocks.push(viewBlock(message.buffer));
          break;
        case "name":
          texts.add(message.text);
          trackOf(message.track).names.push({ text: message.text, kind: message.spanKind });
          break;
        case "dropped":
          trackOf(message.track).dropped = message.count;
          break;
      }
    },
    toTrace(description, { allocate, partial }) {
      const builder = createTraceBuilder({ allocate });
      builder.setClock(origin.monotonicNs, origin.unixNs - origin.monotonicNs);
      builder.category(recordedCategory);
      for (const text of texts) builder.intern(text);
      for (const [id, track] of tracks) copyTrack(builder, id, track);
      return partial ? builder.snapshot(description) : builder.seal(description);
    },
    notesOf(place) {
      const track = tracks.get(Math.floor(place / rowBits));
      return track === undefined ? [] : findNotes(track, place % rowBits);
    },
    get spanCount() {
      let count = 0;
      for (const { blocks } of tracks.values()) for (const block of blocks) count += Atomics.load(block.head, 0);
      return count;
    },
  };
}

function copyTrack(builder: TraceBuilder, id: number, track: RecordedTrack): void {
  const spanTrack = builder.addTrack({
    kind: "thread",
    name: track.name,
    detail: `track ${id}`,
    sortIndex: track.sortIndex,
  });
  const series = new Map<number, TrackId>();
  const names = track.names.map(({ text }) => builder.intern(text));
  const category = builder.category(recordedCategory);
  let unnamed = 0;
  for (const [number, block] of track.blocks.entries()) {
    const rows = Atomics.load(block.head, 0);
    for (let row = 0; row < rows; row++) {
      const name = block.name[row];
      // Rows are visible at once, names come as messages: what is not named yet waits for the next trace.
      if (name >= names.length) {
        unnamed += rows - row;
        break;
      }
      const startNs = Math.round(block.a[row]);
      switch (block.tag[row]) {
        case RecordTag.span: {
          builder.ledger.read();
          const openEnded = block.b[row] < 0;
          // Both ends are rounded, not the duration: so spans that nest on the clock nest in the trace.
          const durationNs = openEnded ? 0 : Math.round(block.a[row] + block.b[row]) - startNs;
          const kind = track.names[name].kind as SpanKind;
          const place = id * rowBits + number * blockRows + row;
          builder.addSpan(spanTrack, startNs, durationNs, names[name], kind, category, place, { openEnded });
          break;
        }
        case RecordTag.instant:
          builder.ledger.read();
          builder.addInstant(spanTrack, startNs, names[name], category, 0, id * rowBits + number * blockRows + row);
          break;
        case RecordTag.sample:
          builder.ledger.read();
          builder.ledger.counterEvent();
          builder.addSample(seriesTrack(builder, series, track, name), startNs, block.b[row]);
          break;
        default:
          // Notes belong to the span they were made in.
          builder.ledger.read();
          builder.ledger.foldedIn();
      }
    }
  }
  if (unnamed > 0) {
    builder.ledger.read(unnamed);
    builder.ledger.dropped("unnamed", "rows whose names had not come yet", -1, unnamed);
  }
  if (track.dropped > 0) {
    builder.ledger.read(track.dropped);
    builder.ledger.dropped("recorderFull", `the recorder of "${track.name}" was full`, -1, track.dropped);
  }
}

function seriesTrack(builder: TraceBuilder, known: Map<number, TrackId>, track: RecordedTrack, name: number): TrackId {
  let id = known.get(name);
  if (id === undefined) {
    id = builder.addTrack({
      kind: "counter",
      name: track.names[name].text,
      detail: track.name,
      sortIndex: track.sortIndex,
    });
    known.set(name, id);
  }
  return id;
}

/** Notes follow their span closely, so the search starts at the span and ends where its end is passed. */
function findNotes({ blocks, names }: RecordedTrack, span: number): [key: string, value: string][] {
  const notes: [key: string, value: string][] = [];
  const textOf = (name: number): string => names[name]?.text ?? "";
  let endNs = Infinity;
  for (let at = span; ; at++) {
    const block = blocks[Math.floor(at / blockRows)];
    const row = at % blockRows;
    if (block === undefined || row >= Atomics.load(block.head, 0)) return notes;
    const [tag, a, b] = [block.tag[row], block.a[row], block.b[row]];
    if (at === span) endNs = b < 0 ? Infinity : a + b;
    else if (tag === RecordTag.span && a > endNs) return notes;
    else if (tag === RecordTag.number && b === span) notes.push([textOf(block.name[row]), String(a)]);
    else if (tag === RecordTag.text && b === span) notes.push([textOf(block.name[row]), textOf(a)]);
  }
}
