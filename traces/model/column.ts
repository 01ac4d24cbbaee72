/** Numbers that readers must not write to. Every typed array fits; costs nothing at run time. */
export interface Column {
  readonly length: number;
  readonly [index: number]: number;
  subarray(begin?: number, end?: number): Column;
}

/** Makes the memory of a column: shared between threads where the host can share. */
export type Allocate = (byteLength: number) => ArrayBufferLike;

export const allocatePlain: Allocate = (byteLength) => new ArrayBuffer(byteLength);

/** First index in [begin, end) whose value is ≥ `value`; `end` when there is none. Column ascending. */
export function lowerBound(column: Column, value: number, begin = 0, end: number = column.length): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
