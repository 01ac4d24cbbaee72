import { BusyTimes } from "./busy-times.ts";
import type { Sliced } from "../model/sliced.ts";
import { TimeList } from "./time-list.ts";

/** Widest cell: times within two of them fit in 32 bits, with their sign. */
export const mostCellBits = 29;
/** In place of the end of a middle: the times of the cell are in the list. */
const crowded = -1;
/** Widest cell whose edges fit in 16 bits. */
const narrowCellBits = 15;
/** From here on memory is most of what cells take, so that half of it is worth that code is compiled for two widths. */
const manyCells = 1 << 16;
/** Cells added up in one call: the loop is compiled by its calls, and what it clears is still in the nearest cache. */
const cellsAtOnce = 1 << 11;
const cellsPerSlice = 1 << 18;
/** What a cell puts on the list when it becomes crowded: its middle, the new one, and both edges in the end. */
const timesOfCrowded = 4;

type Edges = Uint16Array | Int32Array;

/**
 * How much of a window of the time axis is covered by times that come in any order, exactly. The window is cut into cells
 * of a power of two nanoseconds. A time that goes beyond its cell covers that one up to its end, and the one it ends in
 * from the start on: of each cell the longest such edges are kept. A time within one cell is kept where it is the only
 * one, or touches the one that is kept; else the times of the cell go to a list that is sorted.
 *
 *   cells     |      |      |      |
 *   times      ---------  -
 *   kept       ----- ---  -
 */
export class TimeCells {
  readonly cellCount: number;
  /** Times added since the start of the window, and those of them that went to the list. */
  added = 0;
  listed = 0;
  #firstNs = -Infinity;
  #cellNs = 1;
  #perNs = 0.5;
  #hasEdges = false;
  #hasMiddles = false;
  #hasSteps = false;
  /** By cell: what is covered from its start on, and up to its end, ns. */
  #edges: Edges = new Int32Array(0);
  #isNarrow: boolean;
  // The following are made when they are needed: memory that is taken for nothing is why garbage is collected, which
  // takes the longer the more tracks there are.
  /** By cell: begin and end of what is covered in the middle, ns from its start; no end for none. */
  #middles = new Int32Array(0);
  /** Change, from cell to cell, of how many times cover the whole of it. */
  #steps = new Int32Array(0);
  #list: TimeList | null = null;
  #room = 0;

  /** `isNarrow`: edges take half the memory, as long as no cell is wide. */
  constructor(cellCount: number, isNarrow: boolean = cellCount >= manyCells) {
    this.cellCount = cellCount;
    this.#isNarrow = isNarrow;
  }

  /** Begins a window in which nothing is covered, of cells of 2^`cellBits` ns. */
  start(firstNs: number, cellBits: number): void {
    this.#clearEdges(cellBits);
    if (this.#hasMiddles) this.#middles.fill(0);
    if (this.#hasSteps) this.#steps.fill(0);
    this.#list?.clear();
    // Whoever adds one has no time to say so.
    this.#hasEdges = true;
    this.#hasMiddles = false;
    this.#hasSteps = false;
    this.#firstNs = firstNs;
    // Never a double: compiled code then counts within cells in 32 bits.
    this.#cellNs = 1 << cellBits;
    this.#perNs = 2 ** -cellBits;
    this.added = 0;
    this.listed = 0;
    this.#room = this.cellCount;
  }

  #clearEdges(cellBits: number): void {
    // Once wide, they stay so: windows that differ would else take new memory each time.
    if (cellBits > narrowCellBits) this.#isNarrow = false;
    const Edges = this.#isNarrow ? Uint16Array : Int32Array;
    if (this.#edges.length === 0 || !(this.#edges instanceof Edges)) this.#edges = new Edges(2 * this.cellCount + 2);
    else if (this.#hasEdges) this.#edges.fill(0);
  }

  /** A time of some length, within the window. False: there is no room for it. Cells of 1 ns always have room. */
  add(startNs: number, endNs: number): boolean {
    const edges = this.#edges;
    const cellNs = this.#cellNs;
    const start = startNs - this.#firstNs;
    const end = endNs - this.#firstNs;
    // By a power of two, so that nothing is rounded.
    const from = (start * this.#perNs) | 0;
    const to = (end * this.#perNs) | 0;
    const sinceStart = (end - to * cellNs) | 0;
    const untilEnd = ((from + 1) * cellNs - start) | 0;
    this.added++;
    if (from === to) return this.#addInside(from, cellNs - untilEnd, sinceStart);
    if (untilEnd > edges[2 * from + 1]) edges[2 * from + 1] = untilEnd;
    if (sinceStart > edges[2 * to]) edges[2 * to] = sinceStart;
    if (to === from + 2) edges[2 * from + 2] = cellNs;
    else if (to > from + 2) this.#addBetween(from + 1, to);
    return true;
  }

  /** Cells [from, to) whole. */
  #addBetween(from: number, to: number): void {
    if (!this.#hasSteps) {
      this.#hasSteps = true;
      if (this.#steps.length === 0) this.#steps = new Int32Array(this.cellCount + 1);
    }
    this.#steps[from]++;
    this.#steps[to]--;
  }

  #addInside(cell: number, begin: number, end: number): boolean {
    if (!this.#hasMiddles) {
      this.#hasMiddles = true;
      if (this.#middles.length === 0) this.#middles = new Int32Array(2 * this.cellCount);
    }
    const middles = this.#middles;
    const at = 2 * cell;
    const kept = middles[at + 1];
    if (kept === 0) {
      middles[at] = begin;
      middles[at + 1] = end;
      return true;
    }
    if (kept !== crowded && begin <= kept && end >= middles[at]) {
      if (begin < middles[at]) middles[at] = begin;
      if (end > kept) middles[at + 1] = end;
      return true;
    }
    this.#room -= kept === crowded ? 1 : timesOfCrowded;
    if (this.#room < 0) return false;
    if (kept !== crowded) this.#put(cell, middles[at], kept);
    middles[at + 1] = crowded;
    this.#put(cell, begin, end);
    return true;
  }

  #put(cell: number, begin: number, end: number): void {
    const cellNs = this.#firstNs + cell * this.#cellNs;
    this.#list ??= new TimeList(this.cellCount);
    this.#list.add(cellNs + begin, cellNs + end);
    this.listed++;
  }

  /** How much is covered, ns. Ends the window. */
  *coveredNs(): Sliced<number> {
    if (this.added === 0) {
      this.#hasEdges = false;
      return 0;
    }
    if (this.#hasSteps) fillBetween(this.#edges, this.#steps, this.#cellNs);
    let coveredNs = 0;
    for (let cell = 0; cell < this.cellCount; cell += cellsAtOnce) {
      if (cell > 0 && cell % cellsPerSlice === 0) yield;
      const end = Math.min(cell + cellsAtOnce, this.cellCount);
      coveredNs += this.#hasMiddles ? this.#sumAll(cell, end) : sumEdges(this.#edges, cell, end, this.#cellNs);
      this.#edges.fill(0, 2 * cell, 2 * end);
    }
    this.#hasEdges = false;
    const list = this.#list;
    if (list === null || list.length === 0) return coveredNs;
    yield;
    yield* list.sort(this.#firstNs, this.#firstNs + this.cellCount * this.#cellNs);
    const busy = new BusyTimes();
    for (let i = 0; i < list.length; i++) busy.add(list.startOf(i), list.endOf(i));
    busy.finish();
    return coveredNs + busy.totalNs;
  }

  /** What is covered of cells [first, end) that are not crowded; the others go to the list whole. */
  #sumAll(first: number, end: number): number {
    const edges = this.#edges;
    const middles = this.#middles;
    const cellNs = this.#cellNs;
    let coveredNs = 0;
    for (let cell = first; cell < end; cell++) {
      const sinceStart = edges[2 * cell];
      const untilEnd = edges[2 * cell + 1];
      const middleEnd = middles[2 * cell + 1];
      if (middleEnd === crowded) this.#putEdges(cell, sinceStart, untilEnd);
      else if (sinceStart + untilEnd >= cellNs) coveredNs += cellNs;
      else {
        const middle = Math.min(middleEnd, cellNs - untilEnd) - Math.max(middles[2 * cell], sinceStart);
        coveredNs += sinceStart + untilEnd + Math.max(0, middle);
      }
    }
    return coveredNs;
  }

  #putEdges(cell: number, sinceStart: number, untilEnd: number): void {
    if (sinceStart > 0) this.#put(cell, 0, sinceStart);
    if (untilEnd > 0) this.#put(cell, this.#cellNs - untilEnd, this.#cellNs);
  }
}

/** A cell that some time covers whole is covered from its start on. */
function fillBetween(edges: Edges, steps: Int32Array, cellNs: number): void {
  let open = 0;
  for (let cell = 0; cell < steps.length; cell++) {
    open += steps[cell];
    if (open > 0) edges[2 * cell] = cellNs;
  }
}

/** What edges cover of cells [first, end), two at a time; their count is even. */
function sumEdges(edges: Edges, first: number, end: number, cellNs: number): number {
  let coveredNs = 0;
  for (let at = 2 * first; at < 2 * end; at += 4) {
    const even = edges[at] + edges[at + 1];
    const odd = edges[at + 2] + edges[at + 3];
    coveredNs += (atMost(cellNs, even) + atMost(cellNs, odd)) | 0;
  }
  return coveredNs;
}

/** The lesser one of two 32-bit numbers, without a branch, which would often go the other way than expected. */
function atMost(most: number, value: number): number {
  const left = (most - value) | 0;
  return value + (left & (left >> 31));
}
