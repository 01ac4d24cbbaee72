import { SpanKind, type SpanKindName } from "../../traces/model/span-kind.ts";
import type { RunClock } from "./clock.ts";
import {
  blockRows,
  createBlock,
  isSaved,
  mostLiveBlocks,
  publishRows,
  RecordTag,
  startRound,
  type RecordBlock,
} from "./record-block.ts";
import type { OpenSpan, RecordMessage } from "./record-message.ts";
import type { CounterName, SpanName, SpanRecorder } from "./recorder.ts";

export interface ColumnRecorderOptions {
  /** Unique within the run. */
  readonly track: number;
  readonly name: string;
  readonly sortIndex?: number;
  readonly clock: RunClock;
  readonly tell: (message: RecordMessage) => void;
  /** Rows kept in memory: the newest. Older ones that nobody has saved are overwritten and counted. */
  readonly maxRows?: number;
}

/** 84 MB a track, 80 seconds at 50,000 spans a second: only as long as nobody saves blocks does a track need them all. */
export const mostRowsInMemory = 4 * 2 ** 20;
const deepest = 256;
const noBegin = "a span ends that did not begin";

/**
 * A recorder whose rows lie in blocks of preallocated columns. The newest are live; older ones are retired, which means
 * that nothing is written to them any more until they are taken for new rows: as soon as they are saved, or when there
 * are as many as may be.
 */
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
  readonly #maxLiveBlocks: number;
  readonly #names = new Map<string, number>();
  /** Oldest first: the retired ones, then those that are live. */
  readonly #blocks: RecordBlock[] = [];
  /** Of each retired block, the spans that were open when it retired. */
  readonly #retired: (readonly OpenSpan[])[] = [];
  #block: RecordBlock;
  #spare: RecordBlock | null = null;
  /** Row in the present block, and the first row of it among all rows ever written; the first row that is live. */
  #row = 0;
  #firstRow = 0;
  #firstLiveRow = 0;
  /** Rows of the open spans, outermost first. */
  readonly #open = new Int32Array(deepest);
  #depth = 0;
  #lost = 0;

  constructor({ track, name, sortIndex = 0, clock, tell, maxRows = mostRowsInMemory }: ColumnRecorderOptions) {
    this.nowNs = clock;
    this.#track = track;
    this.#tell = tell;
    this.#maxBlocks = Math.max(2, Math.floor(maxRows / blockRows));
    this.#maxLiveBlocks = Math.min(mostLiveBlocks, this.#maxBlocks - 1);
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
    publishRows(head, row + 1);
  }

  end(): void {
    const nowNs = this.nowNs();
    if (this.#depth === 0) throw new Error(noBegin);
    const at = this.#open[--this.#depth];
    const row = at - this.#firstRow;
    if (row >= 0) this.#block.b[row] = nowNs - this.#block.a[row];
    else this.#endOlder(at, nowNs);
  }

  next(name: SpanName): void {
    if (this.#depth === 0) throw new Error(noBegin);
    const row = this.#row === blockRows ? this.#turnOver() : this.#row;
    const { a, b, name: names, head } = this.#block;
    const at = this.#open[this.#depth - 1];
    const ended = at - this.#firstRow;
    names[row] = name;
    b[row] = -1;
    const nowNs = this.nowNs();
    if (ended >= 0) b[ended] = nowNs - a[ended];
    else this.#endOlder(at, nowNs);
    a[row] = nowNs;
    this.#row = row + 1;
    this.#open[this.#depth - 1] = this.#firstRow + row;
    publishRows(head, row + 1);
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
    if (span < this.#firstLiveRow)
      return this.#tell({ kind: "noted", track: this.#track, row: span, key, value: String(value) });
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
    if (this.#spare !== null || this.#row < blockRows / 2 || this.#takesOldest()) return;
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
    publishRows(block.head, row + 1);
  }

  /** The first free row of the next block. */
  #turnOver(): number {
    this.#firstRow += blockRows;
    this.#row = 0;
    if (this.#blocks.length - this.#retired.length >= this.#maxLiveBlocks) this.#retireOldest();
    if (this.#takesOldest()) this.#overwriteOldest();
    else {
      this.#block = this.#addBlock(this.#spare ?? createBlock());
      this.#spare = null;
    }
    return 0;
  }

  #takesOldest(): boolean {
    return this.#blocks.length >= this.#maxBlocks || (this.#retired.length > 0 && isSaved(this.#blocks[0]));
  }

  /** Spans that are still open leave with the message, so that none loses its end. */
  #retireOldest(): void {
    const block = this.#blocks[this.#retired.length];
    const firstRow = this.#firstLiveRow;
    this.#firstLiveRow += blockRows;
    const open: OpenSpan[] = [];
    for (const row of this.#open.subarray(0, this.#depth)) {
      if (row < firstRow || row >= this.#firstLiveRow) continue;
      open.push({ row, startNs: block.a[row - firstRow], name: block.name[row - firstRow] });
    }
    this.#retired.push(open);
    this.#tell({ kind: "retired", track: this.#track, number: firstRow / blockRows, open });
  }

  #overwriteOldest(): void {
    const [block] = this.#blocks.splice(0, 1);
    const [open] = this.#retired.splice(0, 1);
    const lost = startRound(block) ? 0 : blockRows - open.length;
    this.#blocks.push(block);
    this.#block = block;
    this.#lost += lost;
    this.#tell({ kind: "overwritten", track: this.#track, lost });
  }

  #addBlock(block: RecordBlock): RecordBlock {
    this.#blocks.push(block);
    this.#tell({ kind: "block", track: this.#track, buffer: block.buffer });
    return block;
  }

  #endOlder(at: number, nowNs: number): void {
    if (at < this.#firstLiveRow) return this.#tell({ kind: "ended", track: this.#track, row: at, endNs: nowNs });
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
