import { createPairTable, type PairTable } from "./pair-table.ts";
import { isAccepted, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** Gives every span of a selection with ancestors a path: a chain of names in one table for all tracks. */
export interface PathWalk {
  /** Paths as (parent path, StringId). Path 0 is the root. */
  readonly paths: PairTable;
  /** Lets so many spans be numbered without a pause for the table of paths to grow. */
  makeRoom(spans: number): Sliced<void>;
  /** Numbers the paths of positions [begin, end) of a slice. Slices in order, pieces of a slice in order. */
  assign(slice: number, begin: number, end: number): void;
  /** Path of an assigned position. */
  pathAt(slice: number, position: number): number;
}

export interface PathWalkOptions {
  /**
   * True: a span outside the selection adds no name; what is inside it hangs below the nearest ancestor inside.
   * False: paths are whole, from the outermost span of the lane.
   */
  readonly skipOutside: boolean;
  /** Gives each track a path of its own below the root, with this key. */
  readonly keyOfTrack?: (track: number) => number;
}

const rootKey = 0xffffffff;

export function* createPathWalk(selection: Selection, options: PathWalkOptions): Sliced<PathWalk> {
  const { trace, length } = selection;
  const { spans, rows } = trace;
  const paths = createPairTable();
  const root = paths.idOf(-1, rootKey);
  const offset = new Uint32Array(length + 1);
  for (let slice = 0; slice < length; slice++) {
    offset[slice + 1] = offset[slice] + selection.end[slice] - selection.begin[slice];
    if (slice % spansPerSlice === spansPerSlice - 1) yield;
  }
  const pathOf = new Uint32Array(offset[length]);
  let openSlice = -1;
  /** Position in the slice above, of the parent or before it. */
  let above = 0;

  const parentPath = (slice: number, span: number): number => {
    const parent = spans.parent[span];
    if (parent < 0)
      return options.keyOfTrack === undefined
        ? root
        : paths.idOf(root, options.keyOfTrack(rows.track[selection.row[slice]]));
    const last = selection.end[slice - 1] - 1;
    while (above < last && rows.span[above] < parent) above++;
    return pathOf[offset[slice - 1] + above - selection.begin[slice - 1]];
  };

  return {
    paths,
    // Each span has a path of its own at most, and so has each track.
    makeRoom: (count) => paths.makeRoom(2 * count),
    assign(slice, begin, end) {
      if (slice !== openSlice) {
        openSlice = slice;
        above = slice > 0 ? selection.begin[slice - 1] : 0;
      }
      const shift = offset[slice] - selection.begin[slice];
      const passesAll =
        !options.skipOutside ||
        (selection.selected[slice] === 1 && selection.kinds === null && selection.names === null);
      const passesNone = options.skipOutside && selection.selected[slice] === 0;
      for (let position = begin; position < end; position++) {
        const span = rows.span[position];
        const parent = parentPath(slice, span);
        const counts = passesAll || (!passesNone && isAccepted(selection, span));
        pathOf[shift + position] = counts ? paths.idOf(parent, spans.name[span]) : parent;
      }
    },
    pathAt: (slice, position) => pathOf[offset[slice] + position - selection.begin[slice]],
  };
}
