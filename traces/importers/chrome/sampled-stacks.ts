import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import { largestTimeNs, type TraceBuilder } from "../../model/trace-builder.ts";
import { NumberList, stableOrder } from "./growable.ts";

/** Deeper stacks are cut; also what ends a cycle of parents. */
const maxDepth = 1024;

/** One place of a call tree. */
export interface StackNode {
  readonly parent: StackNode | null;
  /** Null for states that are no code (root, idle): they make no span. */
  readonly name: StringId | null;
  /** Category of the span, as the builder numbers it. */
  readonly category?: number;
}

/** Samples of one thread: at each time the stack that held until the next one. */
export class SampledStacks {
  readonly #timeNs = new NumberList();
  readonly #leaves: (StackNode | null)[] = [];
  readonly #offsets = new NumberList();
  /** Where the last sample ends, when the file says so. */
  endNs: number | null = null;

  /** `offset`: where the sample stands in the file, for formats that read samples again. */
  add(timeNs: number, leaf: StackNode | null, offset = 0): void {
    this.#timeNs.push(timeNs);
    this.#leaves.push(leaf);
    this.#offsets.push(offset);
  }

  /** Samples whose stacks were cut, as of the last `addSpans`: only the innermost 1,024 functions are kept. */
  cutCount = 0;

  get length(): number {
    return this.#timeNs.length;
  }

  /**
   * Adds one span per function for as long as consecutive samples show it at the same place of the stack:
   *
   *   samples   a·b  a·b  a·c      spans   a──────────────
   *                                        b─────────  c──
   *
   * A span stands at its first sample and ends at its last, or where `sourceOffset` says when samples have no places.
   */
  addSpans(builder: TraceBuilder, track: TrackId, sourceOffset: number): void {
    const order = stableOrder(this.#timeNs.view());
    const open: OpenFrame[] = [];
    let lastOffset = 0;
    const closeTo = (depth: number, timeNs: number): void => {
      while (open.length > depth) {
        const top = open.pop();
        if (top === undefined || top.span < 0) continue;
        builder.endSpan(top.span, timeNs, lastOffset === top.offset ? undefined : lastOffset);
      }
    };
    let timeNs = 0;
    let tooFar = 0;
    this.cutCount = 0;
    for (let position = 0; position < this.length; position++) {
      const sample = order === null ? position : order[position];
      const at = this.#timeNs.at(sample);
      if (!(Math.abs(at) <= largestTimeNs)) {
        tooFar++;
        continue;
      }
      timeNs = at;
      const path = pathOf(this.#leaves[sample]);
      if (path.length === maxDepth) this.cutCount++;
      let shared = 0;
      while (shared < path.length && shared < open.length && open[shared].node === path[shared]) shared++;
      closeTo(shared, timeNs);
      lastOffset = this.#offsets.at(sample);
      const source = lastOffset === 0 ? sourceOffset : lastOffset;
      for (let depth = shared; depth < path.length; depth++) {
        const node = path[depth];
        const { name, category = noCategory } = node;
        const span = builder.addSpan(track, timeNs, 0, name, SpanKind.other, category, source, derived);
        open.push({ node, span, offset: lastOffset });
      }
    }
    const endNs = this.endNs ?? timeNs;
    closeTo(0, Math.max(timeNs, endNs <= largestTimeNs ? endNs : timeNs));
    builder.ledger.note("outOfRange", "samples beyond 52 days from the first event were left out", -1, tooFar);
  }

  /** Samples that stand before an earlier one. */
  countInversions(): number {
    let count = 0;
    for (let i = 1; i < this.length; i++) if (this.#timeNs.at(i) < this.#timeNs.at(i - 1)) count++;
    return count;
  }
}

const derived = { derived: true };

/** A function that samples go on showing, from the sample at `offset` on. */
interface OpenFrame {
  readonly node: NamedNode;
  /** As the builder numbers it; -1 where that had no room. */
  readonly span: number;
  readonly offset: number;
}

type NamedNode = StackNode & { readonly name: StringId };

function pathOf(leaf: StackNode | null): NamedNode[] {
  const path: NamedNode[] = [];
  for (let node = leaf; node !== null && path.length < maxDepth; node = node.parent) if (isNamed(node)) path.push(node);
  return path.toReversed();
}

const isNamed = (node: StackNode): node is NamedNode => node.name !== null;
