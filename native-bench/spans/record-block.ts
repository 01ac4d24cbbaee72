/*
 * One block of what a recorder wrote, in memory that other threads can read while it is written. The writer fills a
 * row and then raises the count; a reader takes the count first. `b` of a span is -1 until it ends.
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
const headBytes = 8;

export interface RecordBlock {
  readonly buffer: SharedArrayBuffer;
  /** [0]: rows written. */
  readonly head: Int32Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly name: Uint32Array;
  readonly tag: Uint8Array;
}

export function createBlock(): RecordBlock {
  return viewBlock(new SharedArrayBuffer(headBytes + blockRows * 21));
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
