import { medianOf } from "../measure/describe.ts";
import { hashText } from "../measure/random.ts";
import type { PreparedSide } from "./observations.ts";

/** How far runs of one program lay apart when nothing was changed between them. */
export interface RunNoise {
  /** Which program, by what its steps consist of. */
  readonly workload: string;
  /** (largest − smallest) ÷ median, of the medians of the runs. */
  readonly spread: number;
  readonly runs: number;
}

/** What is known from earlier comparisons; null for programs never seen in several runs. */
export type KnownNoise = (workload: string) => RunNoise | null;

/** A part of the step that is small comes and goes; what makes so much of it tells a program. */
const tellingShare = 0.05;

/** Equal for captures of one program: format, and the names that make the most of a step, outermost two levels. */
export function workloadOf({ parts, steps, tree }: PreparedSide): string {
  const stepNs = steps.kept.slice(0, tree.stepCount).reduce((sum, step) => sum + step.endNs - step.startNs, 0);
  const names = new Set<string>();
  for (let node = 1; node < tree.length; node++) {
    const depth = depthOf(tree.parent, node);
    if (depth < 2 || depth > 3) continue;
    let totalNs = 0;
    for (let cell = node * tree.stepCount; cell < (node + 1) * tree.stepCount; cell++) totalNs += tree.totalNs[cell];
    if (totalNs >= tellingShare * stepNs) names.add(tree.name[node]);
  }
  const format = parts[0]?.trace.meta.format ?? "";
  return hashText([format, ...[...names].sort()].join("\u0000")).toString(16);
}

/** The root has 0, roles 1. */
function depthOf(parent: Int32Array, node: number): number {
  let depth = 0;
  for (let at = node; at > 0 && depth < 4; at = parent[at]) depth++;
  return depth;
}

/** Of a side with several runs; null for one capture. */
export function measureNoise(side: PreparedSide): RunNoise | null {
  const { parts, steps } = side;
  if (parts.length < 2) return null;
  const medians = parts.map((_, part) =>
    medianOf(steps.kept.flatMap((step) => (step.part === part ? [step.endNs - step.startNs] : []))),
  );
  const known = medians.filter((median) => median > 0);
  if (known.length < 2) return null;
  const spread = (Math.max(...known) - Math.min(...known)) / medianOf(known);
  return { workload: workloadOf(side), spread, runs: known.length };
}
