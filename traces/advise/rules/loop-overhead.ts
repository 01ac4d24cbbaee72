import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { endOf } from "../../model/trace.ts";
import { createIntervals, intersect, type Intervals } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";
import type { Scene } from "../scene.ts";
import { textOf } from "../../model/text-table.ts";

/** Equal spans one after another under one parent make a loop from so many on. */
const leastIterations = 8;
const leastGapShare = 0.1;
/** What loops hand out; between other equal spans may lie work that nobody recorded. */
const piece = /^(?!.*::).*\b(?:chunk|tile|batch|block|shard|iter|iteration|pass)\b/i;

/** A loop of the host spends its time between the pieces it hands out. */
export const loopOverhead: AdviceRule = {
  id: "R18",
  title: "Loop costs more between its pieces",
  fix: "Make the pieces larger, or move the loop into the compiled code.",
  howToVerify: "The gaps between the pieces shrink to a small part of a piece.",
  threshold: 0.03,
  look(scene) {
    if (scene.host.end === scene.host.first) return { missing: "a host thread" };
    const { gaps, pieces, names } = findLoops(scene);
    if (pieces.length === 0) return null;
    return {
      lost: scene.hasDevice ? intersect(gaps, scene.idle) : gaps,
      parts: { low: 0.3, mid: 0.7, high: 0.95 },
      confidence: 0.6,
      evidence: pieces,
      describe: ({ each, share, perStepNs }) =>
        `Loops over ${[...names]
          .slice(0, 3)
          .map((name) => `“${name}”`)
          .join(", ")} spend ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}) between their pieces.`,
    };
  },
};

interface Run {
  readonly parent: number;
  readonly name: number;
  readonly spans: number[];
}

function findLoops({ trace, host }: Scene): {
  readonly gaps: Intervals;
  readonly pieces: readonly number[];
  readonly names: ReadonlySet<string>;
} {
  const { spans, strings } = trace;
  const runs = new Map<number, Run>();
  const between: (readonly [startNs: number, endNs: number])[] = [];
  const covered = createIntervals();
  const pieces: number[] = [];
  const names = new Set<string>();
  const close = (run: Run): void => {
    if (run.spans.length < leastIterations) return;
    const gaps = run.spans.slice(1).map((span, i) => [endOf(spans, run.spans[i]), spans.startNs[span]] as const);
    const median = medianOf(gaps.map(([start, end]) => end - start));
    if (median <= leastGapShare * medianOf(run.spans.map((span) => endOf(spans, span) - spans.startNs[span]))) return;
    for (const gap of gaps) between.push(gap);
    for (const span of run.spans) pieces.push(span);
    names.add(textOf(strings, run.name));
  };
  for (let span: number = host.first; span < host.end; span++) {
    const parent = spans.parent[span];
    const { kind } = spans;
    if (
      kind[span] !== SpanKind.kernel &&
      kind[span] !== SpanKind.launch &&
      !piece.test(textOf(strings, spans.name[span]))
    )
      continue;
    // A step is what everything else is measured by; its own gaps belong to no step.
    if (parent < 0 || kind[span] === SpanKind.step) continue;
    const run = runs.get(parent);
    if (run?.name === spans.name[span]) run.spans.push(span);
    else {
      if (run !== undefined) close(run);
      runs.set(parent, { parent, name: spans.name[span], spans: [span] });
    }
  }
  for (const run of runs.values()) close(run);
  for (const [start, end] of between.sort((a, b) => a[0] - b[0])) covered.add(start, end);
  return { gaps: covered.intervals, pieces, names };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >>> 1] ?? 0;
}
