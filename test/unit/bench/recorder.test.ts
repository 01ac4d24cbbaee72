import { describe, expect, test } from "vitest";
import { allocatePlain } from "../../../traces/model/column.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { ledgerBalance } from "../../../traces/model/ledger-book.ts";
import { calibrateSpanCost } from "../../../native-bench/spans/calibrate.ts";
import { createRunClock, startClock } from "../../../native-bench/spans/clock.ts";
import { createColumnRecorder, type ColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import { blockRows, copyRows, createBlock, startRound } from "../../../native-bench/spans/record-block.ts";
import { nullRecorder } from "../../../native-bench/spans/recorder.ts";
import { createRecordings, type Recordings } from "../../../native-bench/spans/recordings.ts";
import { durationOf, flagsOf, sourceOffsetOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { textOf, textsOf } from "../../../traces/model/text-table.ts";

const description = { name: "run", format: "live-run", formatLabel: "Live run", facts: [] };

/** A recorder whose clock is set by the test, ns. */
function createSubject(maxRows?: number): {
  readonly recorder: ColumnRecorder;
  readonly recordings: Recordings;
  at(nowNs: number): ColumnRecorder;
  toTrace(partial?: boolean): Trace;
} {
  const recordings = createRecordings({ monotonicNs: 1_000n, unixNs: 5_000n });
  let nowNs = 0;
  const recorder = createColumnRecorder({
    track: 3,
    name: "main",
    clock: () => nowNs,
    tell: (message) => recordings.take(message),
    ...(maxRows !== undefined && { maxRows }),
  });
  return {
    recorder,
    recordings,
    at(time) {
      nowNs = time;
      return recorder;
    },
    toTrace: (partial = false) => recordings.toTrace(description, { allocate: allocatePlain, partial }),
  };
}

describe("the column recorder", () => {
  test("nests spans as calls do and keeps their kinds", () => {
    const { recorder, at, toTrace } = createSubject();
    const step = recorder.name("step", "step");
    const run = recorder.name("run", "op");
    at(10).begin(step);
    at(20).begin(run);
    at(50).end();
    at(60).end();
    const trace = toTrace();
    assertSealed(trace);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "thread main
        step step @0 +50 self 20
          run op @10 +30 self 30"
    `);
  });

  test("shows open spans to the end of a trace that still grows", () => {
    const { recorder, at, toTrace } = createSubject();
    at(0).begin(recorder.name("fit", "phase"));
    at(100).begin(recorder.name("pass", "op"));
    at(300).end();
    const trace = toTrace(true);
    expect(flagsOf(trace.spans, 0) & SpanFlag.openEnded).toBe(SpanFlag.openEnded);
    expect(trace.meta.durationNs).toBe(300);
    expect(trace.meta.partial).toBe(true);
  });

  test("ends a span and begins the next one beside it at the same instant", () => {
    const { recorder, at, toTrace } = createSubject();
    const [step, run] = [recorder.name("step", "step"), recorder.name("run", "op")];
    at(10).begin(step);
    at(20).begin(run);
    at(50).next(run);
    at(55).end();
    at(60).next(step);
    at(80).end();
    expect(dumpTrace(toTrace())).toMatchInlineSnapshot(`
      "thread main
        step step @0 +50 self 15
          run op @10 +30 self 30
          run op @40 +5 self 5
        step step @50 +20 self 20"
    `);
    expect(() => at(90).next(run)).toThrow("a span ends that did not begin");
  });

  test("ends a span in its block when the next one opens another, however old that block is", () => {
    const { recorder, at, toTrace } = createSubject(2 * blockRows);
    const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
    at(0).begin(outer);
    for (let i = 1; i < blockRows; i++) recorder.add(inner, i, i + 1);
    at(blockRows).next(outer);
    for (let i = 1; i < 3 * blockRows; i++) recorder.add(inner, blockRows + i, blockRows + i + 1);
    at(5 * blockRows).next(outer);
    at(6 * blockRows).end();
    const { spans, strings } = toTrace();
    const outers = Array.from(spans.startNs, (startNs, span) => ({ startNs, span }))
      .filter(({ span }) => textOf(strings, spans.name[span]) === "outer")
      .map(({ startNs, span }) => [startNs, durationOf(spans, span)]);
    expect(outers).toEqual([
      [0, blockRows],
      [blockRows, 4 * blockRows],
      [5 * blockRows, blockRows],
    ]);
  });

  test("shows a row only when it is written", () => {
    const recordings = createRecordings({ monotonicNs: 0n, unixNs: 0n });
    const shown: number[] = [];
    const rowsShown = (): number => recordings.findBlock(3, 0)?.block.head[0] ?? Number.NaN;
    const recorder = createColumnRecorder({
      track: 3,
      name: "main",
      // The last that is known of a row.
      clock: () => shown.push(rowsShown()),
      tell: (message) => recordings.take(message),
    });
    const name = recorder.name("op");
    recorder.begin(name);
    expect(rowsShown()).toBe(1);
    recorder.next(name);
    expect(rowsShown()).toBe(2);
    recorder.end();
    expect(shown).toEqual([0, 1, 2]);
  });

  test("keeps the nesting when a span ends in a later block than it began", () => {
    const { recorder, at, toTrace } = createSubject();
    const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
    at(0).begin(outer);
    for (let i = 0; i < blockRows + 10; i++) {
      at(2 * i + 1).begin(inner);
      at(2 * i + 2).end();
    }
    at(3 * blockRows).end();
    const trace = toTrace();
    assertSealed(trace);
    expect(trace.spans.length).toBe(blockRows + 11);
    expect(trace.spans.packedDurationNs[0]).toBe(3 * blockRows);
    expect(Math.max(...(trace.spans.depth as Uint16Array))).toBe(1);
  });

  test("keeps the newest rows and counts the others, in a ledger that closes", () => {
    const { recorder, at, toTrace } = createSubject(2 * blockRows);
    const name = recorder.name("span");
    const spans = 5 * blockRows + 8;
    for (let i = 0; i < spans; i++) {
      at(2 * i).begin(name);
      at(2 * i + 1).end();
    }
    const trace = toTrace();
    assertSealed(trace);
    const { ledger, originClockNs } = trace.meta;
    const lost = 4 * blockRows;
    expect(recorder.lostCount).toBe(lost);
    expect(ledger.dropped).toMatchObject([{ code: "overwritten", count: lost }]);
    expect(ledger.spans).toBe(spans - lost);
    expect(ledger.eventsRead).toBe(ledgerBalance(ledger).accounted);
    expect(originClockNs).toBe(1_000n + BigInt(2 * lost));
  });

  test("moves spans that are still open out of what is overwritten", () => {
    const { recorder, recordings, at, toTrace } = createSubject(2 * blockRows);
    const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
    at(0).begin(outer);
    at(1).begin(outer);
    const inside = 7 * blockRows;
    for (let i = 1; i <= inside; i++) {
      at(2 * i).begin(inner);
      at(2 * i + 1).end();
    }
    recorder.note("after", 1);
    expect(flagsOf(toTrace(true).spans, 1) & SpanFlag.openEnded).toBe(SpanFlag.openEnded);
    at(2 * inside + 2).end();
    at(2 * inside + 3).end();
    const trace = toTrace();
    assertSealed(trace);
    expect(textOf(trace.strings, trace.spans.name[1])).toBe("outer");
    expect([trace.spans.packedDurationNs[0], trace.spans.packedDurationNs[1]]).toEqual([
      2 * inside + 3,
      2 * inside + 1,
    ]);
    expect(trace.meta.ledger.dropped).toMatchObject([{ code: "overwritten", count: recorder.lostCount }]);
    expect(trace.spans.length + recorder.lostCount).toBe(inside + 2);
    expect(recordings.notesOf(sourceOffsetOf(trace.spans, 1))).toEqual([["after", "1"]]);
  });

  test("shows the newest rows and all open spans while it runs, and counts the older ones", () => {
    const { recorder, at, toTrace } = createSubject();
    const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
    at(0).begin(outer);
    const inside = 20 * blockRows;
    for (let i = 1; i <= inside; i++) {
      at(2 * i).begin(inner);
      at(2 * i + 1).end();
    }
    const { spans, meta } = toTrace(true);
    expect(meta.ledger.dropped).toMatchObject([{ code: "olderRows" }]);
    expect(spans.length).toBeGreaterThan(7 * blockRows);
    expect(spans.length).toBeLessThan(9 * blockRows);
    expect(meta.ledger.eventsRead).toBe(ledgerBalance(meta.ledger).accounted);
    expect(spans.packedDurationNs[0]).toBe(2 * inside + 1);
    // Blocks 0 to 12 of 21 are left out; the outer span took the first row.
    expect(meta.completeFromNs).toBe(2 * 13 * blockRows);
    expect(toTrace().spans.length).toBe(inside + 1);
    expect(toTrace().meta.completeFromNs).toBeUndefined();
  });

  test("a reader does not take rows that are being overwritten", () => {
    const [block, copy] = [createBlock(), createBlock()];
    block.a[0] = 5;
    Atomics.store(block.head, 0, 1);
    expect(copyRows(block, 0, copy)).toBe(1);
    expect(copy.a[0]).toBe(5);
    startRound(block);
    expect(copyRows(block, 0, copy)).toBeNull();
    expect(copyRows(block, 1, copy)).toBe(0);
  });

  test("gives notes back with the span they were made in", () => {
    const { recorder, recordings, at, toTrace } = createSubject();
    at(0).begin(recorder.name("iteration", "step"));
    recorder.note("cost", 1.5);
    at(1).begin(recorder.name("pass", "op"));
    recorder.note("kind", "full");
    at(2).end();
    recorder.note("accepted", "yes");
    at(3).end();
    recorder.note("outside", 1);
    const { spans } = toTrace();
    expect(recordings.notesOf(sourceOffsetOf(spans, 0))).toEqual([
      ["cost", "1.5"],
      ["accepted", "yes"],
    ]);
    expect(recordings.notesOf(sourceOffsetOf(spans, 1))).toEqual([["kind", "full"]]);
  });

  test("draws counters beside its track and counts their samples", () => {
    const { recorder, at, toTrace } = createSubject();
    const memory = recorder.counter("memory");
    for (const [time, value] of [
      [5, 100],
      [9, 80],
    ] as const) {
      at(time);
      recorder.sample(memory, value);
    }
    const trace = toTrace();
    const counter = trace.tracks.find(({ kind }) => kind === "counter");
    expect(counter?.name).toBe("memory");
    expect(Array.from(trace.counters.value as Float64Array)).toEqual([100, 80]);
    expect(trace.meta.ledger.counterSamples).toBe(2);
  });

  test("refuses an end without a begin, and closes what an error left open", () => {
    const { recorder } = createSubject();
    expect(() => recorder.end()).toThrow("a span ends that did not begin");
    recorder.begin(recorder.name("step"));
    recorder.begin(recorder.name("run"));
    recorder.unwind(0);
    expect(recorder.depth).toBe(0);
    expect(() =>
      recorder.span(recorder.name("body"), () => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(recorder.depth).toBe(0);
  });

  test("leaves rows for the next trace whose names have not come yet", () => {
    const recordings = createRecordings({ monotonicNs: 0n, unixNs: 0n });
    const late: (() => void)[] = [];
    const recorder = createColumnRecorder({
      track: 0,
      name: "main",
      clock: () => 1,
      tell: (message) =>
        message.kind === "name" ? late.push(() => recordings.take(message)) : recordings.take(message),
    });
    recorder.span(recorder.name("run", "op"), () => undefined);
    const count = (): number =>
      recordings.toTrace(description, { allocate: allocatePlain, partial: true }).spans.length;
    expect(count()).toBe(0);
    for (const take of late) take();
    expect(count()).toBe(1);
  });
});

describe("the clock of a run", () => {
  test("clocks made at different times read the same instant alike, to the nanosecond", () => {
    const origin = startClock();
    const clocks = Array.from({ length: 3 }, () => createRunClock(origin));
    const times: number[] = [];
    for (let round = 0; round < 50; round++) for (const clock of clocks) times.push(clock());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((time) => Number.isInteger(time))).toBe(true);
  });

  test("is exact however long the machine has been on", () => {
    const monotonicNs = 2n ** 60n + 2n ** 32n - 3n;
    const clock = createRunClock({ monotonicNs, unixNs: 0n }, () => monotonicNs + 1_000_000_007n);
    expect(clock()).toBe(1_000_000_007);
    const early = createRunClock({ monotonicNs, unixNs: 0n }, () => monotonicNs + 2n);
    expect(early()).toBe(2);
    const late = createRunClock({ monotonicNs, unixNs: 0n }, () => monotonicNs + 2n ** 52n + 1n);
    expect(late()).toBe(2 ** 52 + 1);
  });
});

test("the cost of a span is measured, not assumed", () => {
  const costNs = calibrateSpanCost();
  expect(costNs).toBeGreaterThan(1);
  expect(Number.isFinite(costNs)).toBe(true);
});

test("the null recorder runs what it is given and keeps nothing", async () => {
  const name = nullRecorder.name("span");
  expect(nullRecorder.span(name, () => 7)).toBe(7);
  expect(await nullRecorder.spanAsync(name, () => Promise.resolve(8))).toBe(8);
  expect(nullRecorder.isRecording).toBe(false);
});

test("a text keeps its number from one trace to the next, whichever recorder brought more", () => {
  const { recorder, recordings, toTrace } = createSubject();
  const other = createColumnRecorder({
    track: 4,
    name: "blocks",
    clock: () => 1,
    tell: (message) => recordings.take(message),
  });
  recorder.begin(recorder.name("first"));
  other.add(other.name("read"), 1, 2);
  const before = textsOf(toTrace(true).strings);
  recorder.begin(recorder.name("second"));
  const after = textsOf(toTrace(true).strings);
  expect(before.length).toBeGreaterThan(2);
  expect(after.slice(0, before.length)).toEqual(before);
});
