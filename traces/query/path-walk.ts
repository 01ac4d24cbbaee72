import { likelyPair, PairTable } from "./pair-table.ts";
import { isAccepted, type Selection } from "./scope.ts";
import { groupedName } from "./step-names.ts";
import type { Sliced } from "../model/sliced.ts";

/** Gives every span of a selection with ancestors a path: a chain of names, steps as one, in one table for all tracks. */
export interface PathWalk {
  /** Paths as (parent path, StringId). Path 0 is the root. */
  readonly paths: PairTable;
  /** Lets so many spans be numbered without a pause for the table of paths to grow. */
  makeRoom(spans: number): Sliced<void>;
  /**
   * Numbers the paths of positions [begin, end) of slices [first, last]: of a single one, or all of those of several whose
   * positions follow each other, and of which all or none are selected. Slices in order, pieces of a slice in order.
   */
  assign(first: number, last: number, begin: number, end: number): void;
  /**
   * Where the paths of a slice are, as far as they are assigned: that of a position at `position + shiftOf(slice)`. Of
   * the last slice, and those that were assigned together with it, or of any where all are kept.
   */
  columnOf(slice: number): Uint32Array;
  shiftOf(slice: number): number;
}

export interface PathWalkOptions {
  /**
   * True: a span outside the selection adds no name; what is inside it hangs below the nearest ancestor inside.
   * False: paths are whole, from the outermost span of the lane.
   */
  readonly skipOutside: boolean;
  /** Keeps the paths of all slices, not only of the last two. */
  readonly keepsPaths?: boolean;
  /** Gives each track a path of its own below the root, with the key strings.length + track. */
  readonly byTrack?: boolean;
}

const rootKey = 0xffffffff;

export function createPathWalk(selection: Selection, options: PathWalkOptions): PathWalk {
  const { trace, begin: beginOf, end: endOf, stepNames } = selection;
  const { spans, rows } = trace;
  const { byTrack = false, skipOutside } = options;
  const { paths, root } = createPaths(selection, byTrack);
  const columns = createColumns(options.keepsPaths === true ? selection.length : 0);
  let openSlice = -1;
  /** Paths of the open slice and of the one before, where the parents are. */
  let column = new Uint32Array(0);
  let shift = 0;
  let columnAbove = column;
  let shiftAbove = 0;
  /** Position in the slice above, of the parent or before it. */
  let above = 0;
  /** What outermost spans of the open slice hang below, and whose track that is. */
  let outermost = root;
  let outermostTrack = -1;

  const outermostOf = (slice: number): number => {
    if (!byTrack) return root;
    // Slices come track by track, so that one path is made for each.
    const track = rows.track[selection.row[slice]];
    if (track !== outermostTrack) outermost = paths.add(root, trace.strings.length + track);
    outermostTrack = track;
    return outermost;
  };

  const open = (first: number, last: number): void => {
    openSlice = last;
    columnAbove = column;
    shiftAbove = shift;
    shift = columns.take(first, beginOf[first], endOf[last]);
    column = columns.last;
    above = first > 0 ? beginOf[first - 1] : 0;
  };

  return {
    paths,
    // Each span has a path of its own at most, and so has each track.
    makeRoom: (count) => paths.makeRoom(2 * count),
    assign(first, last, begin, end) {
      if (last !== openSlice) open(first, last);
      const passesAll = takesAll(selection, last, skipOutside);
      const passesNone = skipOutside && selection.selected[last] === 0;
      // In variables of this function, which stay in registers.
      const rowSpan = rows.span;
      const { parent: parentOf, name: nameOf } = spans;
      const into = column;
      const shiftInto = shift;
      let from = columnAbove;
      let shiftFrom = shiftAbove;
      let { records } = paths;
      let at = above;
      let met = root;
      for (let slice = first, position = begin; slice <= last; slice++) {
        const outer = outermostOf(slice);
        records = paths.records;
        if (slice > first) {
          from = into;
          shiftFrom = shiftInto;
          at = beginOf[slice - 1];
        }
        const lastAbove = slice > 0 ? endOf[slice - 1] - 1 : -1;
        for (const stop = slice < last ? endOf[slice] : end; position < stop; position++) {
          const span = rowSpan[position];
          const parent = parentOf[span];
          let path = outer;
          if (parent >= 0) {
            while (at < lastAbove && rowSpan[at] < parent) at++;
            path = from[at + shiftFrom];
          }
          if (passesAll || (!passesNone && isAccepted(selection, span))) {
            const name = groupedName(stepNames, nameOf[span]);
            met = likelyPair(records, met, path, name);
            if (met < 0) {
              met = paths.idOf(path, name);
              records = paths.records;
            }
            path = met;
          }
          into[position + shiftInto] = path;
        }
      }
      above = at;
    },
    columnOf: (slice) => (slice === openSlice ? column : columns.of(slice)),
    shiftOf: (slice) => (slice === openSlice ? shift : columns.shiftOf(slice)),
  };
}

function createPaths({ trace, spanCount }: Selection, byTrack: boolean): { paths: PairTable; root: number } {
  const paths = new PairTable(
    1 + spanCount + (byTrack ? trace.tracks.length : 0),
    // A table of notes for the names of a whole trace is too much for a few of its spans.
    trace.strings.length <= spanCount ? trace.strings.length : 0,
  );
  return { paths, root: paths.idOf(-1, rootKey) };
}

/** Whether each span of a slice adds a name. */
function takesAll({ selected, kinds, names }: Selection, slice: number, skipOutside: boolean): boolean {
  return !skipOutside || (selected[slice] === 1 && kinds === null && names === null);
}

const pieceLength = 1 << 16;

interface Columns {
  /** Takes zeros for positions [begin, end) of a slice, in `last`; returns the place of a position less the position. */
  take(slice: number, begin: number, end: number): number;
  readonly last: Uint32Array<ArrayBuffer>;
  /** The same of one of the first `kept` slices. */
  of(slice: number): Uint32Array;
  shiftOf(slice: number): number;
}

/** Cuts columns from pieces of memory: slices may be a million, and memory for all of them at once takes long. */
function createColumns(kept: number): Columns {
  const pieces: Uint32Array[] = [];
  const pieceOf = new Uint32Array(kept);
  const shiftOf = new Int32Array(kept);
  let piece = new Uint32Array(0);
  let used = 0;
  return {
    take(slice, begin, end) {
      const length = end - begin;
      if (used + length > piece.length) {
        piece = new Uint32Array(Math.max(length, pieceLength));
        used = 0;
        if (kept > 0) pieces.push(piece);
      }
      const shift = used - begin;
      used += length;
      if (slice < kept) {
        pieceOf[slice] = pieces.length - 1;
        shiftOf[slice] = shift;
      }
      return shift;
    },
    get last() {
      return piece;
    },
    of: (slice) => pieces[pieceOf[slice]],
    shiftOf: (slice) => shiftOf[slice],
  };
}
