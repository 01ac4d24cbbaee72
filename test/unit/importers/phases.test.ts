import { describe, expect, it } from "vitest";
import { textOf } from "../../../traces/model/text-table.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { at, droppedOf, importContent, importEvents, noteOf } from "./import-text.ts";

describe("complete events", () => {
  it("nests spans of one thread by time, whatever their order in the file", async () => {
    const trace = await importEvents([at("X", "child", 2, { dur: 3 }), at("X", "parent", 1, { dur: 9 })]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      thread thread 2
        parent other @0 +9000 self 6000
          child other @1000 +3000 self 3000"
    `);
    expect(noteOf(trace, "inversions")?.count).toBe(1);
  });

  it("keeps an event without dur as an open-ended span", async () => {
    const trace = await importEvents([at("X", "open", 1), at("X", "closed", 2, { dur: 3 })]);
    expect(dumpTrace(trace)).toContain("open other @0 +4000 self 1000 open");
    expect(noteOf(trace, "openEnded")?.count).toBe(1);
  });

  it("keeps both times of spans that overlap, on two lanes", async () => {
    const trace = await importEvents([at("X", "a", 0, { dur: 10 }), at("X", "b", 5, { dur: 10 })]);
    expect(dumpTrace(trace)).toContain("a other @0 +10000 self 10000\n  b other @5000 +10000 self 10000 lane 1");
    expect(noteOf(trace, "overlaps")?.count).toBe(1);
  });

  it("makes one track per pid and tid", async () => {
    const trace = await importEvents([
      { ph: "X", pid: 1, tid: 7, ts: 0, dur: 1, name: "a" },
      { ph: "X", pid: 2, tid: 7, ts: 0, dur: 1, name: "b" },
      { ph: "X", pid: "1", tid: "7", ts: 5, dur: 1, name: "same as the first" },
      { ph: "X", pid: -1, tid: "stream 7", ts: 5, dur: 1, name: "text" },
      { ph: "X", pid: 3, ts: 5, dur: 1, name: "tid is pid" },
      { ph: "X", ts: 5, dur: 1, name: "neither" },
    ]);
    expect(
      trace.tracks.filter((track) => track.kind === "thread").map((track) => [track.detail, track.spanCount]),
    ).toEqual([
      ["tid 7", 2],
      ["tid 7", 1],
      ["tid stream 7", 1],
      ["tid 3", 1],
      ["tid 0", 1],
    ]);
  });

  it("keeps ids of 64 bits digit by digit", async () => {
    const trace = await importContent(
      '[{"ph":"X","pid":10159970886766084423,"tid":-9223372036854775808,"ts":0,"dur":1,"name":"a"}]',
    );
    expect(trace.tracks.map((track) => track.detail)).toEqual(["pid 10159970886766084423", "tid -9223372036854775808"]);
  });

  it("takes the last of equal keys", async () => {
    const trace = await importContent('[{"ph":"X","ts":1,"name":"a","ts":5.5,"name":"b","dur":1,"dur":2}]');
    expect(dumpTrace(trace)).toContain("b other @0 +2000");
    expect(trace.meta.originClockNs).toBe(5500n);
  });

  it("judges a phase of several letters by the first", async () => {
    expect(dumpTrace(await importEvents([at("XXX", "a", 5.1, { dur: 500.1 })]))).toContain("a other @0 +500100");
  });
});

describe("begin and end events", () => {
  it("pairs by name, innermost first", async () => {
    const trace = await importEvents([
      at("B", "a", 0),
      at("B", "a", 1),
      at("B", "b", 2),
      at("E", "b", 3),
      at("E", "a", 4),
      at("E", "a", 9),
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      thread thread 2
        a other @0 +9000 self 6000
          a other @1000 +3000 self 2000
            b other @2000 +1000 self 1000"
    `);
  });

  it("sorts by time before it pairs", async () => {
    const trace = await importEvents([at("E", "a", 9), at("B", "a", 1)]);
    expect(dumpTrace(trace)).toContain("a other @0 +8000");
  });

  it("closes the span of the name below the top and counts it", async () => {
    const trace = await importEvents([at("B", "a", 0), at("B", "b", 1), at("E", "a", 5), at("E", "b", 6)]);
    expect(dumpTrace(trace)).toContain("a other @0 +5000");
    expect(noteOf(trace, "endBelowTop")?.count).toBe(1);
    expect(noteOf(trace, "endNameDiffers")).toBeUndefined();
  });

  it("pairs an end with a begin of its name that follows at the same time", async () => {
    const trace = await importEvents([at("B", "a", 0), at("E", "c", 2), at("B", "c", 2), at("E", "a", 9)]);
    expect(dumpTrace(trace)).toContain("c other @2000 +0");
    expect(noteOf(trace, "endBeforeBegin")?.count).toBe(1);
  });

  it("closes the top with an end of another name and counts it", async () => {
    const trace = await importEvents([
      at("B", "alpha", 0),
      at("B", "beta", 1),
      at("E", "gamma", 5),
      at("E", "delta", 5),
      at("E", "beta", 13),
    ]);
    expect(dumpTrace(trace)).toContain("alpha other @0 +5000 self 1000\n    beta other @1000 +4000");
    expect(noteOf(trace, "endNameDiffers")?.count).toBe(2);
    expect(droppedOf(trace, "endUnmatched")?.count).toBe(1);
  });

  it("closes the top with an end that has no name, without a word", async () => {
    const trace = await importEvents([at("B", "a", 0), at("E", undefined, 3)]);
    expect(dumpTrace(trace)).toContain("a other @0 +3000");
    expect(trace.meta.ledger.outcome).toBe("ok");
  });

  it("nests spans and pairs of equal times in the order of the file", async () => {
    const pair = (name: string, ts: number): object[] => [at("B", name, ts), at("E", name, ts + 5e6)];
    const complete = (name: string, ts: number): object => at("X", name, ts, { dur: 5e6 });
    const trace = await importEvents([
      ...pair("a", 0),
      complete("b", 0),
      complete("c", 1e7),
      ...pair("d", 1e7),
      complete("e", 1e7),
      at("B", "f", 2e7),
      at("X", "g", 2e7, { dur: 2 }),
      at("E", "f", 2e7 + 2),
      complete("h", 3e7),
    ]);
    const { strings, spans } = trace;
    expect(Array.from(spans.name as Uint16Array, (name) => textOf(strings, name)).join("")).toBe("abcdefgh");
    expect(Array.from(spans.depth as Uint8Array)).toEqual([0, 1, 0, 1, 2, 0, 1, 0]);
  });

  it("keeps begins that stay open, and equal times in file order", async () => {
    const trace = await importEvents([
      at("B", "a", 0),
      at("B", "b", 0),
      at("E", "b", 0),
      at("X", "end", 8, { dur: 2 }),
    ]);
    expect(dumpTrace(trace)).toContain("a other @0 +10000 self 8000 open\n    b other @0 +0");
  });
});

describe("instants", () => {
  it("reads scopes of i, I and R", async () => {
    const trace = await importEvents([at("i", "t", 0), at("I", "g", 1, { s: "g" }), at("R", "p", 2, { s: "p" })]);
    expect(
      [...Array(3).keys()].map((i) => [textOf(trace.strings, trace.instants.name[i]), trace.instants.scope[i]]),
    ).toEqual([
      ["t", 0],
      ["g", 2],
      ["p", 1],
    ]);
    expect(trace.meta.ledger.instants).toBe(3);
  });

  it("puts an instant of a process without a tid on the process", async () => {
    const trace = await importEvents([{ ph: "I", s: "p", pid: 9, ts: 1, name: "mark" }]);
    expect(trace.tracks.map((track) => [track.kind, track.instantCount])).toEqual([["process", 1]]);
  });

  it("keeps objects and clock marks as instants", async () => {
    const trace = await importEvents([
      at("N", "obj", 0, { id: "0x1" }),
      at("O", "obj", 1, { id: "0x1" }),
      at("D", "obj", 2, { id: "0x1" }),
      at("c", "sync", 3),
    ]);
    expect(trace.meta.ledger.instants).toBe(4);
  });
});

describe("counters", () => {
  it("makes a series of every numeric argument", async () => {
    const trace = await importEvents([
      at("C", "mem", 0, { args: { used: 1, free: 2.5 } }),
      at("C", "mem", 1, { args: { used: 3 } }),
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      counter mem used
        # @0 = 1
        # @1000 = 3
      counter mem free
        # @0 = 2.5"
    `);
    expect(trace.meta.ledger.counterEvents).toBe(2);
  });

  it("takes numeric strings and rejects what only looks like one", async () => {
    const args = { a: ".75", b: "246.", c: "01.23", d: "050", e: "1.5e", f: "2e+", g: ".", h: "+10.5", i: "+", j: "-" };
    const trace = await importEvents([at("C", "c", 0, { args })]);
    expect(Array.from({ length: trace.counters.length }, (_, i) => trace.counters.value[i])).toEqual([
      0.75, 246, 1.23, 50, 10.5,
    ]);
    expect(noteOf(trace, "counterValues")?.count).toBe(5);
  });

  it("keeps counters of different ids apart and drops events without a number", async () => {
    const trace = await importEvents([
      at("C", "c", 0, { id: "a", args: { value: 1 } }),
      at("C", "c", 0, { id: "b", args: { value: 2 } }),
      at("C", "c", 1, { args: {} }),
      at("C", "c", 1),
    ]);
    expect(trace.tracks.filter((track) => track.kind === "counter").map((track) => track.name)).toEqual([
      "c [a]",
      "c [b]",
    ]);
    expect(droppedOf(trace, "counterWithoutValue")?.count).toBe(2);
  });
});

describe("metadata", () => {
  it("names processes and threads, last one wins, whatever its time", async () => {
    const trace = await importEvents([
      at("X", "a", 1, { dur: 1 }),
      { ph: "M", pid: 1, name: "process_name", args: { name: "old" } },
      { ph: "M", pid: 1, ts: null, name: "process_name", args: { name: "python" } },
      { ph: "M", pid: 1, ts: "invalid", name: "process_labels", args: { labels: "CPU" } },
      { ph: "M", pid: 1, tid: 2, name: "thread_name", args: { name: "main" } },
      { ph: "M", pid: 1, tid: 2, name: "thread_sort_index", args: { sort_index: -5 } },
      { ph: "M", pid: 1, name: "process_sort_index", args: { sort_index: 12 } },
    ]);
    expect(trace.tracks.map(({ name, sortIndex }) => [name, sortIndex])).toEqual([
      ["python 1 · CPU", 12],
      ["main 2", -5],
    ]);
    expect(trace.meta.ledger.metadata).toBe(6);
  });

  it("makes no track of processes that only have a name", async () => {
    const trace = await importEvents([{ ph: "M", pid: 8, name: "process_name", args: { name: "idle" } }]);
    expect(trace.tracks).toEqual([]);
  });

  it("ignores the empty object that closes a file", async () => {
    const trace = await importEvents([at("X", "a", 1, { dur: 1 }), {}]);
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 2, metadata: 1, outcome: "ok" });
  });

  it("shows what the scheduler did with threads on tracks beside them", async () => {
    const state = (name: string, ts: number, rest: object): object =>
      at("T", name, ts, { cat: "thread_state", ...rest });
    const trace = await importEvents([
      state("Running", 1, { dur: 5 }),
      state("S", 6, { dur: 10, args: { io_wait: 0 } }),
      at("X", "work", 1, { dur: 5 }),
      state("D", 16, {}),
      state("R", 16, { dur: "x" }),
      { ph: "M", name: "thread_name", pid: 1, tid: 2, args: { name: "main" } },
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      thread main 2 (states)
        Running other @0 +5000 self 5000
        S other @5000 +10000 self 10000
      thread main 2
        work other @0 +5000 self 5000"
    `);
    expect(trace.meta.ledger.dropped.map(({ code, count }) => [code, count])).toEqual([
      ["asyncWithoutId", 1],
      ["badTime", 1],
    ]);
  });

  it("counts unknown phases and events without one", async () => {
    const trace = await importEvents([at("?", "a", 1), { name: "b", ts: 1 }, null, 7, "text", [1, 2]]);
    expect(trace.meta.ledger.dropped.map(({ code, count }) => [code, count])).toEqual([
      ["unknownPhases", 1],
      ["withoutPhase", 1],
      ["notAnEvent", 4],
    ]);
  });
});
