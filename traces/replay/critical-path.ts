import { type Sliced, spansPerSlice } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { labelOfStep } from "../model/step-label.ts";
import { textOf } from "../model/text-table.ts";
import type { Trace } from "../model/trace.ts";
import { type Replay, StartCause } from "./replay.ts";
import type { StepTimes } from "./step-tasks.ts";
import type { TaskGraph } from "./task-graph.ts";
import type { TaskRange } from "./tasks.ts";

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
  [StartCause.none]: "before the first span",
  [StartCause.previous]: "between spans of a track",
  [StartCause.launch]: "from a launch to its start",
  [StartCause.after]: "from one stream to another",
} as const;

/**
 * The chain of tasks that a replay's steps consist of, walked back from the end of the last one: what each task was last
 * to wait for. Only what lies in steps counts, so that times add up to theirs.
 */
export function* findPath(
  trace: Trace,
  graph: TaskGraph,
  { startNs, endNs, startCause, endCause }: Replay,
  steps: readonly StepTimes[],
): Sliced<readonly PathPart[]> {
  const { tasks, launch, after } = graph;
  const [firstStep, lastStep] = [steps[0], steps.at(-1)];
  if (firstStep === undefined || lastStep === undefined) return [];
  const untilNs = firstStep.startNs;
  const lengthInSteps = createStepClip(steps);
  const sums = new PathSums(trace, tasks.device);
  let task = lastStep.lastTask;
  let atNs = endNs[task];
  const sources = {
    [StartCause.previous]: tasks.previous,
    [StartCause.launch]: launch,
    [StartCause.after]: after,
  } as const;
  let budget = spansPerSlice;
  // Each round goes back to an earlier event; a start at the same time as its cause is still another event.
  for (let isEnd = true; task >= 0 && atNs > untilNs;) {
    if (--budget === 0) {
      yield;
      budget = spansPerSlice;
    }
    if (isEnd) {
      const other = endCause[task];
      const fromNs = other >= 0 ? endNs[other] : startNs[task];
      sums.addTask(task, tasks.span[task], lengthInSteps(fromNs, atNs));
      atNs = fromNs;
      if (other >= 0) task = other;
      else isEnd = false;
      continue;
    }
    const cause = startCause[task] as StartCause;
    const next = cause === StartCause.none ? -1 : sources[cause][task];
    const fromNs = next < 0 ? 0 : cause === StartCause.launch ? startNs[next] : endNs[next];
    sums.addBetween(cause, lengthInSteps(fromNs, atNs));
    atNs = fromNs;
    isEnd = cause !== StartCause.launch;
    task = next;
  }
  return sums.parts();
}

/** Adds up by name and place. */
class PathSums {
  readonly #trace: Trace;
  readonly #device: TaskRange;
  /** By StringId, of the host and of devices. */
  readonly #ofNames = [new Map<number, Sum>(), new Map<number, Sum>()] as const;
  readonly #between = new Map<StartCause, number>();

  constructor(trace: Trace, device: TaskRange) {
    this.#trace = trace;
    this.#device = device;
  }

  addTask(task: number, span: number, ns: number): void {
    if (ns <= 0) return;
    const { name, kind } = this.#trace.spans;
    const sums = this.#ofNames[task >= this.#device.first && task < this.#device.end ? 1 : 0];
    const sum = sums.get(name[span]);
    if (sum === undefined) sums.set(name[span], { kind: kind[span] as SpanKind, ns });
    else sum.ns += ns;
  }

  addBetween(cause: StartCause, ns: number): void {
    if (ns > 0) this.#between.set(cause, (this.#between.get(cause) ?? 0) + ns);
  }

  parts(): readonly PathPart[] {
    const parts = new Map<string, { -readonly [K in keyof PathPart]: PathPart[K] }>();
    for (const [index, sums] of this.#ofNames.entries())
      for (const [id, { kind, ns }] of sums) {
        const text = textOf(this.#trace.strings, id);
        const name = kind === SpanKind.step ? (labelOfStep(text) ?? text) : text;
        const place = index === 1 ? "device" : "host";
        const key = `${place} ${name}`;
        const part = parts.get(key);
        if (part === undefined) parts.set(key, { name, place, kind, ns });
        else part.ns += ns;
      }
    const between = [...this.#between].map(([cause, ns]): PathPart => ({
      name: betweenWords[cause],
      place: "between",
      kind: SpanKind.other,
      ns,
    }));
    return [...parts.values(), ...between];
  }
}

interface Sum {
  readonly kind: SpanKind;
  ns: number;
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
