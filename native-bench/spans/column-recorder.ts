import { SpanKind, type SpanKindName } from "../../traces/model/span-kind.ts";
import type { RunClock } from "./clock.ts";
import { blockRows, createBlock, RecordTag, type RecordBlock } from "./record-block.ts";
import type { CounterName, SpanName, SpanRecorder } from "./recorder.ts";

/** What a recorder tells whoever collects: plain data, in order; blocks are shared memory. */
export type RecordMessage =
  | { readonly kind: "track"; readonly track: number; readonly name: string; readonly sortIndex: number }
  | { readonly kind: "block"; readonly track: number; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "name"; readonly track: number; readonly text: string; readonly spanKind: number }
  | { readonly kind: "dropped"; readonly track: number; readonly count: number };

export interface ColumnRecorderOptions {
  /** Unique within the run. */
  readonly track: number;
  readonly name: string;
  readonly sortIndex?: number;
  readonly clock: RunClock;
  readonly tell: (message: RecordMessage) => void;
  /** Rows kept at most; what comes after is counted as dropped. */
  readonly maxRows?: number;
}

/** 4 million rows are 84 MB a track. */
const defaultMaxRows = 4 * 2 ** 20;
const deepest = 256;

/** A recorder whose rows lie in blocks of preallocated columns. */
export interface ColumnRecorder extends SpanRecorder {
  /** Makes the next block when the present one is half full: called between steps, so that no step pays for it. */
  reserve(): void;
  readonly droppedCount: number;
  /** Ends spans left open by an error, so that the next step starts on the ground. */
  unwind(depth: number): void;
  readonly depth: number;
}

/** Measured cost of begin and end: see `calibrate.ts`. */
export function createColumnRecorder(options: ColumnRecorderOptions): ColumnRecorder {
  return new Columns(options);
}

class Columns implements ColumnRecorder {
  readonly isRecording = true;
  readonly nowNs: RunClock;
  readonly #track: number;
  readonly #tell: (message: RecordMessage) => void;
  readonly #maxBlocks: number;
  readonly #names = new Map<string, number>();
  /** Blocks with spans that may still be open, by block number; the writer needs no older ones. */
  readonly #blocks: RecordBlock[] = [];
  #block: RecordBlock;
  #spare: RecordBlock | null = null;
  /** Row in the present block, and the first row of it among all rows. */
  #row = 0;
  #firstRow = 0;
  /** Rows of the open spans, outermost first; -1 for one that was dropped. */
  readonly #open = new Int32Array(deepest);
  #depth = 0;
  #dropped = 0;

  constructor({ track, name, sortIndex = 0, clock, tell, maxRows = defaultMaxRows }: ColumnRecorderOptions) {
    this.nowNs = clock;
    this.#track = track;
    this.#tell = tell;
    this.#maxBlocks = Math.max(1, Math.floor(maxRows / blockRows));
    tell({ kind: "track", track, name, sortIndex });
    this.#block = this.#addBlock(createBlock());
  }

  get droppedCount(): number {
    return this.#dropped;
  }

  get depth(): number {
    return this.#depth;
  }

  name(text: string, kind: SpanKindName = "other"): SpanName {
    return this.#intern(text, SpanKind[kind]) as SpanName;
  }

  counter(text: string): CounterName {
    return this.#intern(text, SpanKind.other) as CounterName;
  }

  begin(name: SpanName): void {
    if (this.#depth === deepest) throw new Error(`spans are nested more than ${deepest} deep: an end is missing`);
    const row = this.#row === blockRows ? this.#turnOver() : this.#row;
    if (row < 0) {
      this.#open[this.#depth++] = -1;
      return;
    }
    const { a, b, name: names, head } = this.#block;
    names[row] = name;
    // Rows of fresh blocks are zero, which is the tag of a span.
    b[row] = -1;
    a[row] = this.nowNs();
    this.#row = row + 1;
    this.#open[this.#depth++] = this.#firstRow + row;
    Atomics.store(head, 0, row + 1);
  }

  end(): void {
    const nowNs = this.nowNs();
    if (this.#depth === 0) throw new Error("a span ends that did not begin");
    const at = this.#open[--this.#depth];
    if (at < 0) return;
    const row = at - this.#firstRow;
    if (row >= 0) this.#block.b[row] = nowNs - this.#block.a[row];
    else this.#endOlder(at, nowNs);
  }

  span<T>(name: SpanName, body: () => T): T {
    this.begin(name);
    try {
      return body();
    } finally {
      this.end();
    }
  }

  async spanAsync<T>(name: SpanName, body: () => Promise<T>): Promise<T> {
    this.begin(name);
    try {
      return await body();
    } finally {
      this.end();
    }
  }

  note(key: string, value: number | string): void {
    const span = this.#depth === 0 ? -1 : this.#open[this.#depth - 1];
    if (span < 0) return;
    const id = this.#intern(key, SpanKind.other);
    if (typeof value === "number") this.#write(RecordTag.number, value, span, id);
    else this.#write(RecordTag.text, this.#intern(value, SpanKind.other), span, id);
  }

  add(name: SpanName, startNs: number, endNs: number): void {
    this.#write(RecordTag.span, startNs, Math.max(0, endNs - startNs), name);
  }

  instant(name: SpanName): void {
    this.#write(RecordTag.instant, this.nowNs(), 0, name);
  }

  sample(counter: CounterName, value: number): void {
    this.#write(RecordTag.sample, this.nowNs(), value, counter);
  }

  reserve(): void {
    if (this.#spare !== null || this.#row < blockRows / 2 || this.#blocks.length >= this.#maxBlocks) return;
    const spare = createBlock();
    // The first touch of a page is what costs.
    for (const column of [spare.a, spare.b, spare.name, spare.tag]) column.fill(0);
    this.#spare = spare;
  }

  unwind(depth: number): void {
    while (this.#depth > depth) this.end();
  }

  #write(tag: RecordTag, a: number, b: number, name: number): void {
    const row = this.#row === blockRows ? this.#turnOver() : this.#row;
    if (row < 0) return;
    const block = this.#block;
    block.tag[row] = tag;
    block.name[row] = name;
    block.a[row] = a;
    block.b[row] = b;
    this.#row = row + 1;
    Atomics.store(block.head, 0, row + 1);
  }

  /** Row 0 of a new block; -1 when there is no room for another. */
  #turnOver(): number {
    if (this.#blocks.length >= this.#maxBlocks) {
      this.#dropped++;
      // Told at a doubling pace: a message for each would cost more than the row.
      if ((this.#dropped & (this.#dropped - 1)) === 0) this.#tellDropped();
      return -1;
    }
    this.#firstRow += blockRows;
    this.#block = this.#addBlock(this.#spare ?? createBlock());
    this.#spare = null;
    this.#row = 0;
    return 0;
  }

  #addBlock(block: RecordBlock): RecordBlock {
    this.#blocks.push(block);
    this.#tell({ kind: "block", track: this.#track, buffer: block.buffer });
    return block;
  }

  #endOlder(at: number, nowNs: number): void {
    const block = this.#blocks[Math.floor(at / blockRows)];
    const row = at % blockRows;
    block.b[row] = nowNs - block.a[row];
  }

  #intern(text: string, kind: number): number {
    const key = `${kind} ${text}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const id = this.#names.size;
    this.#names.set(key, id);
    this.#tell({ kind: "name", track: this.#track, text, spanKind: kind });
    return id;
  }

  #tellDropped(): void {
    this.#tell({ kind: "dropped", track: this.#track, count: this.#dropped });
  }
}
