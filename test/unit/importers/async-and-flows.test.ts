import { describe, expect, it } from "vitest";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { at, droppedOf, importEvents, noteOf } from "./import-text.ts";

describe("asynchronous events", () => {
  it("keeps the spans of one id together on the first free lane", async () => {
    const b = (name: string, id: string, ts: number, ph = "b"): object => at(ph, name, ts, { cat: "net", id });
    const trace = await importEvents([
      b("one", "1", 0),
      b("inner", "1", 2),
      b("two", "2", 1),
      b("inner", "1", 4, "e"),
      b("one", "1", 9, "e"),
      b("two", "2", 5, "e"),
      b("three", "3", 6),
      b("three", "3", 20, "e"),
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      async async net
        one other @0 +9000 self 7000
        two other @1000 +4000 self 4000 lane 1
          inner other @2000 +2000 self 2000
        three other @6000 +14000 self 14000 lane 1"
    `);
  });

  it("tells numbers from texts as ids, and scopes apart", async () => {
    const trace = await importEvents([
      at("b", "a", 0, { cat: "c", id: 1 }),
      at("e", "a", 5, { cat: "c", id: "0x1" }),
      at("b", "a", 1, { cat: "c", id: 2, scope: "s" }),
      at("e", "a", 6, { cat: "c", id: 2 }),
    ]);
    expect(droppedOf(trace, "asyncEndUnmatched")?.count).toBe(2);
    expect(noteOf(trace, "openEnded")?.count).toBe(2);
  });

  it("keeps local ids of two processes apart and joins global ones", async () => {
    const e = (ph: string, pid: number, ts: number, id2: object): object => ({
      ph,
      pid,
      tid: 1,
      ts,
      name: "w",
      cat: "c",
      id2,
    });
    const trace = await importEvents([
      e("b", 1, 0, { local: 1 }),
      e("e", 2, 5, { local: 1 }),
      e("b", 1, 10, { global: "0x2" }),
      e("e", 2, 15, { global: "0x2" }),
    ]);
    expect(droppedOf(trace, "asyncEndUnmatched")?.count).toBe(1);
    expect(dumpTrace(trace)).toContain("w other @10000 +5000");
  });

  it("nests old asynchronous events like brackets and keeps their steps", async () => {
    const s = (ph: string, ts: number): object => at(ph, "op", ts, { cat: "c", id: 1 });
    const trace = await importEvents([s("S", 0), s("S", 1), s("T", 2), s("F", 3), s("F", 9), s("F", 10)]);
    expect(dumpTrace(trace)).toContain("op other @0 +9000 self 7000\n    op other @1000 +2000");
    expect(trace.meta.ledger).toMatchObject({ spans: 2, instants: 1, foldedIn: 2 });
    expect(droppedOf(trace, "asyncEndUnmatched")?.count).toBe(1);
  });

  it("drops and counts events without an id or a category", async () => {
    const trace = await importEvents([
      at("b", "a", 0, { id: 1 }),
      at("b", "a", 0, { cat: "c" }),
      at("b", "a", 0, { cat: "c", id: "" }),
      at("S", "a", 0, { cat: "c" }),
    ]);
    expect(droppedOf(trace, "asyncWithoutId")?.count).toBe(4);
  });
});

describe("flows", () => {
  it("binds to the span around the end, or to the next one without bp", async () => {
    const flow = (ph: string, tid: number, ts: number, more: object = {}): object => ({
      ph,
      pid: 1,
      tid,
      ts,
      id: 7,
      cat: "c",
      name: "arrow",
      ...more,
    });
    const trace = await importEvents([
      { ph: "X", pid: 1, tid: 1, ts: 0, dur: 10, name: "from" },
      { ph: "X", pid: 1, tid: 2, ts: 20, dur: 5, name: "before" },
      { ph: "X", pid: 1, tid: 2, ts: 30, dur: 5, name: "next" },
      flow("s", 1, 5),
      flow("f", 2, 26),
    ]);
    expect(dumpTrace(trace)).toContain("flow arrow from@0..10000 -> next@30000..35000");
    const enclosed = await importEvents([
      { ph: "X", pid: 1, tid: 1, ts: 0, dur: 10, name: "from" },
      { ph: "X", pid: 1, tid: 2, ts: 20, dur: 5, name: "around" },
      flow("s", 1, 5),
      flow("f", 2, 22, { bp: "e" }),
    ]);
    expect(dumpTrace(enclosed)).toContain("flow arrow from@0..10000 -> around@20000..25000");
  });

  it("drops and counts ends without an id", async () => {
    expect(droppedOf(await importEvents([at("s", "a", 0)]), "flowWithoutId")?.count).toBe(1);
  });
});
