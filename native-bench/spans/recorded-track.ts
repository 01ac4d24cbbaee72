import type { BlockFile } from "./block-file.ts";
import { blockRows, copyRows, createBlock, isInRound, viewBlock, type RecordBlock } from "./record-block.ts";
import type { OpenSpan, RecordMessage } from "./record-message.ts";

/** What is known of one recorder, from its messages. */
export interface RecordedTrack {
  readonly name: string;
  readonly sortIndex: number;
  /** The blocks in memory with the rounds they are in, oldest first. */
  readonly blocks: { readonly block: RecordBlock; readonly round: number }[];
  /** Blocks that were taken for newer rows. */
  goneBlocks: number;
  /** Of each retired block, how many of its spans are in `held`. */
  readonly heldCounts: number[];
  /** Spans that were open when their block retired, by their rows. */
  readonly held: Map<number, HeldSpan>;
  /** Blocks before this one have lost their place in the file to newer ones, and are counted. */
  firstKept: number;
  /** Where in the file the rows of a block are, by its number, oldest first. */
  readonly slots: Map<number, number>;
  readonly names: { readonly text: string; readonly kind: number }[];
  /** Rows that are nowhere any more. */
  lost: number;
}

export interface HeldSpan extends OpenSpan {
  /** -1: it has not ended. */
  durationNs: number;
  /** Those that came after its block had retired. */
  readonly notes: (readonly [key: string, value: string])[];
}

export function createRecordedTrack(name: string, sortIndex: number): RecordedTrack {
  return {
    name,
    sortIndex,
    blocks: [],
    goneBlocks: 0,
    heldCounts: [],
    held: new Map(),
    firstKept: 0,
    slots: new Map(),
    names: [],
    lost: 0,
  };
}

/** What a message after the first changes. */
export function updateTrack(track: RecordedTrack, message: Exclude<RecordMessage, { kind: "track" }>): void {
  switch (message.kind) {
    case "block":
      track.blocks.push({ block: viewBlock(message.buffer), round: 0 });
      break;
    case "name":
      track.names.push({ text: message.text, kind: message.spanKind });
      break;
    case "retired":
      track.heldCounts.push(message.open.length);
      for (const span of message.open) track.held.set(span.row, { ...span, durationNs: -1, notes: [] });
      break;
    case "ended": {
      const span = track.held.get(message.row);
      if (span !== undefined) span.durationNs = message.endNs - span.startNs;
      break;
    }
    case "noted":
      track.held.get(message.row)?.notes.push([message.key, message.value]);
      break;
    case "saved":
      track.slots.set(message.number, message.slot);
      break;
    case "forgotten":
      track.slots.delete(message.number);
      track.firstKept = message.number + 1;
      track.lost += rowsOfRetired(track, message.number);
      break;
    case "overwritten": {
      const [oldest] = track.blocks.splice(0, 1);
      track.blocks.push({ block: oldest.block, round: oldest.round + 1 });
      track.goneBlocks++;
      track.lost += message.lost;
      break;
    }
  }
}

/** Rows of a retired block without those that are held. */
export const rowsOfRetired = ({ heldCounts }: RecordedTrack, number: number): number => blockRows - heldCounts[number];

export const isRetired = ({ heldCounts }: RecordedTrack, number: number): boolean => number < heldCounts.length;

/** Rows ever written. */
export function countRows({ goneBlocks, blocks }: RecordedTrack): number {
  return blocks.reduce((count, { block }) => count + Atomics.load(block.head, 0), goneBlocks * blockRows);
}

/** Gives the rows of single blocks of tracks, one at a time. */
export interface BlockReader {
  /** Copies block `number` of `track`; null when its rows are nowhere any more. */
  read(track: RecordedTrack, number: number): { readonly block: RecordBlock; readonly rows: number } | null;
}

export function createBlockReader(file: BlockFile | null): BlockReader {
  const copy = createBlock();
  return {
    read(track, number) {
      const held = track.blocks[number - track.goneBlocks];
      if (held !== undefined) {
        const rows = copyRows(held.block, held.round, copy);
        if (rows !== null) return { block: copy, rows };
      }
      const slot = track.slots.get(number);
      return slot !== undefined && file?.read(slot, copy) === true ? { block: copy, rows: blockRows } : null;
    },
  };
}

/** Shows blocks where they are, for whoever looks up a few rows of many blocks, again and again. */
export interface BlockViewer {
  /** `isSame` tells afterwards whether the rows were still those of that block. */
  view(
    track: RecordedTrack,
    number: number,
  ): { readonly block: RecordBlock; readonly rows: number; isSame(): boolean } | null;
}

/** Blocks of a file that stay in memory: looking ahead and back again must not read them anew. */
const viewedBlocks = 4;

export function createBlockViewer(file: BlockFile | null): BlockViewer {
  /** By slot, the one used last at the end. A slot that was given to newer rows is told apart by its block. */
  const read = new Map<
    number,
    { readonly track: RecordedTrack; readonly number: number; readonly block: RecordBlock }
  >();
  const readSlot = (track: RecordedTrack, number: number, slot: number): RecordBlock | null => {
    const known = read.get(slot);
    read.delete(slot);
    if (known !== undefined && known.track === track && known.number === number) {
      read.set(slot, known);
      return known.block;
    }
    const block = createBlock();
    if (file?.read(slot, block) !== true) return null;
    read.set(slot, { track, number, block });
    for (const oldest of read.keys()) if (read.size > viewedBlocks) read.delete(oldest);
    return block;
  };
  return {
    view(track, number) {
      const held = track.blocks[number - track.goneBlocks];
      if (held !== undefined && isInRound(held.block, held.round)) {
        const rows = Atomics.load(held.block.head, 0);
        return { block: held.block, rows, isSame: () => isInRound(held.block, held.round) };
      }
      const slot = track.slots.get(number);
      const block = slot === undefined ? null : readSlot(track, number, slot);
      return block === null ? null : { block, rows: blockRows, isSame: () => true };
    },
  };
}
