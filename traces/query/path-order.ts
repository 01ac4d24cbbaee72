import { compareTexts, type TextTable } from "../model/text-table.ts";
import type { PairTable } from "./pair-table.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { sortSliced } from "./sliced-sort.ts";

/** Places in two orders, by path. Both are strict, so that no two paths have equal places in both. */
export interface PathOrder {
  /** Of the innermost name among the names. */
  readonly ofName: Uint32Array;
  /** Of the path, name by name from the outermost inwards; a path comes before those that go on from it. */
  readonly ofPath: Uint32Array;
}

const none = -1;

/** Orders all paths below the root (path 0) by their names as texts, in UTF-16 order. Linear but for the sort of the names. */
export function* orderPaths(paths: PairTable, strings: TextTable): Sliced<PathOrder> {
  const { length } = paths;
  const placeOfName = yield* orderNames(paths, strings);
  // Paths by name, then the children of each as a list: the last one is put in front first.
  const byName = yield* sortByPlace(paths, placeOfName, strings.length);
  const firstChild = new Int32Array(length).fill(none);
  yield;
  const nextSibling = new Int32Array(length).fill(none);
  for (let i = byName.length - 1; i >= 0; i--) {
    const path = byName[i];
    nextSibling[path] = firstChild[paths.parentOf(path)];
    firstChild[paths.parentOf(path)] = path;
    if (i % spansPerSlice === 0) yield;
  }
  const ofName = new Uint32Array(length);
  const ofPath = new Uint32Array(length);
  let place = 0;
  for (let path = firstChild[0]; path > 0;) {
    ofName[path] = placeOfName[paths.keyOf(path)];
    ofPath[path] = place++;
    if (place % spansPerSlice === 0) yield;
    if (firstChild[path] !== none) path = firstChild[path];
    else {
      for (let steps = 1; path > 0 && nextSibling[path] === none; steps++) {
        path = paths.parentOf(path);
        if (steps % spansPerSlice === 0) yield;
      }
      if (path > 0) path = nextSibling[path];
    }
  }
  return { ofName, ofPath };
}

/** Place of each name that occurs among them, by StringId. */
function* orderNames(paths: PairTable, strings: TextTable): Sliced<Uint32Array> {
  const { length } = paths;
  const places = new Uint32Array(strings.length);
  for (let path = 1; path < length; path++) {
    places[paths.keyOf(path)] = 1;
    if (path % spansPerSlice === 0) yield;
  }
  let count = 0;
  const names = new Uint32Array(Math.min(strings.length, length));
  for (let name = 0; name < places.length; name++) if (places[name] === 1) names[count++] = name;
  yield;
  const order = yield* sortSliced(names.subarray(0, count), (a, b) => compareTexts(strings, a, b));
  for (let place = 0; place < count; place++) places[order[place]] = place;
  return places;
}

/** Paths 1 … length - 1 by the place of their names: a counting sort. */
function* sortByPlace(paths: PairTable, placeOfName: Uint32Array, places: number): Sliced<Uint32Array> {
  const { length } = paths;
  const next = new Uint32Array(places + 1);
  for (let path = 1; path < length; path++) {
    next[placeOfName[paths.keyOf(path)] + 1]++;
    if (path % spansPerSlice === 0) yield;
  }
  for (let place = 0; place < places; place++) next[place + 1] += next[place];
  const sorted = new Uint32Array(Math.max(0, length - 1));
  yield;
  for (let path = 1; path < length; path++) {
    sorted[next[placeOfName[paths.keyOf(path)]]++] = path;
    if (path % spansPerSlice === 0) yield;
  }
  return sorted;
}
