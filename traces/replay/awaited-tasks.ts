import { isGrouping, isTellingKind } from "../compare/track-roles.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { textOf } from "../model/text-table.ts";
import { endOf, type Trace } from "../model/trace.ts";
import { sortSliced } from "../query/sliced-sort.ts";
import { type Edges, lastEndBefore, longestThreadPauseNs } from "./edges.ts";
import { trackOfSpan } from "../query/rows-of.ts";
import { taskAt, type TaskRange } from "./tasks.ts";

/** What must have ended before tasks end. */
export interface AwaitedTasks {
  /** Of task t: [first[t], first[t + 1]) of the columns. */
  readonly first: Uint32Array;
  readonly task: Int32Array;
  /** How long before. */
  readonly ns: Float64Array;
  /** Whether there are calls that make a stream wait for another, in a trace with several. */
  readonly hasStreamWaits: boolean;
}

/** A wait that finds nothing to wait for. */
const leastWaitNs = 2000;
/** A thread goes on so long after the one that it waits for, in pieces so short that a share of them says little. */
const longestWakeNs = 30_000;

/** Which pieces of threads last as long as something else: waits for a device, and steps while another thread works. */
export function* findAwaited(edges: Edges, trace: Trace, ends: Uint32Array): Sliced<AwaitedTasks> {
  const { tasks } = edges;
  const waits = new Waits(edges);
  yield* linkSyncs(edges, trace, ends, waits);
  linkBlockingCopies(edges, trace, waits);
  yield;
  for (const range of tasks.threads.values()) {
    if (range !== tasks.main) linkHelper(edges, trace, range, waits);
    yield;
  }
  return { ...waits.columns(), hasStreamWaits: hasStreamWaits(edges, trace) };
}

function hasStreamWaits({ tasks: { span, device, threads } }: Edges, trace: Trace): boolean {
  if (
    device.end === device.first ||
    trackOfSpan(trace, span[device.first]) === trackOfSpan(trace, span[device.end - 1])
  )
    return false;
  const names = new Set<number>();
  for (const { first, end } of threads.values())
    for (let task = first; task < end; task++)
      if (trace.spans.kind[span[task]] === SpanKind.sync) names.add(trace.spans.name[span[task]]);
  return [...names].some((name) => streamWait.test(textOf(trace.strings, name)));
}

/** The host goes on: it is a stream that waits. */
const streamWait = /wait_?event|event_?wait/i;

class Waits {
  readonly #edges: Edges;
  /** Of tasks that wait for something. */
  readonly #others = new Map<number, number[]>();

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  /** The task ends not before the other one, and takes at least so long by itself. */
  add(task: number, other: number, leastNs: number): void {
    const { tasks, workNs } = this.#edges;
    const others = this.#others.get(task);
    if (others === undefined) this.#others.set(task, [other]);
    else if (!others.includes(other)) others.push(other);
    if (tasks.endNs[other] > tasks.startNs[task]) workNs[task] = Math.min(workNs[task], leastNs);
  }

  /** When the last of what a task is known to wait for ends. */
  endOf(task: number): number {
    const { endNs } = this.#edges.tasks;
    return Math.max(...(this.#others.get(task) ?? []).map((other) => endNs[other]));
  }

  columns(): Pick<AwaitedTasks, "first" | "task" | "ns"> {
    const { tasks } = this.#edges;
    const first = new Uint32Array(tasks.count + 1);
    for (const [task, others] of this.#others) first[task + 1] = others.length;
    for (let task = 0; task < tasks.count; task++) first[task + 1] += first[task];
    const columns = { first, task: new Int32Array(first[tasks.count]), ns: new Float64Array(first[tasks.count]) };
    for (const [task, others] of this.#others) {
      // How long it takes to go on is seen of the last one alone.
      const sinceNs = tasks.endNs[task] - this.endOf(task);
      const onNs = sinceNs < tasks.endNs[task] - tasks.startNs[task] ? sinceNs : Math.min(sinceNs, leastWaitNs);
      others.forEach((other, i) => {
        columns.task[first[task] + i] = other;
        columns.ns[first[task] + i] = onNs;
      });
    }
    return columns;
  }
}

/** Waits for a device: for all that was launched before, for a stream, or for what ends within them. */
function* linkSyncs(edges: Edges, trace: Trace, ends: Uint32Array, waits: Waits): Sliced<void> {
  const { tasks, launch } = edges;
  const { startNs, device } = tasks;
  const launched = Uint32Array.from({ length: device.end - device.first }, (_, i) => device.first + i).filter(
    (task) => launch[task] >= 0,
  );
  const byLaunch = yield* sortSliced(launched, (a, b) => startNs[launch[a]] - startNs[launch[b]] || a - b);
  for (const range of tasks.threads.values()) {
    yield* linkSyncsOf(range, { edges, trace, ends, byLaunch }, waits);
    yield;
  }
}

interface SyncSources {
  readonly edges: Edges;
  readonly trace: Trace;
  /** Device tasks by their ends, and those with a launch by its start. */
  readonly ends: Uint32Array;
  readonly byLaunch: Uint32Array;
}

function* linkSyncsOf(range: TaskRange, sources: SyncSources, waits: Waits): Sliced<void> {
  const { edges, trace, byLaunch } = sources;
  const { tasks, launch } = edges;
  const { startNs, span } = tasks;
  /** The last work of each stream that was launched so far. */
  const lasts = new Map<number, number>();
  let ownStream = -1;
  let next = 0;
  let budget = spansPerSlice;
  for (let task = range.first; task < range.end; task++) {
    const about = whatIsAwaited(trace, span[task]);
    if (--budget === 0) {
      yield;
      budget = spansPerSlice;
    }
    if (about === "nothing") continue;
    for (; next < byLaunch.length && startNs[launch[byLaunch[next]]] < startNs[task]; next++) {
      const work = byLaunch[next];
      const stream = trackOfSpan(trace, span[work]).id;
      lasts.set(stream, work);
      if (launch[work] >= range.first && launch[work] < range.end) ownStream = stream;
    }
    const others = awaitedBy(task, about, { lasts, own: lasts.get(ownStream) ?? -1 }, sources);
    for (const other of others) waits.add(task, other, leastWaitNs);
  }
}

function awaitedBy(
  task: number,
  about: "device" | "stream" | "something",
  { lasts, own }: { readonly lasts: ReadonlyMap<number, number>; readonly own: number },
  { edges: { tasks }, ends }: SyncSources,
): readonly number[] {
  const { startNs, endNs } = tasks;
  const isOver = (work: number): boolean => work >= 0 && endNs[work] <= endNs[task];
  const isSeen = (work: number): boolean => isOver(work) && endNs[work] > startNs[task];
  const last = lastEndBefore(tasks, ends, endNs[task]);
  const seen = isSeen(last) ? [last] : [];
  if (about === "device") return [...[...lasts.values()].filter(isOver), ...seen];
  // Of a stream nothing but the last work of the thread tells which; what ends within the call tells more.
  if (about === "stream" && (isSeen(own) || (isOver(own) && seen.length === 0))) return [own];
  return seen;
}

/** What a call waits for, by its name; "something": what ends within it. */
function whatIsAwaited({ spans, strings }: Trace, span: number): "nothing" | "device" | "stream" | "something" {
  if (spans.kind[span] !== SpanKind.sync) return "nothing";
  const name = textOf(strings, spans.name[span]);
  if (streamWait.test(name)) return "nothing";
  if (/event/i.test(name)) return "something";
  if (/stream/i.test(name)) return "stream";
  return /device|context|ctx/i.test(name) ? "device" : "something";
}

/** A call that copies and returns when that is done: the copy ends within the span that launched it. */
function linkBlockingCopies({ tasks, launch }: Edges, trace: Trace, waits: Waits): void {
  const { endNs, startNs, span, device } = tasks;
  for (let task = device.first; task < device.end; task++) {
    const kind = trace.spans.kind[span[task]];
    const caller = launch[task];
    if (caller < 0 || (kind !== SpanKind.deviceToHost && kind !== SpanKind.hostToDevice)) continue;
    const callEndNs = endOf(trace.spans, span[caller]);
    if (endNs[task] > callEndNs) continue;
    // Spans below the call may cut it into pieces; the last one waits.
    let last = caller;
    while (last + 1 < tasks.count && span[last + 1] === span[caller] && startNs[last + 1] < callEndNs) last++;
    if (endNs[last] >= endNs[task] && startNs[last] < endNs[task]) waits.add(last, task, leastWaitNs);
  }
}

/**
 * While the main thread is within one piece of a span and another thread works nearly to its end, it waits for that
 * thread: the backward pass of PyTorch, below a step or, where Python is traced, below the call that began it.
 */
function linkHelper({ tasks }: Edges, trace: Trace, helper: TaskRange, waits: Waits): void {
  const { startNs, endNs, span, main } = tasks;
  const within = new Map<number, { readonly first: number; last: number }>();
  for (let task = helper.first; task < helper.end; task++) {
    const holder = taskAt(tasks, main, startNs[task]);
    if (holder < 0 || endNs[holder] < endNs[task] || isTellingKind(trace.spans.kind[span[holder]])) continue;
    const found = within.get(holder);
    if (found === undefined) within.set(holder, { first: task, last: task });
    else found.last = task;
  }
  for (const [holder, { first, last }] of within) {
    const duration = endNs[holder] - startNs[holder];
    const isFilled =
      endNs[last] - startNs[first] >= duration / 2 &&
      endNs[holder] - endNs[last] <= Math.max(duration / 10, longestWakeNs);
    // A thread that was at work before the span began, and goes on behind it, works for itself.
    const isCalled =
      isGrouping(trace.spans.kind[span[holder]]) ||
      (standsStill(tasks, helper, first) && standsStill(tasks, helper, last + 1));
    if (isFilled && isCalled && endNs[last] > waits.endOf(holder))
      waits.add(holder, last, startNs[first] - startNs[holder]);
  }
}

/** Whether a thread has nothing to do before a task, or at its end. */
function standsStill({ startNs, endNs }: Edges["tasks"], { first, end }: TaskRange, task: number): boolean {
  return task === first || task === end || startNs[task] - endNs[task - 1] > longestThreadPauseNs;
}
