import { createPathWalk } from "./path-walk.ts";
import type { Selection } from "./scope.ts";

/** Says which group each position of a selection belongs to. Groups are numbered from 0. */
export interface Grouping {
  /** Groups met so far. */
  readonly length: number;
  /** Must see all pieces of all slices, in order, before `groupAt` is asked about them. */
  assign(slice: number, begin: number, end: number): void;
  groupAt(slice: number, position: number): number;
  /** StringIds from outermost inwards; one for a group by name. */
  pathOf(group: number): number[];
}

/** By path, the selection must hold ancestors. Paths are whole: from the outermost span, also outside the scope. */
export function createGrouping(selection: Selection, by: "name" | "path"): Grouping {
  return by === "name" ? groupByName(selection) : groupByPath(selection);
}

function groupByName({ trace: { spans, rows, strings } }: Selection): Grouping {
  const groupOfName = new Int32Array(strings.length).fill(-1);
  const names: number[] = [];
  return {
    get length() {
      return names.length;
    },
    assign(_slice, begin, end) {
      for (let position = begin; position < end; position++) {
        const name = spans.name[rows.span[position]];
        if (groupOfName[name] < 0) groupOfName[name] = names.push(name) - 1;
      }
    },
    groupAt: (_slice, position) => groupOfName[spans.name[rows.span[position]]],
    pathOf: (group) => [names[group]],
  };
}

function groupByPath(selection: Selection): Grouping {
  const walk = createPathWalk(selection, { skipOutside: false });
  const { paths } = walk;
  return {
    get length() {
      return paths.length;
    },
    assign: walk.assign,
    groupAt: walk.pathAt,
    pathOf(group) {
      const names: number[] = [];
      for (let path = group; paths.parentOf(path) >= 0; path = paths.parentOf(path)) names.push(paths.keyOf(path));
      return names.toReversed();
    },
  };
}
