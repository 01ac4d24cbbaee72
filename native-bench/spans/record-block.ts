/*
 * One block of what a recorder wrote, in memory that other threads can read while it is written. The writer fills a
 * row and then raises the count; a reader takes the count first. `b` of a span is -1 until it ends. A block may be
 * written once more from the start: the round is raised first, so a reader that finds another round than the one it
 * knows, before or after it has copied the rows, has not seen them. Whoever saves the rows elsewhere marks the round as
 * saved, in the same word: so either the writer sees that nothing is lost, or the saver that it came too late.
 *
 *   tag      a             b           name
 *   span     start ns      duration    name
 *   instant  time ns       –           name
 *   sample   time ns       value       series
 *   number   value         row of span key       (rows count over all blocks of a recorder)
 *   text     text          row of span key
 */
export const RecordTag = { span: 0, instant: 1, sample: 2, number: 3, text: 4 } as const;
export type RecordTag = (typeof RecordTag)[keyof typeof RecordTag];

/** Rows of a block; 21 bytes each. */
export const blockRows = 32_768;
/** Blocks of a track that are shown while they are written; older ones retire. */
export const mostLiveBlocks = 8;
const headBytes = 8;
export const blockBytes = headBytes + blockRows * 21;

export interface RecordBlock {
  readonly buffer: SharedArrayBuffer;
  /** [0]: rows written; [1]: twice the round, and one when that round is saved. */
  readonly head: Int32Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly name: Uint32Array;
  readonly tag: Uint8Array;
}

export function createBlock(): RecordBlock {
  return viewBlock(new SharedArrayBuffer(blockBytes));
}

export function viewBlock(buffer: SharedArrayBuffer): RecordBlock {
  const a = headBytes;
  const b = a + 8 * blockRows;
  const name = b + 8 * blockRows;
  return {
    buffer,
    head: new Int32Array(buffer, 0, 2),
    a: new Float64Array(buffer, a, blockRows),
    b: new Float64Array(buffer, b, blockRows),
    name: new Uint32Array(buffer, name, blockRows),
    tag: new Uint8Array(buffer, name + 4 * blockRows, blockRows),
  };
}

/**
 * Shows the rows before `rows` to readers. A store that comes after those of the row is all it takes, but JavaScript has
 * none between plain and sequentially consistent; the latter is an exchange on x64, for which every store before it has
 * to reach the cache. There stores become visible in their order, and V8 leaves them in that of the program.
 */
export function publishRows(head: Int32Array, rows: number): void {
  if (areStoresOrdered) head[0] = rows;
  else Atomics.store(head, 0, rows);
}

const areStoresOrdered = process.arch === "x64" || process.arch === "ia32";

/** Empties a block for another round. True when the rows of the round before were saved. */
export function startRound({ head, tag }: RecordBlock): boolean {
  // The writer alone raises rounds, so only the mark can change in between.
  const before = Atomics.exchange(head, 1, 2 * ((Atomics.load(head, 1) >> 1) + 1));
  Atomics.store(head, 0, 0);
  // No row is written before the new round can be seen: stores may pass the one above, but none passes a load behind it.
  Atomics.load(head, 0);
  tag.fill(RecordTag.span);
  return (before & 1) === 1;
}

export const isSaved = ({ head }: Pick<RecordBlock, "head">): boolean => (Atomics.load(head, 1) & 1) === 1;

/** Says that the rows of `round` were saved; false when they were overwritten meanwhile. */
export const markSaved = ({ head }: RecordBlock, round: number): boolean =>
  Atomics.compareExchange(head, 1, 2 * round, 2 * round + 1) === 2 * round;

/** Asked after rows were read: with a mere load, some of them could be read behind it where loads are not ordered. */
export const isInRound = ({ head }: RecordBlock, round: number): boolean => Atomics.or(head, 1, 0) >> 1 === round;

/** Copies the rows of `block` into `copy`; how many they are, or null when its round is another one by now. */
export function copyRows(block: RecordBlock, round: number, copy: RecordBlock): number | null {
  const rows = Atomics.load(block.head, 0);
  copy.a.set(block.a.subarray(0, rows));
  copy.b.set(block.b.subarray(0, rows));
  copy.name.set(block.name.subarray(0, rows));
  copy.tag.set(block.tag.subarray(0, rows));
  return isInRound(block, round) ? rows : null;
}
