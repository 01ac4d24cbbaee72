import { createTraceBuilder } from "../../traces/model/create-trace-builder.ts";
import type { Allocate } from "../../traces/model/column.ts";
import type { TrackId } from "../../traces/model/ids.ts";
import type { SpanKind } from "../../traces/model/span-kind.ts";
import type { Trace } from "../../traces/model/trace.ts";
import type { TraceBuilder, TraceDescription } from "../../traces/model/trace-builder.ts";
import type { BlockFile } from "./block-file.ts";
import type { ClockOrigin } from "./clock.ts";
import { findNotes } from "./find-notes.ts";
import { blockRows, RecordTag, type RecordBlock } from "./record-block.ts";
import type { RecordMessage } from "./record-message.ts";
import {
  countRows,
  createBlockReader,
  createBlockViewer,
  createRecordedTrack,
  isRetired,
  rowsOfRetired,
  updateTrack,
  type BlockReader,
  type RecordedTrack,
} from "./recorded-track.ts";

/** What the recorders of a run have written so far, gathered from their messages. */
export interface Recordings {
  take(message: RecordMessage): void;
  /**
   * A trace of what is kept up to now; open spans reach to its end. Made anew each time, from shared columns: recorders
   * are never asked to wait. A partial one holds about the newest quarter million rows, so that it stays quick however long the
   * run is. What is left out is counted. The "byte offset" of a span is its place among the notes, see `notesOf`.
   */
  toTrace(description: TraceDescription, options: { readonly allocate: Allocate; readonly partial: boolean }): Trace;
  /** Arguments of the span whose source offset is `place`, in the order they were noted. */
  notesOf(place: number): readonly (readonly [key: string, value: string])[];
  /** A block in memory, by its number among all that the track ever had; null when it is there no more. */
  findBlock(track: number, number: number): { readonly block: RecordBlock; readonly round: number } | null;
  /** Rows ever written. */
  readonly rowCount: number;
}

/** Blocks of all tracks together in a partial trace. */
const partialBlocks = 8;

/** Rows of all tracks in one number: track × 2^32 + row, so that 40 bits of source offset hold 256 tracks. */
const rowBits = 2 ** 32;
const recordedCategory = "deltaflame";

/** `file`: where saved blocks are; null when none are saved. */
export function createRecordings(origin: ClockOrigin, file: BlockFile | null = null): Recordings {
  const tracks = new Map<number, RecordedTrack>();
  const reader = createBlockReader(file);
  const viewer = createBlockViewer(file);
  /** All texts in the order they came, so that a text keeps its number from one trace to the next: windows remember them. */
  const texts = new Set<string>();
  const trackOf = (id: number): RecordedTrack => {
    const track = tracks.get(id);
    if (track === undefined) throw new Error(`recorder ${id} wrote before it told of its track`);
    return track;
  };
  return {
    take(message) {
      if (message.kind === "track") texts.add(message.name);
      if (message.kind === "name") texts.add(message.text);
      if (message.kind === "track") tracks.set(message.track, createRecordedTrack(message.name, message.sortIndex));
      else updateTrack(trackOf(message.track), message);
    },
    toTrace(description, { allocate, partial }) {
      const builder = createTraceBuilder({ allocate });
      builder.setClock(origin.monotonicNs, origin.unixNs - origin.monotonicNs);
      builder.category(recordedCategory);
      for (const text of texts) builder.intern(text);
      const newest = partial ? Math.max(1, Math.floor(partialBlocks / tracks.size)) : Infinity;
      let completeFromNs = 0;
      for (const [id, track] of tracks)
        completeFromNs = Math.max(completeFromNs, copyTrack(builder, { id, track, newest, reader }));
      if (!partial) return builder.seal(description);
      const trace = builder.snapshot(description);
      const originNs = Number(trace.meta.originClockNs - origin.monotonicNs);
      return { ...trace, meta: { ...trace.meta, completeFromNs: Math.max(0, completeFromNs - originNs) } };
    },
    notesOf(place) {
      const track = tracks.get(Math.floor(place / rowBits));
      return track === undefined ? [] : findNotes(track, place % rowBits, viewer);
    },
    findBlock(id, number) {
      const { blocks, goneBlocks } = trackOf(id);
      return blocks[number - goneBlocks] ?? null;
    },
    get rowCount() {
      return [...tracks.values()].reduce((count, track) => count + countRows(track), 0);
    },
  };
}

interface TrackCopy {
  readonly id: number;
  readonly track: RecordedTrack;
  /** How many blocks are copied whole; of older ones, only spans that have not ended. */
  readonly newest: number;
  readonly reader: BlockReader;
}

/** Since when everything is there, ns on the clock of the run. */
function copyTrack(builder: TraceBuilder, copied: TrackCopy): number {
  const { id, track, newest, reader } = copied;
  const spanTrack = builder.addTrack({
    kind: "thread",
    name: track.name,
    detail: `track ${id}`,
    sortIndex: track.sortIndex,
  });
  const series = new Map<number, TrackId>();
  const names = track.names.map(({ text }) => builder.intern(text));
  const category = builder.category(recordedCategory);
  const left = { unnamed: 0, older: 0, overwritten: track.lost };
  let firstNs = Infinity;
  const addSpan = (row: number, startNs: number, durationNs: number, name: number): void => {
    const openEnded = durationNs < 0;
    const roundedNs = Math.round(startNs);
    // Both ends are rounded, not the duration: so spans that nest on the clock nest in the trace.
    const lengthNs = openEnded ? 0 : Math.round(startNs + durationNs) - roundedNs;
    const kind = track.names[name].kind as SpanKind;
    builder.addSpan(spanTrack, roundedNs, lengthNs, names[name], kind, category, id * rowBits + row, { openEnded });
  };

  for (const { row, startNs, durationNs, name, notes } of track.held.values()) {
    builder.ledger.read(1 + notes.length);
    addSpan(row, startNs, durationNs, name);
    for (let note = 0; note < notes.length; note++) builder.ledger.foldedIn();
  }
  const copyBlock = (number: number, isOlder: boolean): void => {
    const read = reader.read(track, number);
    if (read === null) {
      // Overwritten while this trace is made (the message is on its way), or the disk does not give it back.
      left.overwritten += isRetired(track, number) ? rowsOfRetired(track, number) : blockRows;
      return;
    }
    const { block, rows } = read;
    const areOpenHeld = isRetired(track, number);
    if (!isOlder && rows > 0) firstNs = Math.min(firstNs, Math.round(block.a[0]));
    for (let at = 0; at < rows; at++) {
      const tag = block.tag[at];
      const isOpen = tag === RecordTag.span && block.b[at] < 0;
      if (isOpen && areOpenHeld) continue;
      if (isOlder && !isOpen) {
        left.older++;
        continue;
      }
      const name = block.name[at];
      // Rows are visible at once, names come as messages: what is not named yet waits for the next trace.
      if (name >= names.length) {
        left.unnamed += rows - at;
        break;
      }
      builder.ledger.read();
      const row = number * blockRows + at;
      const startNs = Math.round(block.a[at]);
      switch (tag) {
        case RecordTag.span:
          addSpan(row, block.a[at], block.b[at], name);
          break;
        case RecordTag.instant:
          builder.addInstant(spanTrack, startNs, names[name], category, 0, id * rowBits + row);
          break;
        case RecordTag.sample:
          builder.ledger.counterEvent();
          builder.addSample(seriesTrack(builder, series, track, name), startNs, block.b[at]);
          break;
        default:
          // Notes belong to the span they were made in.
          builder.ledger.foldedIn();
      }
    }
  };
  const end = track.goneBlocks + track.blocks.length;
  const numbers = [
    ...[...track.slots.keys()].filter((number) => number < track.goneBlocks),
    ...track.blocks.map((_, index) => track.goneBlocks + index).filter((number) => number >= track.firstKept),
  ];
  for (const number of numbers) {
    const isOlder = number < end - newest;
    // Nothing of a retired block is open, so an older one need not be read.
    if (isOlder && isRetired(track, number)) left.older += rowsOfRetired(track, number);
    else copyBlock(number, isOlder);
  }
  countLeftOut(builder, left);
  return left.older + left.overwritten > 0 && firstNs < Infinity ? firstNs : 0;
}

function countLeftOut(
  builder: TraceBuilder,
  { unnamed, older, overwritten }: Readonly<Record<"unnamed" | "older" | "overwritten", number>>,
): void {
  const { ledger } = builder;
  ledger.read(unnamed + older + overwritten);
  ledger.dropped("unnamed", "rows whose names had not come yet", -1, unnamed);
  ledger.dropped("olderRows", "rows recorded earlier, shown when the run has ended", -1, older);
  ledger.dropped(
    "overwritten",
    "earlier rows were overwritten: a run keeps the newest that it has room for",
    -1,
    overwritten,
  );
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
