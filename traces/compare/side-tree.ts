import { flagsOf, durationOf, selfOf, SpanFlag, type Trace } from "../model/trace.ts";
import { likelyPair, PairTable } from "../query/pair-table.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { PartFacts } from "./find-steps.ts";
import type { SideSteps, Step } from "./side.ts";
import { isDeviceTrack, isDeviceWork, isGrouping } from "./track-roles.ts";
import { textOf } from "../model/text-table.ts";

/**
 * Names of one side added up by path, step by step. Node 0 is the root, its children are track roles; parents
 * precede children. Columns with `[node · stepCount + step]` hold one value a step.
 */
export interface SideTree {
  readonly length: number;
  readonly stepCount: number;
  readonly parent: Int32Array;
  readonly name: readonly string[];
  /** The raw name where all spans of the node have the same, else the canonical one. */
  readonly rawName: readonly string[];
  readonly kind: Uint8Array;
  readonly totalNs: Float64Array;
  /** Annotations of a device have none: what they do not hold is time in which it stands still. */
  readonly selfNs: Float64Array;
  readonly count: Float64Array;
  readonly longestPart: Int32Array;
  readonly longestSpan: Int32Array;
  /** Node of the host span that launched the work; -1 for host nodes and unknown ones. */
  readonly launcher: Int32Array;
  /** 1: work of a device. */
  readonly isDevice: Uint8Array;
  /** Node of each path of `PlacedSide`. */
  readonly nodeOfPath: Int32Array;
}

/** Values are kept for at most so many node × step cells; then fewer steps are kept. */
const largestTable = 12_000_000;
/** Paths of a side; with more, deeper spans are left to their ancestors, on both sides alike. */
const mostNodes = 60_000;

/** Path and kept step of each span of a part; -1: none. */
export interface Placement {
  readonly node: Int32Array;
  readonly step: Int32Array;
}

/** Spans of a side with the paths they have, not added up yet. */
export interface PlacedSide {
  readonly facts: readonly PartFacts[];
  readonly steps: SideSteps;
  readonly paths: PairTable;
  readonly names: readonly string[];
  readonly placements: readonly Placement[];
  /** Depth of each path; the root has 0. */
  readonly depth: Uint16Array;
}

/** Gives the spans of the kept steps their paths. `nameOf` gives the canonical name of a raw one. */
export function* placeSide(
  facts: readonly PartFacts[],
  steps: SideSteps,
  nameOf: (raw: string) => string,
): Sliced<PlacedSide> {
  const names = createNames();
  const paths = new PairTable();
  paths.idOf(-1, names.idOf(""));
  const placements: Placement[] = [];
  for (let part = 0; part < facts.length; part++)
    placements.push(yield* placeSpans(facts[part], part, steps, { paths, names, nameOf }));
  const depth = new Uint16Array(paths.length);
  for (let node = 1; node < paths.length; node++) depth[node] = Math.min(depth[paths.parentOf(node)] + 1, 0xffff);
  return { facts, steps, paths, names: names.texts, placements, depth };
}

/** Depth to which a side has few enough paths; Infinity where all of them are. Never above the outermost spans. */
export function deepestAllowed({ depth }: PlacedSide): number {
  if (depth.length <= mostNodes) return Infinity;
  const counts = new Uint32Array(0x10000);
  for (const level of depth) counts[level]++;
  let sum = counts[0] + counts[1];
  let level = 2;
  for (; level < counts.length && sum + counts[level] <= mostNodes; level++) sum += counts[level];
  return Math.max(2, level - 1);
}

/** Adds the spans up, those below `deepest` into the ancestor there. */
export function* addUpSide(placed: PlacedSide, deepest: number): Sliced<SideTree> {
  const { facts, steps, depth } = placed;
  const cut = cutPaths(placed, deepest);
  const stepCount = Math.min(steps.kept.length, Math.max(1, Math.floor(largestTable / cut.length)));
  const tree = emptyTree(placed, cut, stepCount);
  const longestNs = new Float64Array(tree.length).fill(-1);
  const rawName: (string | undefined)[] = [];
  const target = { tree, longestNs, rawName, cut, depth, deepest };
  for (let part = 0; part < facts.length; part++) yield* addSpans(facts[part], part, placed.placements[part], target);
  return {
    ...tree,
    rawName: tree.name.map((name, node) => rawName[node] ?? name),
    isDevice: markDevice(tree),
    nodeOfPath: cut.node,
  };
}

interface CutPaths {
  readonly length: number;
  /** Path of each node. */
  readonly path: Int32Array;
  /** Node of each path: of its ancestor for paths below the cut. */
  readonly node: Int32Array;
}

function cutPaths({ paths, depth }: PlacedSide, deepest: number): CutPaths {
  const node = new Int32Array(paths.length);
  const path: number[] = [];
  for (let id = 0; id < paths.length; id++)
    node[id] = depth[id] > deepest ? node[paths.parentOf(id)] : path.push(id) - 1;
  return { length: path.length, path: Int32Array.from(path), node };
}

/** Device work is what does work on a track with the role of a device. */
function markDevice({ length, parent, name, kind }: Counted): Uint8Array {
  const onDevice = new Uint8Array(length);
  for (let node = 1; node < length; node++)
    onDevice[node] = parent[node] === 0 ? Number(name[node].startsWith("device ")) : onDevice[parent[node]];
  return onDevice.map((flag, node) => (flag === 1 && isDeviceWork(kind[node]) ? 1 : 0));
}

type Counted = Omit<SideTree, "rawName" | "isDevice" | "nodeOfPath">;

interface Names {
  readonly texts: string[];
  idOf(text: string): number;
}

function createNames(): Names {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    idOf(text) {
      let id = ids.get(text);
      if (id === undefined) {
        id = texts.push(text) - 1;
        ids.set(text, id);
      }
      return id;
    },
  };
}

function* placeSpans(
  { part: { trace, startNs, endNs }, roles, launches }: PartFacts,
  part: number,
  { kept }: SideSteps,
  {
    paths,
    names,
    nameOf,
  }: { readonly paths: PairTable; readonly names: Names; readonly nameOf: (raw: string) => string },
): Sliced<Placement> {
  const { spans, strings, tracks } = trace;
  const node = new Int32Array(spans.length).fill(-1);
  const step = new Int32Array(spans.length).fill(-1);
  const nameIds = new Int32Array(strings.length).fill(-1);
  const findStep = createStepFinder(kept, part);
  let budget = spansPerSlice;
  for (const track of tracks) {
    const role = roles.roleOf[track.id];
    if (role === null) continue;
    const roleNode = paths.idOf(0, names.idOf(`\u0000${role}`));
    let { records } = paths;
    let met = roleNode;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if (--budget === 0) {
        yield;
        budget = spansPerSlice;
      }
      const launcher = launches.launcherOf(span);
      const belongsAt = spans.startNs[launcher < 0 ? span : launcher];
      if (belongsAt < startNs || belongsAt >= endNs) continue;
      step[span] = findStep(belongsAt);
      if (step[span] < 0) continue;
      const name = spans.name[span];
      if (nameIds[name] < 0) nameIds[name] = names.idOf(nameOf(textOf(strings, name)));
      const parent = spans.parent[span];
      const parentNode = parent < 0 || node[parent] < 0 ? roleNode : node[parent];
      met = likelyPair(records, met, parentNode, nameIds[name]);
      if (met < 0) {
        met = paths.idOf(parentNode, nameIds[name]);
        ({ records } = paths);
      }
      node[span] = met;
    }
  }
  return { node, step };
}

/** Kept step in which what starts, or was launched, at a time belongs; -1 for none. */
function createStepFinder(kept: readonly Step[], part: number): (timeNs: number) => number {
  const first = kept.findIndex((step) => step.part === part);
  const own = kept.filter((step) => step.part === part);
  let last = -1;
  const isIn = (at: number, timeNs: number): boolean =>
    at >= 0 && own[at].launchStartNs <= timeNs && timeNs < own[at].launchEndNs;
  return (timeNs) => {
    // Spans come in time order: mostly it is the step of the span before.
    if (isIn(last, timeNs)) return first + last;
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (own[middle].launchStartNs <= timeNs) low = middle + 1;
      else high = middle;
    }
    if (!isIn(low - 1, timeNs)) return -1;
    last = low - 1;
    return first + last;
  };
}

function emptyTree({ paths, names }: PlacedSide, { length, path, node }: CutPaths, stepCount: number): Counted {
  const column = (): Float64Array => new Float64Array(length * stepCount);
  return {
    length,
    stepCount,
    parent: path.map((id) => (id === 0 ? -1 : node[paths.parentOf(id)])),
    // Roles have a key of their own, so that a span named like a role is not one.
    name: Array.from(path, (id) => names[paths.keyOf(id)].replace("\u0000", "")),
    kind: new Uint8Array(length),
    totalNs: column(),
    selfNs: column(),
    count: column(),
    longestPart: new Int32Array(length).fill(-1),
    longestSpan: new Int32Array(length).fill(-1),
    launcher: new Int32Array(length).fill(-1),
  };
}

interface Target {
  readonly tree: Counted;
  readonly longestNs: Float64Array;
  readonly rawName: (string | undefined)[];
  readonly cut: CutPaths;
  readonly depth: Uint16Array;
  readonly deepest: number;
}

function* addSpans(
  { part: { trace }, launches }: PartFacts,
  part: number,
  placement: Placement,
  { tree, longestNs, rawName, cut, depth, deepest }: Target,
): Sliced<void> {
  const { spans, strings } = trace;
  const lastName = new Int32Array(tree.length).fill(-1);
  const onDevice = spansOnDevices(trace);
  for (let span = 0; span < spans.length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    const path = placement.node[span];
    const step = placement.step[span];
    // What lies below the cut is a part of its ancestor there, which counts its whole time as its own.
    if (path < 0 || step >= tree.stepCount || depth[path] > deepest) continue;
    const node = cut.node[path];
    const cell = node * tree.stepCount + step;
    tree.count[cell]++;
    if (lastName[node] !== spans.name[span]) {
      lastName[node] = spans.name[span];
      const raw = textOf(strings, spans.name[span]);
      rawName[node] = (rawName[node] ?? raw) === raw ? raw : tree.name[node];
    }
    const isOpen = (flagsOf(spans, span) & SpanFlag.openEnded) !== 0;
    const durationNs = isOpen ? 0 : durationOf(spans, span);
    if (!isOpen) {
      tree.totalNs[cell] += durationNs;
      if (onDevice[span] === 0 || !isGrouping(spans.kind[span]))
        tree.selfNs[cell] += depth[path] === deepest ? durationNs : selfOf(spans, span);
    }
    if (durationNs <= longestNs[node]) continue;
    longestNs[node] = durationNs;
    tree.longestPart[node] = part;
    tree.longestSpan[node] = span;
    tree.kind[node] = spans.kind[span];
    noteLauncher(trace, tree, { node, launcher: launches.launcherOf(span), placement, cut });
  }
}

/** 1 for spans of device tracks. */
function spansOnDevices({ tracks, spans }: Trace): Uint8Array {
  const onDevice = new Uint8Array(spans.length);
  for (const track of tracks)
    if (isDeviceTrack(track)) onDevice.fill(1, track.firstSpan, track.firstSpan + track.spanCount);
  return onDevice;
}

function noteLauncher(
  { spans }: Trace,
  tree: Counted,
  { node, launcher, placement, cut }: { node: number; launcher: number; placement: Placement; cut: CutPaths },
): void {
  if (launcher < 0) return;
  // The launch call itself is the same for all kernels; what asked for it tells them apart.
  const owner = spans.parent[launcher] < 0 ? launcher : spans.parent[launcher];
  tree.launcher[node] = placement.node[owner] < 0 ? -1 : cut.node[placement.node[owner]];
}
