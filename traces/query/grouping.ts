import { createPathWalk } from "./path-walk.ts";
import { type MakeRoom, visitSlices, visitSpans, type Selection } from "./scope.ts";
import type { Sliced } from "./sliced.ts";

/** Says which group each span of a selection belongs to. Groups are numbered from 0. */
export interface Grouping {
  /** Groups met so far. */
  readonly length: number;
  /** There will be no more of them. */
  readonly most: number;
  /**
   * Calls `visit` with every selected span and its group, pausing between pieces. One run after another. `makeRoom`: as
   * for `visitSlices`.
   */
  visit(visit: (span: number, group: number) => void, makeRoom?: MakeRoom): Sliced<void>;
  /** StringIds from outermost inwards; one for a group by name. */
  pathOf(group: number): number[];
}

/** By path, the selection must hold ancestors. Paths are whole: from the outermost span, also outside the scope. */
export function* createGrouping(selection: Selection, by: "name" | "path"): Sliced<Grouping> {
  return by === "name" ? groupByName(selection) : yield* groupByPath(selection);
}

function groupByName(selection: Selection): Grouping {
  const { spans, strings } = selection.trace;
  const groupOfName = new Int32Array(strings.length).fill(-1);
  const names: number[] = [];
  return {
    get length() {
      return names.length;
    },
    most: Math.min(strings.length, selection.spanCount),
    *visit(visit, makeRoom) {
      const { name: nameOf } = spans;
      yield* visitSpans(
        selection,
        (begin, end) => {
          for (let span = begin; span < end; span++) {
            const name = nameOf[span];
            let group = groupOfName[name];
            if (group < 0) {
              group = names.push(name) - 1;
              groupOfName[name] = group;
            }
            visit(span, group);
          }
        },
        makeRoom,
      );
    },
    pathOf: (group) => [names[group]],
  };
}

function* groupByPath(selection: Selection): Sliced<Grouping> {
  const walk = yield* createPathWalk(selection, { skipOutside: false });
  const { paths } = walk;
  const rowSpan = selection.trace.rows.span;
  let isWalked = false;
  return {
    get length() {
      return paths.length;
    },
    most: selection.spanCount + 1,
    *visit(visit, makeRoom) {
      // The first run finds the paths, for which it must see ancestors too.
      const finds = !isWalked;
      isWalked = true;
      yield* visitSlices(
        selection,
        !finds,
        (slice, begin, end) => {
          if (finds) walk.assign(slice, begin, end);
          if (selection.selected[slice] === 0) return;
          for (let position = begin; position < end; position++) visit(rowSpan[position], walk.pathAt(slice, position));
        },
        function* (count) {
          if (finds) yield* walk.makeRoom(count);
          if (makeRoom !== undefined) yield* makeRoom(count);
        },
      );
    },
    pathOf(group) {
      const names: number[] = [];
      for (let path = group; paths.parentOf(path) >= 0; path = paths.parentOf(path)) names.push(paths.keyOf(path));
      return names.toReversed();
    },
  };
}
