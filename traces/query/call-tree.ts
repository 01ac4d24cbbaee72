import { nameVariant, toSlot } from "../model/color-slot.ts";
import type { Trace } from "../model/trace.ts";
import { chooseNodes, type TreeSource } from "./choose-nodes.ts";
import { createBottomUp } from "./bottom-up.ts";
import { resolveScope, type Scope, type Selection } from "./scope.ts";
import { type StepNames, textOfGroup } from "./step-names.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { sumTree, type TreeSums } from "./tree-sums.ts";

export interface CallTreeOptions {
  readonly direction: "topDown" | "bottomUp";
  /** First level = tracks. */
  readonly byTrack: boolean;
  /** Nodes with a smaller part of the whole are left out, with their subtrees, and counted. */
  readonly minShare: number;
  readonly maxNodes: number;
}

/**
 * Parents precede children, subtrees are contiguous; siblings by total, largest first. Node 0 is the root.
 *
 * Top-down, a node is a chain of names from the outermost span inwards, in which steps that differ in their number are one. `totalNs` is the time of its spans, cut to the
 * asked range; `selfNs` the part that no child span covers. A span that is open-ended adds the time of its children
 * alone. A span outside the scope adds no node: what is below it hangs below its nearest ancestor inside.
 *
 * Bottom-up, a node is a chain of names from the innermost span outwards. `totalNs` is the self time of the innermost
 * name when it was reached through this chain; `selfNs` the part for which the chain ends here.
 */
export interface CallTree {
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Index in `names`. */
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly slot: Uint8Array;
  readonly kind: Uint8Array;
  /** Spans, open-ended ones included. Root and tracks: those of the level below. */
  readonly count: Uint32Array;
  readonly totalNs: Float64Array;
  readonly selfNs: Float64Array;
  readonly longestSpan: Int32Array;
  /** Topmost nodes left out; what is below them is not counted. */
  readonly omittedNodes: number;
}

const nodesPerSlice = 4096;

/** Adds the spans of a scope up to a tree of names. */
export function* computeCallTree(trace: Trace, scope: Scope, options: CallTreeOptions): Sliced<CallTree> {
  const selection = yield* resolveScope(trace, scope, { withAncestors: true });
  const sums = yield* sumTree(selection, options.byTrack);
  const source =
    options.direction === "topDown" ? createTopDown(trace, sums) : yield* createBottomUp(trace, sums, options.byTrack);
  const chosen = yield* chooseNodes(source, options);
  const columns = yield* toColumns(selection, source, chosen.nodes, chosen.parents);
  return { ...columns, omittedNodes: chosen.omittedNodes };
}

function createTopDown({ spans }: Trace, sums: TreeSums): TreeSource {
  const { tree } = sums;
  return {
    root: 0,
    *visitChildren(node, leastNs, visit) {
      let shorter = 0;
      let budget = spansPerSlice;
      for (let child = tree.firstOf(node); child >= 0; child = tree.nextOf(child)) {
        if (sums.countOf(child) > 0)
          if (sums.totalNsOf(child) >= leastNs) visit(child);
          else shorter++;
        if (--budget > 0) continue;
        yield;
        budget = spansPerSlice;
      }
      return shorter;
    },
    keyOf: (node) => tree.keyOf(node),
    countOf: (node) => sums.countOf(node),
    totalOf: (node) => sums.totalNsOf(node),
    selfOf: (node) => sums.selfNsOf(node),
    longestOf: (node) => sums.longestOf(node),
    kindOf: (node) => (sums.longestOf(node) < 0 ? 0 : spans.kind[sums.longestOf(node)]),
  };
}

function* toColumns(
  { trace, stepNames }: Selection,
  source: TreeSource,
  nodes: readonly number[],
  parents: readonly number[],
): Sliced<Omit<CallTree, "omittedNodes">> {
  const length = nodes.length;
  const tree = {
    parent: Int32Array.from(parents),
    depth: new Uint16Array(length),
    name: new Uint32Array(length),
    slot: new Uint8Array(length),
    kind: new Uint8Array(length),
    count: new Uint32Array(length),
    totalNs: new Float64Array(length),
    selfNs: new Float64Array(length),
    longestSpan: new Int32Array(length),
  };
  const names: string[] = [];
  const variants: number[] = [];
  const indexOf = new Map<string, number>();
  for (let i = 0; i < length; i++) {
    if (i % nodesPerSlice === nodesPerSlice - 1) yield;
    const node = nodes[i];
    const text = i === 0 ? trace.meta.name : textOfKey(trace, stepNames, source.keyOf(node));
    let index = indexOf.get(text);
    if (index === undefined) {
      index = names.push(text) - 1;
      variants.push(nameVariant(text));
      indexOf.set(text, index);
    }
    const longest = source.longestOf(node);
    tree.name[i] = index;
    tree.depth[i] = i === 0 ? 0 : Math.min(tree.depth[parents[i]] + 1, 0xffff);
    tree.kind[i] = source.kindOf(node);
    tree.slot[i] = longest < 0 ? 0 : toSlot(tree.kind[i], variants[index]);
    tree.count[i] = source.countOf(node);
    tree.totalNs[i] = source.totalOf(node);
    tree.selfNs[i] = source.selfOf(node);
    tree.longestSpan[i] = longest;
  }
  return { ...tree, names };
}

/** Keys of tracks lie behind those of the strings. */
function textOfKey(trace: Trace, stepNames: StepNames | null, key: number): string {
  const { strings, tracks } = trace;
  return key < strings.length ? textOfGroup(trace, stepNames, key) : tracks[key - strings.length].name;
}
