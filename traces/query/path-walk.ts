import { createPairTable, type PairTable } from "./pair-table.ts";
import { isAccepted, type Selection } from "./scope.ts";
import type { Sliced } from "./sliced.ts";

/** Gives every span of a selection with ancestors a path: a chain of names in one table for all tracks. */
export interface PathWalk {
  /** Paths as (parent path, StringId). Path 0 is the root. */
  readonly paths: PairTable;
  /** Lets so many spans be numbered without a pause for the table of paths to grow. */
  makeRoom(spans: number): Sliced<void>;
  /** Numbers the paths of positions [begin, end) of a slice. Slices in order, pieces of a slice in order. */
  assign(slice: number, begin: number, end: number): void;
  /** Paths of the positions of the slice, as far as they are assigned: of the last slice, or of any where all are kept. */
  pathsOf(slice: number): Uint32Array;
}

export interface PathWalkOptions {
  /**
   * True: a span outside the selection adds no name; what is inside it hangs below the nearest ancestor inside.
   * False: paths are whole, from the outermost span of the lane.
   */
  readonly skipOutside: boolean;
  /** Keeps the paths of all slices, not only of the last two. */
  readonly keepsPaths?: boolean;
  /** Gives each track a path of its own below the root, with this key. */
  readonly keyOfTrack?: (track: number) => number;
}

const rootKey = 0xffffffff;

export function createPathWalk(selection: Selection, options: PathWalkOptions): PathWalk {
  const { trace } = selection;
  const { spans, rows } = trace;
  const paths = createPairTable();
  const root = paths.idOf(-1, rootKey);
  const columns = createColumns(options.keepsPaths === true ? selection.length : 0);
  let openSlice = -1;
  /** Paths of the open slice and of the one before, where the parents are. */
  let pathOf = new Uint32Array(0);
  let pathAbove = pathOf;
  /** Position in the slice above, of the parent or before it. */
  let above = 0;

  const open = (slice: number): void => {
    openSlice = slice;
    pathAbove = pathOf;
    pathOf = columns.take(slice, selection.end[slice] - selection.begin[slice]);
    above = slice > 0 ? selection.begin[slice - 1] : 0;
  };
  const parentPath = (slice: number, span: number): number => {
    const parent = spans.parent[span];
    if (parent < 0)
      return options.keyOfTrack === undefined
        ? root
        : paths.idOf(root, options.keyOfTrack(rows.track[selection.row[slice]]));
    const last = selection.end[slice - 1] - 1;
    while (above < last && rows.span[above] < parent) above++;
    return pathAbove[above - selection.begin[slice - 1]];
  };

  return {
    paths,
    // Each span has a path of its own at most, and so has each track.
    makeRoom: (count) => paths.makeRoom(2 * count),
    assign(slice, begin, end) {
      if (slice !== openSlice) open(slice);
      const first = selection.begin[slice];
      const passesAll =
        !options.skipOutside ||
        (selection.selected[slice] === 1 && selection.kinds === null && selection.names === null);
      const passesNone = options.skipOutside && selection.selected[slice] === 0;
      for (let position = begin; position < end; position++) {
        const span = rows.span[position];
        const parent = parentPath(slice, span);
        const counts = passesAll || (!passesNone && isAccepted(selection, span));
        pathOf[position - first] = counts ? paths.idOf(parent, spans.name[span]) : parent;
      }
    },
    pathsOf: (slice) => (slice === openSlice ? pathOf : columns.of(slice)),
  };
}

const pieceLength = 1 << 16;

interface Columns {
  /** A column of zeros for a slice. */
  take(slice: number, length: number): Uint32Array<ArrayBuffer>;
  /** From the start of the column of a slice on; of one of the first `kept` slices. */
  of(slice: number): Uint32Array;
}

/** Cuts columns from pieces of memory: slices may be a million, and memory for all of them at once takes long. */
function createColumns(kept: number): Columns {
  const pieces: Uint32Array[] = [];
  const pieceOf = new Uint32Array(kept);
  const firstOf = new Uint32Array(kept);
  let piece = new Uint32Array(0);
  let used = 0;
  return {
    take(slice, length) {
      if (used + length > piece.length) {
        piece = new Uint32Array(Math.max(length, pieceLength));
        used = 0;
        if (kept > 0) pieces.push(piece);
      }
      if (slice < kept) {
        pieceOf[slice] = pieces.length - 1;
        firstOf[slice] = used;
      }
      used += length;
      return piece.subarray(used - length, used);
    },
    of: (slice) => pieces[pieceOf[slice]].subarray(firstOf[slice]),
  };
}
