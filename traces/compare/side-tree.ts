import { durationOf, selfOf, SpanFlag, type Trace } from "../model/trace.ts";
import { createPairTable, type PairTable } from "../query/pair-table.ts";
import { spansPerSlice, type Sliced } from "../query/sliced.ts";
import type { PartFacts } from "./find-steps.ts";
import type { SideSteps, Step } from "./side.ts";
import { isDeviceWork } from "./track-roles.ts";

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
  readonly selfNs: Float64Array;
  readonly count: Float64Array;
  readonly longestPart: Int32Array;
  readonly longestSpan: Int32Array;
  /** Node of the host span that launched the work; -1 for host nodes and unknown ones. */
  readonly launcher: Int32Array;
  /** 1: work of a device. */
  readonly isDevice: Uint8Array;
}

/** Values are kept for at most so many node × step cells; then fewer steps are kept. */
const largestTable = 12_000_000;

interface Placement {
  /** Node and kept step of each span; -1: none. */
  readonly node: Int32Array;
  readonly step: Int32Array;
}

/** Adds the spans of the kept steps up. `nameOf` gives the canonical name of a raw one. */
export function* buildSideTree(
  facts: readonly PartFacts[],
  steps: SideSteps,
  nameOf: (raw: string) => string,
): Sliced<SideTree> {
  const names = createNames();
  const paths = createPairTable();
  paths.idOf(-1, names.idOf(""));
  const placements: Placement[] = [];
  for (let part = 0; part < facts.length; part++)
    placements.push(yield* placeSpans(facts[part], part, steps, { paths, names, nameOf }));
  const stepCount = Math.min(steps.kept.length, Math.max(1, Math.floor(largestTable / paths.length)));
  const tree = emptyTree(paths, names.texts, stepCount);
  const longestNs = new Float64Array(tree.length).fill(-1);
  const rawName: (string | undefined)[] = [];
  for (let part = 0; part < facts.length; part++)
    yield* addSpans(facts[part], part, placements, { tree, longestNs, rawName });
  return { ...tree, rawName: tree.name.map((name, node) => rawName[node] ?? name), isDevice: markDevice(tree) };
}

/** Device work is what does work on a track with the role of a device. */
function markDevice({ length, parent, name, kind }: Counted): Uint8Array {
  const onDevice = new Uint8Array(length);
  for (let node = 1; node < length; node++)
    onDevice[node] = parent[node] === 0 ? Number(name[node].startsWith("device ")) : onDevice[parent[node]];
  return onDevice.map((flag, node) => (flag === 1 && isDeviceWork(kind[node]) ? 1 : 0));
}

type Counted = Omit<SideTree, "rawName" | "isDevice">;

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
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if (--budget === 0) {
        yield;
        budget = spansPerSlice;
      }
      const launcher = launches.launcherOf(span);
      const belongsAt = spans.startNs[launcher < 0 ? span : launcher];
      if (belongsAt < startNs || belongsAt >= endNs) continue;
      step[span] = findStep(belongsAt, launcher >= 0);
      if (step[span] < 0) continue;
      const name = spans.name[span];
      if (nameIds[name] < 0) nameIds[name] = names.idOf(nameOf(strings[name]));
      const parent = spans.parent[span];
      const parentNode = parent < 0 || node[parent] < 0 ? roleNode : node[parent];
      node[span] = paths.idOf(parentNode, nameIds[name]);
    }
  }
  return { node, step };
}

/** Kept step of a time: by launch times for launched work, by the step's own time else. */
function createStepFinder(kept: readonly Step[], part: number): (timeNs: number, launched: boolean) => number {
  const first = kept.findIndex((step) => step.part === part);
  const own = kept.filter((step) => step.part === part);
  return (timeNs) => {
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (own[middle].launchStartNs <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low > 0 && timeNs < own[low - 1].launchEndNs ? first + low - 1 : -1;
  };
}

function emptyTree(paths: PairTable, names: readonly string[], stepCount: number): Counted {
  const { length } = paths;
  const column = (): Float64Array => new Float64Array(length * stepCount);
  return {
    length,
    stepCount,
    parent: Int32Array.from({ length }, (_, node) => paths.parentOf(node)),
    // Roles have a key of their own, so that a span named like a role is not one.
    name: Array.from({ length }, (_, node) => names[paths.keyOf(node)].replace("\u0000", "")),
    kind: new Uint8Array(length),
    totalNs: column(),
    selfNs: column(),
    count: column(),
    longestPart: new Int32Array(length).fill(-1),
    longestSpan: new Int32Array(length).fill(-1),
    launcher: new Int32Array(length).fill(-1),
  };
}

function* addSpans(
  { part: { trace }, launches }: PartFacts,
  part: number,
  placements: readonly Placement[],
  {
    tree,
    longestNs,
    rawName,
  }: { readonly tree: Counted; readonly longestNs: Float64Array; readonly rawName: (string | undefined)[] },
): Sliced<void> {
  const { spans, strings } = trace;
  const placement = placements[part];
  const lastName = new Int32Array(tree.length).fill(-1);
  for (let span = 0; span < spans.length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    const node = placement.node[span];
    const step = placement.step[span];
    if (node < 0 || step >= tree.stepCount) continue;
    const cell = node * tree.stepCount + step;
    tree.count[cell]++;
    if (lastName[node] !== spans.name[span]) {
      lastName[node] = spans.name[span];
      const raw = strings[spans.name[span]];
      rawName[node] = (rawName[node] ?? raw) === raw ? raw : tree.name[node];
    }
    const isOpen = (spans.flags[span] & SpanFlag.openEnded) !== 0;
    const durationNs = isOpen ? 0 : durationOf(spans, span);
    if (!isOpen) {
      tree.totalNs[cell] += durationNs;
      tree.selfNs[cell] += selfOf(spans, span);
    }
    if (durationNs <= longestNs[node]) continue;
    longestNs[node] = durationNs;
    tree.longestPart[node] = part;
    tree.longestSpan[node] = span;
    tree.kind[node] = spans.kind[span];
    noteLauncher(trace, tree, { node, launcher: launches.launcherOf(span), placement });
  }
}

function noteLauncher(
  { spans }: Trace,
  tree: Counted,
  { node, launcher, placement }: { node: number; launcher: number; placement: Placement },
): void {
  if (launcher < 0) return;
  // The launch call itself is the same for all kernels; what asked for it tells them apart.
  const owner = spans.parent[launcher] < 0 ? launcher : spans.parent[launcher];
  tree.launcher[node] = placement.node[owner];
}
