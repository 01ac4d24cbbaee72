import { describe, expect, it } from "vitest";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { at, importContent, importEvents } from "./import-text.ts";

describe("sampled stacks", () => {
  it("makes spans of a V8 profile in chunks, on the thread that was profiled", async () => {
    const node = (id: number, functionName: string, parent?: number): object => ({
      id,
      callFrame: { functionName },
      ...(parent !== undefined && { parent }),
    });
    const chunk = (data: object): object => ({
      ph: "P",
      name: "ProfileChunk",
      pid: 1,
      tid: 99,
      id: "0x1",
      ts: 5,
      args: { data },
    });
    const trace = await importEvents([
      { ph: "P", name: "Profile", pid: 1, tid: 2, id: "0x1", ts: 0, args: { data: { startTime: 100 } } },
      chunk({
        cpuProfile: {
          nodes: [node(1, "(root)"), node(2, "a", 1), node(3, "b", 2), node(4, "(idle)", 1)],
          samples: [2, 3],
        },
        timeDeltas: [0, 10],
      }),
      chunk({ cpuProfile: { samples: [3, 4, 2] }, timeDeltas: [10, 10, 10], endTime: 150 }),
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      thread thread 2 (samples)
        a other @0 +30000 self 10000
          b other @10000 +20000 self 20000
        a other @40000 +10000 self 10000"
    `);
    expect(trace.meta.ledger).toMatchObject({ spans: 0, foldedIn: 3 });
  });

  it("makes spans of whole profiles in instants, as old Chrome wrote them, each with nodes of its own", async () => {
    const profile = (startTime: number, functionName: string): object => ({
      ph: "I",
      name: "CpuProfile",
      pid: 1,
      tid: 2,
      ts: startTime,
      args: {
        data: {
          cpuProfile: {
            nodes: [
              { id: 1, callFrame: { functionName: "(root)" }, children: [2] },
              { id: 2, callFrame: { functionName } },
            ],
            startTime,
            endTime: startTime + 30,
            samples: [2, 1],
            timeDeltas: [10, 10],
          },
        },
      },
    });
    const trace = await importEvents([
      { ph: "I", name: "CpuProfile", pid: 1, tid: 2, ts: 90, args: { data: "none" } },
      profile(100, "a"),
      profile(200, "b"),
    ]);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process process 1
      thread thread 2
        ! CpuProfile @0
      thread thread 2 (samples)
        a other @20000 +10000 self 10000
        b other @120000 +10000 self 10000"
    `);
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 3, spans: 0, instants: 1, foldedIn: 2 });
  });

  it("reads root samples with stack frames, each until the next of its thread", async () => {
    const content = {
      traceEvents: [],
      samples: [
        { ts: "10", pid: 1, tid: "2", sf: 3 },
        { ts: 30, pid: 1, tid: 2, sf: 2 },
        { ts: 40, pid: 1, tid: 2, sf: 2 },
      ],
      stackFrames: { 2: { name: "main" }, 3: { name: "leaf", parent: 2 } },
    };
    expect(dumpTrace(await importContent(JSON.stringify(content)))).toMatchInlineSnapshot(`
      "process process 1
      thread thread 2 (samples)
        main other @0 +30000 self 10000
          leaf other @0 +20000 self 20000"
    `);
  });

  it("survives stack frames that are their own parents", async () => {
    const content = {
      traceEvents: [],
      samples: [
        { ts: 1, sf: 1 },
        { ts: 2, sf: 2 },
      ],
      stackFrames: { 1: { name: "a", parent: 2 }, 2: { name: "b", parent: 1 } },
    };
    const trace = await importContent(JSON.stringify(content));
    expect(trace.spans.length).toBeGreaterThan(0);
  });

  it("keeps single samples of old files as instants", async () => {
    expect((await importEvents([at("P", "SampleA", 870)])).meta.ledger.instants).toBe(1);
  });
});
