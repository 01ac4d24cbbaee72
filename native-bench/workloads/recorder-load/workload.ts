import { medianInterval, medianOf } from "../../../traces/measure/median-interval.ts";
import type { ValueRow } from "../../plan/telemetry.ts";
import { nullRecorder, type SpanName, type SpanRecorder } from "../../spans/recorder.ts";
import type { SessionContext, SessionWorkload } from "../workload.ts";
import { recorderLoadFacts } from "./facts.ts";

type Specs = typeof recorderLoadFacts.options;

const slotMs = 10;
/** Of one slot in so many each batch is done once more without a recorder, for comparison. */
const plainEvery = 5;
/** Not compared at first: code that was just compiled runs slower. At most this, or a quarter of a short run. */
const warmUpMs = 1000;
const opsPerBatch = 24;
const tellEveryMs = 1000;
/** Compared slots of the last minute: what is shown while it runs. */
const recentCount = (60 * 1000) / slotMs / plainEvery;

/** What recording costs where it is watched: a steady stream of spans, compared with the same work without them. */
export const recorderLoad: SessionWorkload<Specs> = {
  facts: recorderLoadFacts,
  async run({ options: { rate, seconds, load } }, _open, context) {
    const startedMs = performance.now();
    const slot = createSlot(Math.max(1, Math.round((rate * slotMs) / 1000)), slotMs * load, context.recorder);
    const loadMs = performance.now() - startedMs;
    const costs = createCosts(context);
    const startMs = performance.now();
    const comparedFromMs = startMs + Math.min(warmUpMs, (seconds * 1000) / 4);
    let slots = 0;
    for (; performance.now() - startMs < seconds * 1000; slots++) {
      context.throwIfCancelled();
      if (slots % plainEvery > 0) slot.work();
      else {
        const cost = slot.compare();
        if (performance.now() >= comparedFromMs) costs.add(cost);
      }
      costs.tell((performance.now() - startMs) / 1000, (slots + 1) * slot.spans, seconds);
      const waitMs = startMs + (slots + 1) * slotMs - performance.now();
      // A timer waits a millisecond at least, so a late slot starts at once.
      if (waitMs >= 1) await new Promise((resolve) => void setTimeout(resolve, waitMs));
    }
    const spans = slots * slot.spans;
    costs.showAll(spans);
    return {
      itemsPerStep: spans,
      facts: { spans, ...costs.facts() },
      precision: "float64",
      elapsedMs: performance.now() - startMs,
      loadMs,
      accuracy: null,
    };
  },
};

/** The work of a slot, `spans` of them around it: one of the slot, batches, operations. */
function createSlot(spans: number, workMs: number, recorder: SpanRecorder) {
  const slotName = recorder.name("slot", "phase");
  const batchName = recorder.name("batch", "op");
  const ops: readonly SpanName[] = Array.from({ length: 20 }, (_, index) => recorder.name(`op ${index}`, "op"));
  const batches = Math.ceil((spans - 1) / (opsPerBatch + 1));
  const opCount = spans - 1 - batches;
  const spin = calibrateWork(workMs / Math.max(1, opCount));
  const workBatch = (to: SpanRecorder, from: number, end: number): void => {
    to.begin(batchName);
    to.begin(ops[from % ops.length]);
    spin();
    // One operation follows the other with nothing in between.
    for (let op = from + 1; op < end; op++) {
      to.next(ops[op % ops.length]);
      spin();
    }
    to.end();
    to.end();
  };
  const timeBatch = (to: SpanRecorder, from: number, end: number): number => {
    const startMs = performance.now();
    workBatch(to, from, end);
    return performance.now() - startMs;
  };
  const eachBatch = (visit: (from: number, end: number) => void): void => {
    recorder.begin(slotName);
    for (let op = 0; op < opCount; op += opsPerBatch) visit(op, Math.min(op + opsPerBatch, opCount));
    recorder.end();
  };
  let isPlainFirst = false;
  return {
    spans,
    work: () => eachBatch((from, end) => workBatch(recorder, from, end)),
    /** By the medians over its batches: other programs take the processor from most slots, and from few batches. */
    compare(): SlotCost {
      const ratios: number[] = [];
      const differencesNs: number[] = [];
      eachBatch((from, end) => {
        // Who goes first alternates, so that neither has the warmer caches.
        isPlainFirst = !isPlainFirst;
        const firstMs = timeBatch(isPlainFirst ? nullRecorder : recorder, from, end);
        const secondMs = timeBatch(isPlainFirst ? recorder : nullRecorder, from, end);
        const [plainMs, recordedMs] = isPlainFirst ? [firstMs, secondMs] : [secondMs, firstMs];
        ratios.push(recordedMs / plainMs);
        differencesNs.push(((recordedMs - plainMs) * 1e6) / (end - from + 1));
      });
      return { overheadPercent: (medianOf(ratios) - 1) * 100, spanNs: medianOf(differencesNs) };
    },
  };
}

interface SlotCost {
  readonly overheadPercent: number;
  readonly spanNs: number;
}

/** Arithmetic that takes about as long as asked, ms. */
function calibrateWork(ms: number): () => void {
  const sink = { value: 0 };
  const spin = (rounds: number): void => {
    let x = 1.000_1;
    for (let i = 0; i < rounds; i++) x = x * 1.000_000_1 + 1e-9;
    sink.value += x;
  };
  const probe = 1_000_000;
  // The quickest of several: the others waited for the processor.
  let quickestMs = Infinity;
  for (let i = 0; i < 20; i++) {
    const startMs = performance.now();
    spin(probe);
    quickestMs = Math.min(quickestMs, performance.now() - startMs);
  }
  const rounds = Math.max(1, Math.round((probe * ms) / quickestMs));
  return () => spin(rounds);
}

/** Gathers compared slots, and tells of the newest once a second. */
function createCosts(context: SessionContext) {
  const ratios: number[] = [];
  const differencesNs: number[] = [];
  let toldMs = performance.now();
  let toldCount = 0;
  const row = (label: string, values: readonly number[], unit: string): ValueRow => {
    const interval = medianInterval(values);
    return { label, value: medianOf(values), low: interval?.low ?? null, high: interval?.high ?? null, unit };
  };
  const show = (count: number, recorded: number): void =>
    context.values({
      title: "Cost of recording",
      rows: [
        row("overhead on the work", ratios.slice(-count), "%"),
        row("one span", differencesNs.slice(-count), "ns"),
        { label: "recorded", value: recorded, low: null, high: null, unit: "spans" },
      ],
    });
  return {
    add({ overheadPercent, spanNs }: SlotCost): void {
      ratios.push(overheadPercent);
      differencesNs.push(spanNs);
    },
    tell(second: number, recorded: number, total: number): void {
      const nowMs = performance.now();
      if (nowMs - toldMs < tellEveryMs || ratios.length === toldCount) return;
      toldMs = nowMs;
      context.point("overhead", second, medianOf(ratios.slice(-recentCount)));
      show(recentCount, recorded);
      toldCount = ratios.length;
      const secondsLeft = Math.max(0, total - second);
      context.progress({ done: Math.round(second), total, unit: "s", text: "recording", secondsLeft });
    },
    showAll: (recorded: number) => show(ratios.length, recorded),
    /** Medians over all compared slots, and the 95 % interval of that of the ratios where there are enough of them. */
    facts(): Readonly<Record<string, number>> {
      const interval = medianInterval(ratios);
      return {
        overheadPercent: medianOf(ratios),
        ...(interval !== null && { overheadLowPercent: interval.low, overheadHighPercent: interval.high }),
        spanNs: medianOf(differencesNs),
      };
    },
  };
}
