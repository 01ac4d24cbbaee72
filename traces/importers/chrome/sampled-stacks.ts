import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
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
    const finished: FinishedFrame[] = [];
    let lastOffset = 0;
    const closeTo = (depth: number, timeNs: number): void => {
      while (open.length > depth) {
        const top = open.pop();
        if (top !== undefined && top.node.name !== null)
          finished.push({
            name: top.node.name,
            category: top.node.category ?? noCategory,
            startNs: top.startNs,
            endNs: timeNs,
            offset: top.offset,
            lastOffset,
          });
      }
    };
    let timeNs = 0;
    this.cutCount = 0;
    for (let position = 0; position < this.length; position++) {
      const sample = order === null ? position : order[position];
      timeNs = this.#timeNs.at(sample);
      const path = pathOf(this.#leaves[sample]);
      if (path.length === maxDepth) this.cutCount++;
      let shared = 0;
      while (shared < path.length && shared < open.length && open[shared].node === path[shared]) shared++;
      closeTo(shared, timeNs);
      lastOffset = this.#offsets.at(sample);
      for (const node of path.slice(shared)) open.push({ node, startNs: timeNs, offset: lastOffset });
    }
    closeTo(0, Math.max(timeNs, this.endNs ?? timeNs));
    // Outermost first, as spans of equal times keep the order in which they come.
    for (const span of finished.toReversed()) {
      builder.addSpan(
        track,
        span.startNs,
        span.endNs - span.startNs,
        span.name,
        SpanKind.other,
        span.category,
        span.offset === 0 ? sourceOffset : span.offset,
        span.lastOffset === span.offset ? derived : { derived: true, endSource: span.lastOffset },
      );
    }
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
  readonly node: StackNode;
  readonly startNs: number;
  readonly offset: number;
}

interface FinishedFrame {
  readonly name: StringId;
  readonly category: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly offset: number;
  readonly lastOffset: number;
}

function pathOf(leaf: StackNode | null): StackNode[] {
  const path: StackNode[] = [];
  for (let node = leaf; node !== null && path.length < maxDepth; node = node.parent)
    if (node.name !== null) path.push(node);
  return path.toReversed();
}
