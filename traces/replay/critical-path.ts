import { SpanKind } from "../model/span-kind.ts";
import { labelOfStep } from "../model/step-label.ts";
import { textOf } from "../model/text-table.ts";
import type { Trace } from "../model/trace.ts";
import { Cause, type Replay } from "./replay.ts";
import type { StepTimes } from "./step-tasks.ts";
import type { TaskGraph } from "./task-graph.ts";

export type PathPlace = "host" | "device" | "between";

/** Time on the critical path that spans of a name take, or the distances between them. */
export interface PathPart {
  readonly name: string;
  readonly place: PathPlace;
  readonly kind: SpanKind;
  readonly ns: number;
}

/** What lies between tasks, in words of a table. */
const betweenWords = {
  [Cause.none]: "before the first span",
  [Cause.previous]: "between spans of a track",
  [Cause.launch]: "from a launch to its start",
  [Cause.after]: "from one stream to another",
} as const;

/**
 * The chain of tasks that a replay's steps consist of, walked back from the end of the last one: what each task was last
 * to wait for. Only what lies in steps counts, so that times add up to theirs.
 */
export function findPath(
  trace: Trace,
  graph: TaskGraph,
  { startNs, endNs, startCause, isAwaiting }: Replay,
  steps: readonly StepTimes[],
): readonly PathPart[] {
  const { tasks, launch, after, awaited } = graph;
  const parts = new Map<string, { name: string; place: PathPlace; kind: SpanKind; ns: number }>();
  const [firstStep, lastStep] = [steps[0], steps.at(-1)];
  if (firstStep === undefined || lastStep === undefined) return [];
  const untilNs = firstStep.startNs;
  const lengthInSteps = createStepClip(steps);
  const add = (name: string, place: PathPlace, kind: SpanKind, fromNs: number, toNs: number): void => {
    const ns = lengthInSteps(fromNs, toNs);
    if (ns <= 0) return;
    const key = `${place} ${name}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { name, place, kind, ns });
    else part.ns += ns;
  };
  const { spans, strings } = trace;
  const addTask = (task: number, fromNs: number, toNs: number): void => {
    const span = tasks.span[task];
    const place = task >= tasks.device.first && task < tasks.device.end ? "device" : "host";
    const name = textOf(strings, spans.name[span]);
    const kind = spans.kind[span] as SpanKind;
    add(kind === SpanKind.step ? (labelOfStep(name) ?? name) : name, place, kind, fromNs, toNs);
  };
  let task = lastStep.lastTask;
  let atNs = endNs[task];
  // Each round goes back to an earlier event; a start at the same time as its cause is still another event.
  for (let isEnd = true; task >= 0 && atNs > untilNs;) {
    if (isEnd) {
      const other = isAwaiting[task] === 1 ? awaited[task] : -1;
      const fromNs = other >= 0 ? endNs[other] : startNs[task];
      addTask(task, fromNs, atNs);
      atNs = fromNs;
      if (other >= 0) task = other;
      else isEnd = false;
      continue;
    }
    const cause = startCause[task] as keyof typeof betweenWords;
    const next =
      cause === Cause.previous
        ? tasks.previous[task]
        : cause === Cause.launch
          ? launch[task]
          : cause === Cause.after
            ? after[task]
            : -1;
    const fromNs = next < 0 ? 0 : cause === Cause.launch ? startNs[next] : endNs[next];
    add(betweenWords[cause], "between", SpanKind.other, fromNs, atNs);
    atNs = fromNs;
    isEnd = cause !== Cause.launch;
    task = next;
  }
  return [...parts.values()];
}

/** Tells how much of a range lies in steps, of ranges that come from the last to the first. */
function createStepClip(steps: readonly StepTimes[]): (fromNs: number, toNs: number) => number {
  let step = steps.length - 1;
  return (fromNs, toNs) => {
    let ns = 0;
    while (step >= 0 && steps[step].startNs >= toNs) step--;
    for (let at = step; at >= 0 && steps[at].endNs > fromNs; at--)
      ns += Math.max(0, Math.min(toNs, steps[at].endNs) - Math.max(fromNs, steps[at].startNs));
    return ns;
  };
}
