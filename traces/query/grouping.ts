import { groupedName } from "./step-names.ts";
import type { PairTable } from "./pair-table.ts";
import { createPathWalk } from "./path-walk.ts";
import { isAccepted, type MakeRoom, visitSlices, visitSpans, type Selection } from "./scope.ts";
import type { Sliced } from "../model/sliced.ts";

/** Some spans and the group of each, side by side: [0, length). */
export interface GroupedSpans {
  readonly span: Uint32Array;
  readonly group: Uint32Array;
  readonly length: number;
}

/** Says which group each accepted span of a selection belongs to. Groups are numbered from 0. */
export interface Grouping {
  /** Groups met so far. */
  readonly length: number;
  /** There will be no more of them. */
  readonly most: number;
  /**
   * Calls `visit` with all accepted spans, some at a time, valid until it returns; pauses in between. One run after
   * another.
   */
  visit(visit: (spans: GroupedSpans) => void, options?: VisitOptions): Sliced<void>;
  /** StringIds from outermost inwards, of longer paths only the innermost `most`; one for a group by name. */
  pathOf(group: number, most: number): number[];
  /** Paths by group; null for groups by name. */
  readonly paths: PairTable | null;
}

export interface VisitOptions {
  /** As for `visitSlices`. */
  readonly makeRoom?: MakeRoom;
  /** 1 for groups to visit, all of which were met before; absent: all. */
  readonly wanted?: Uint8Array;
}

/** By path, the selection must hold ancestors. Paths are whole: from the outermost span, also outside the scope. */
export function createGrouping(selection: Selection, by: "name" | "path"): Grouping {
  return by === "name" ? groupByName(selection) : groupByPath(selection);
}

/** What is handed over at once: it stays in the nearest cache. */
const spansAtOnce = 1 << 11;

/** Room for what is handed over at once. */
export interface Piece extends GroupedSpans {
  length: number;
}

export const createPiece = (): Piece => ({
  span: new Uint32Array(spansAtOnce),
  group: new Uint32Array(spansAtOnce),
  length: 0,
});

/** In place of a group. */
const notMet = -1;
const unwanted = -2;

const namesOfSpan = 2;

function groupByName(selection: Selection): Grouping {
  // Where names are few beside the spans, room for all of them is cheaper than numbers for those that occur.
  return selection.trace.strings.length <= namesOfSpan * selection.spanCount
    ? groupByStringId(selection)
    : groupByNumber(selection);
}

/** The group of a span is its StringId, of steps the first of theirs: many may hold no span. */
function groupByStringId(selection: Selection): Grouping {
  const { names } = selection;
  const { length } = selection.trace.strings;
  return {
    length,
    most: length,
    visit(visit, { makeRoom, wanted } = {}) {
      return visitInPieces(
        selection,
        (begin, end, piece) => fillByStringId(selection, { begin, end, names, wanted }, piece),
        visit,
        makeRoom,
      );
    },
    pathOf: (group) => [group],
    paths: null,
  };
}

/** Adds spans from `begin` on to a piece; returns where it stopped: at `end`, where the piece is full, or to be called again. */
type Fill = (begin: number, end: number, piece: Piece) => number;

/** Hands over all spans of a selection, a full piece at a time. */
function* visitInPieces(
  selection: Selection,
  fill: Fill,
  visit: (spans: GroupedSpans) => void,
  makeRoom: MakeRoom | undefined,
): Sliced<void> {
  const piece = createPiece();
  yield* visitSpans(
    selection,
    (begin, end) => {
      for (let span = begin; span < end;) {
        span = fill(span, end, piece);
        if (piece.length < spansAtOnce) continue;
        visit(piece);
        piece.length = 0;
      }
    },
    // Spans that wait in the piece will follow too.
    makeRoom === undefined ? null : (spans) => makeRoom(piece.length + spans),
  );
  visit(piece);
}

/** Adds spans from `begin` on to the piece until it is full, or `end`; returns where it stopped. */
function fillByStringId(
  { trace: { spans }, kinds, stepNames }: Selection,
  {
    begin,
    end,
    names,
    wanted,
  }: { begin: number; end: number; names: Uint8Array | null; wanted: Uint8Array | undefined },
  piece: Piece,
): number {
  const { name: nameOf, kind: kindOf } = spans;
  const { span: spanIn, group: groupIn } = piece;
  let { length } = piece;
  let span = begin;
  for (; span < end && length < spansAtOnce; span++) {
    const name = nameOf[span];
    if (kinds !== null && kinds[kindOf[span]] !== 1) continue;
    if (names !== null && names[name] !== 1) continue;
    const group = groupedName(stepNames, name);
    if (wanted !== undefined && wanted[group] !== 1) continue;
    spanIn[length] = span;
    groupIn[length++] = group;
  }
  piece.length = length;
  return span;
}

/** Names are numbered as they are met, those of steps together. */
function groupByNumber(selection: Selection): Grouping {
  const { stepNames } = selection;
  const { strings } = selection.trace;
  const groupOfName = new Int32Array(strings.length).fill(notMet);
  if (selection.names !== null)
    for (let name = 0; name < strings.length; name++) if (selection.names[name] !== 1) groupOfName[name] = unwanted;
  const names: number[] = [];
  const numberOfSteps = new Map<number, number>();
  const numberOf = (name: number): number => {
    const first = groupedName(stepNames, name);
    if (stepNames?.labels.has(first) !== true) return names.push(name) - 1;
    const number = numberOfSteps.get(first) ?? names.push(first) - 1;
    numberOfSteps.set(first, number);
    return number;
  };
  return {
    get length() {
      return names.length;
    },
    most: Math.min(strings.length, selection.spanCount),
    *visit(visit, { makeRoom, wanted } = {}) {
      const groupOf = wanted === undefined ? groupOfName : groupOfName.slice();
      if (wanted !== undefined)
        for (let name = 0; name < groupOf.length; name++)
          if (groupOf[name] >= 0 && wanted[groupOf[name]] !== 1) groupOf[name] = unwanted;
      yield* visitInPieces(
        selection,
        (begin, end, piece) => {
          const stop = fillByNumber(selection, begin, end, groupOf, piece);
          if (piece.length < spansAtOnce && stop < end) {
            const name = selection.trace.spans.name[stop];
            groupOf[name] = numberOf(name);
          }
          return stop;
        },
        visit,
        makeRoom,
      );
    },
    pathOf: (group) => [names[group]],
    paths: null,
  };
}

/** Adds spans from `begin` on to the piece until it is full, a name has no group yet, or `end`; returns where it stopped. */
function fillByNumber(
  { trace: { spans }, kinds }: Selection,
  begin: number,
  end: number,
  groupOfName: Int32Array,
  piece: Piece,
): number {
  const { name: nameOf, kind: kindOf } = spans;
  const { span: spanIn, group: groupIn } = piece;
  let { length } = piece;
  let span = begin;
  for (; span < end && length < spansAtOnce; span++) {
    const group = groupOfName[nameOf[span]];
    if (kinds !== null && kinds[kindOf[span]] !== 1) continue;
    if (group === notMet) break;
    if (group === unwanted) continue;
    spanIn[length] = span;
    groupIn[length++] = group;
  }
  piece.length = length;
  return span;
}

function groupByPath(selection: Selection): Grouping {
  const walk = createPathWalk(selection, { skipOutside: false, keepsPaths: true });
  const { paths } = walk;
  const rowSpan = selection.trace.rows.span;
  const isWhole = selection.kinds === null && selection.names === null;
  let isWalked = false;
  return {
    get length() {
      return paths.length;
    },
    most: selection.spanCount + 1,
    *visit(visit, { makeRoom, wanted } = {}) {
      // The first run finds the paths, for which it must see ancestors too.
      const finds = !isWalked;
      isWalked = true;
      const piece = createPiece();
      const { span: spanOf, group: groupIn } = piece;
      yield* visitSlices(
        selection,
        !finds,
        (slice, begin, end) => {
          if (finds) walk.assign(slice, slice, begin, end);
          if (selection.selected[slice] === 0) return;
          const column = walk.columnOf(slice);
          const shift = walk.shiftOf(slice);
          let { length } = piece;
          for (let position = begin; position < end; position++) {
            const group = column[position + shift];
            const span = rowSpan[position];
            if (wanted !== undefined && wanted[group] !== 1) continue;
            if (!isWhole && !isAccepted(selection, span)) continue;
            spanOf[length] = span;
            groupIn[length++] = group;
            if (length < spansAtOnce) continue;
            piece.length = length;
            visit(piece);
            length = 0;
          }
          piece.length = length;
        },
        function* (count) {
          if (finds) yield* walk.makeRoom(count);
          if (makeRoom !== undefined) yield* makeRoom(piece.length + count);
        },
      );
      visit(piece);
    },
    pathOf(group, most) {
      const names: number[] = [];
      for (let path = group; paths.parentOf(path) >= 0 && names.length < most; path = paths.parentOf(path))
        names.push(paths.keyOf(path));
      return names.toReversed();
    },
    paths,
  };
}
