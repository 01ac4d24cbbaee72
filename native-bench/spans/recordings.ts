import { createTraceBuilder } from "../../traces/model/create-trace-builder.ts";
import type { Allocate } from "../../traces/model/column.ts";
import type { TrackId } from "../../traces/model/ids.ts";
import type { SpanKind } from "../../traces/model/span-kind.ts";
import type { Trace } from "../../traces/model/trace.ts";
import type { TraceBuilder, TraceDescription } from "../../traces/model/trace-builder.ts";
import type { ClockOrigin } from "./clock.ts";
import type { RecordMessage } from "./column-recorder.ts";
import { blockRows, copyRows, createBlock, RecordTag, viewBlock, type RecordBlock } from "./record-block.ts";

/** What the recorders of a run have written so far, gathered from their messages. */
export interface Recordings {
  take(message: RecordMessage): void;
  /**
   * A trace of what is kept up to now; open spans reach to its end. Made anew each time, from shared columns: recorders
   * are never asked to wait. A partial one holds about the newest half million rows, so that it stays quick however long the
   * run is. What is left out is counted. The "byte offset" of a span is its place among the notes, see `notesOf`.
   */
  toTrace(description: TraceDescription, options: { readonly allocate: Allocate; readonly partial: boolean }): Trace;
  /** Arguments of the span whose source offset is `place`, in the order they were noted. */
  notesOf(place: number): readonly (readonly [key: string, value: string])[];
  /** Rows ever written. */
  readonly rowCount: number;
}

interface RecordedTrack {
  readonly name: string;
  readonly sortIndex: number;
  /** The newest blocks with the rounds they are in, oldest first. */
  readonly blocks: { readonly block: RecordBlock; readonly round: number }[];
  /** Blocks that were overwritten. */
  goneBlocks: number;
  readonly names: { readonly text: string; readonly kind: number }[];
  /** Rows that were overwritten. */
  lost: number;
}

/** Blocks of all tracks together in a partial trace. */
const partialBlocks = 16;

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
            goneBlocks: 0,
            names: [],
            lost: 0,
          });
          break;
        case "block":
          trackOf(message.track).blocks.push({ block: viewBlock(message.buffer), round: 0 });
          break;
        case "name":
          texts.add(message.text);
          trackOf(message.track).names.push({ text: message.text, kind: message.spanKind });
          break;
        case "overwritten": {
          const track = trackOf(message.track);
          const [oldest] = track.blocks.splice(0, 1);
          track.blocks.push({ block: oldest.block, round: oldest.round + 1 });
          track.goneBlocks++;
          track.lost += message.lost;
          break;
        }
      }
    },
    toTrace(description, { allocate, partial }) {
      const builder = createTraceBuilder({ allocate });
      builder.setClock(origin.monotonicNs, origin.unixNs - origin.monotonicNs);
      builder.category(recordedCategory);
      for (const text of texts) builder.intern(text);
      const newest = partial ? Math.max(1, Math.floor(partialBlocks / tracks.size)) : Infinity;
      for (const [id, track] of tracks) copyTrack(builder, id, track, newest);
      return partial ? builder.snapshot(description) : builder.seal(description);
    },
    notesOf(place) {
      const track = tracks.get(Math.floor(place / rowBits));
      return track === undefined ? [] : findNotes(track, place % rowBits);
    },
    get rowCount() {
      let count = 0;
      for (const { blocks, goneBlocks } of tracks.values()) {
        count += goneBlocks * blockRows;
        for (const { block } of blocks) count += Atomics.load(block.head, 0);
      }
      return count;
    },
  };
}

/** `newest`: how many blocks are copied whole; of older ones, only spans that have not ended. */
function copyTrack(builder: TraceBuilder, id: number, track: RecordedTrack, newest: number): void {
  const spanTrack = builder.addTrack({
    kind: "thread",
    name: track.name,
    detail: `track ${id}`,
    sortIndex: track.sortIndex,
  });
  const series = new Map<number, TrackId>();
  const names = track.names.map(({ text }) => builder.intern(text));
  const category = builder.category(recordedCategory);
  const copy = createBlock();
  const left = { unnamed: 0, older: 0, overwritten: track.lost };
  for (const [index, { block, round }] of track.blocks.entries()) {
    const rows = copyRows(block, round, copy);
    if (rows === null) {
      // Overwritten while this trace is made: the message is on its way.
      left.overwritten += blockRows;
      continue;
    }
    const isOlder = index < track.blocks.length - newest;
    const firstPlace = id * rowBits + (track.goneBlocks + index) * blockRows;
    for (let row = 0; row < rows; row++) {
      if (isOlder && !(copy.tag[row] === RecordTag.span && copy.b[row] < 0)) {
        left.older++;
        continue;
      }
      const name = copy.name[row];
      // Rows are visible at once, names come as messages: what is not named yet waits for the next trace.
      if (name >= names.length) {
        left.unnamed += rows - row;
        break;
      }
      builder.ledger.read();
      const startNs = Math.round(copy.a[row]);
      switch (copy.tag[row]) {
        case RecordTag.span: {
          const openEnded = copy.b[row] < 0;
          // Both ends are rounded, not the duration: so spans that nest on the clock nest in the trace.
          const durationNs = openEnded ? 0 : Math.round(copy.a[row] + copy.b[row]) - startNs;
          const kind = track.names[name].kind as SpanKind;
          builder.addSpan(spanTrack, startNs, durationNs, names[name], kind, category, firstPlace + row, { openEnded });
          break;
        }
        case RecordTag.instant:
          builder.addInstant(spanTrack, startNs, names[name], category, 0, firstPlace + row);
          break;
        case RecordTag.sample:
          builder.ledger.counterEvent();
          builder.addSample(seriesTrack(builder, series, track, name), startNs, copy.b[row]);
          break;
        default:
          // Notes belong to the span they were made in.
          builder.ledger.foldedIn();
      }
    }
  }
  countLeftOut(builder, left);
}

function countLeftOut(
  builder: TraceBuilder,
  { unnamed, older, overwritten }: Readonly<Record<"unnamed" | "older" | "overwritten", number>>,
): void {
  const { ledger } = builder;
  ledger.read(unnamed + older + overwritten);
  ledger.dropped("unnamed", "rows whose names had not come yet", -1, unnamed);
  ledger.dropped("olderRows", "rows recorded earlier, shown when the run has ended", -1, older);
  ledger.dropped("overwritten", "earlier rows were overwritten: a recorder keeps the newest", -1, overwritten);
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
function findNotes({ blocks, goneBlocks, names }: RecordedTrack, span: number): [key: string, value: string][] {
  const notes: [key: string, value: string][] = [];
  const textOf = (name: number): string => names[name]?.text ?? "";
  let endNs = Infinity;
  for (let at = span; ; at++) {
    const held = blocks[Math.floor(at / blockRows) - goneBlocks];
    const row = at % blockRows;
    if (held === undefined) return notes;
    const { block, round } = held;
    if (Atomics.load(block.head, 1) !== round || row >= Atomics.load(block.head, 0)) return notes;
    const [tag, a, b] = [block.tag[row], block.a[row], block.b[row]];
    if (at === span) endNs = b < 0 ? Infinity : a + b;
    else if (tag === RecordTag.span && a > endNs) return notes;
    else if (tag === RecordTag.number && b === span) notes.push([textOf(block.name[row]), String(a)]);
    else if (tag === RecordTag.text && b === span) notes.push([textOf(block.name[row]), textOf(a)]);
  }
}
