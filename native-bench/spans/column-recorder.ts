import { SpanKind, type SpanKindName } from "../../traces/model/span-kind.ts";
import type { RunClock } from "./clock.ts";
import { blockRows, createBlock, RecordTag, startRound, type RecordBlock } from "./record-block.ts";
import type { CounterName, SpanName, SpanRecorder } from "./recorder.ts";

/** What a recorder tells whoever collects: plain data, in order; blocks are shared memory. */
export type RecordMessage =
  | { readonly kind: "track"; readonly track: number; readonly name: string; readonly sortIndex: number }
  | { readonly kind: "block"; readonly track: number; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "name"; readonly track: number; readonly text: string; readonly spanKind: number }
  /** The oldest block is the newest now; `lost`: rows that were in it and in no other. */
  | { readonly kind: "overwritten"; readonly track: number; readonly lost: number };

export interface ColumnRecorderOptions {
  /** Unique within the run. */
  readonly track: number;
  readonly name: string;
  readonly sortIndex?: number;
  readonly clock: RunClock;
  readonly tell: (message: RecordMessage) => void;
  /** Rows kept: the newest. Older ones are overwritten and counted. */
  readonly maxRows?: number;
}

/** 84 MB a track, 80 seconds at 50,000 spans a second. The window says "four million". */
const defaultMaxRows = 4 * 2 ** 20;
const deepest = 256;

/** A recorder whose rows lie in blocks of preallocated columns. */
export interface ColumnRecorder extends SpanRecorder {
  /** Makes the next block when the present one is half full: called between steps, so that no step pays for it. */
  reserve(): void;
  /** Rows that were overwritten by newer ones. */
  readonly lostCount: number;
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
  /** The newest blocks, oldest first. */
  readonly #blocks: RecordBlock[] = [];
  #block: RecordBlock;
  #spare: RecordBlock | null = null;
  /** Row in the present block, and the first row of it among all rows ever written. */
  #row = 0;
  #firstRow = 0;
  /** Rows of the open spans, outermost first. */
  readonly #open = new Int32Array(deepest);
  #depth = 0;
  #lost = 0;

  constructor({ track, name, sortIndex = 0, clock, tell, maxRows = defaultMaxRows }: ColumnRecorderOptions) {
    this.nowNs = clock;
    this.#track = track;
    this.#tell = tell;
    this.#maxBlocks = Math.max(2, Math.floor(maxRows / blockRows));
    tell({ kind: "track", track, name, sortIndex });
    this.#block = this.#addBlock(createBlock());
  }

  get lostCount(): number {
    return this.#lost;
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
    const { a, b, name: names, head } = this.#block;
    names[row] = name;
    // Rows of a new round are zero, which is the tag of a span.
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
    const block = this.#block;
    block.tag[row] = tag;
    block.name[row] = name;
    block.a[row] = a;
    block.b[row] = b;
    this.#row = row + 1;
    Atomics.store(block.head, 0, row + 1);
  }

  /** The first free row of the next block. */
  #turnOver(): number {
    this.#firstRow += blockRows;
    this.#row = 0;
    if (this.#blocks.length >= this.#maxBlocks) this.#overwriteOldest();
    else this.#block = this.#addBlock(this.#spare ?? createBlock());
    this.#spare = null;
    return this.#row;
  }

  /** Starts the oldest block anew. Spans in it that are still open move to its new rows, so that none loses its end. */
  #overwriteOldest(): void {
    const [block] = this.#blocks.splice(0, 1);
    const firstKept = this.#firstRow - this.#blocks.length * blockRows;
    const moved: { readonly level: number; readonly startNs: number; readonly name: number }[] = [];
    for (let level = 0; level < this.#depth; level++) {
      const row = this.#open[level] - (firstKept - blockRows);
      if (row < blockRows) moved.push({ level, startNs: block.a[row], name: block.name[row] });
    }
    startRound(block);
    for (const { level, startNs, name } of moved) {
      const row = this.#row++;
      block.name[row] = name;
      block.b[row] = -1;
      block.a[row] = startNs;
      this.#open[level] = this.#firstRow + row;
    }
    Atomics.store(block.head, 0, this.#row);
    this.#blocks.push(block);
    this.#block = block;
    const lost = blockRows - moved.length;
    this.#lost += lost;
    this.#tell({ kind: "overwritten", track: this.#track, lost });
  }

  #addBlock(block: RecordBlock): RecordBlock {
    this.#blocks.push(block);
    this.#tell({ kind: "block", track: this.#track, buffer: block.buffer });
    return block;
  }

  #endOlder(at: number, nowNs: number): void {
    const newest = this.#blocks.length - 1;
    const block = this.#blocks[newest - (this.#firstRow - at + (at % blockRows)) / blockRows];
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
}
