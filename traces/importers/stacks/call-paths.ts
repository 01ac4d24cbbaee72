import type { StringId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { noCategory } from "../../model/trace.ts";
import type { StackNode } from "../chrome/sampled-stacks.ts";

/** A function, or a state that is no code (null name). */
export interface Frame {
  readonly name: StringId | null;
  readonly category: number;
}

interface PathNode extends StackNode {
  readonly children: Map<number, PathNode>;
}

/** Numbers call paths: equal paths, frame by frame from the outermost, are one node. */
export class CallPaths {
  readonly #frames: readonly Frame[];
  readonly #roots = new Map<number, PathNode>();

  constructor(frames: readonly Frame[]) {
    this.#frames = frames;
  }

  /** `frames`: positions in the list of frames, outermost first. Null for an empty path. */
  nodeOf(frames: Iterable<number>): StackNode | null {
    let node: PathNode | null = null;
    for (const frame of frames) {
      const siblings: Map<number, PathNode> = node === null ? this.#roots : node.children;
      let next = siblings.get(frame);
      if (next === undefined) {
        next = { parent: node, ...this.#frames[frame], children: new Map() };
        siblings.set(frame, next);
      }
      node = next;
    }
    return node;
  }
}

/** A frame by its name and where its code stands; states in parentheses that are no code make no span. */
export function createFrame(builder: TraceBuilder, name: string, place: string): Frame {
  if (name === "(root)" || name === "(idle)") return { name: null, category: noCategory };
  return {
    name: builder.intern(name === "" ? "(anonymous)" : name),
    category: place === "" ? noCategory : builder.category(place),
  };
}
