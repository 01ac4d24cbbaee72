import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { chromeDialect } from "../../../traces/importers/formats/chrome-json.ts";
import { readTraceEvents } from "../../../traces/importers/chrome/read-trace-events.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import {
  at,
  contextFor,
  droppedOf,
  fingerprint,
  importContent,
  importEvents,
  importInChunks,
  noteOf,
  toBytes,
} from "./import-text.ts";
import { textOf, textsOf } from "../../../traces/model/text-table.ts";

const good = '{"ph":"X","pid":1,"tid":1,"name":"good","ts":1,"dur":1}';
const goodSpan = "good other @0 +1000";

describe("hostile content", () => {
  it("reads 200,000 nested brackets in arguments without a deep stack", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const events = ["X", "C", "M", "b", "P"].map(
      (ph) =>
        `{"ph":"${ph}","name":"${ph === "P" ? "ProfileChunk" : "process_name"}","cat":"c","id2":${deep},"ts":1,"dur":1,"args":{"a":${deep}}}`,
    );
    const trace = await importContent(
      `{"metadata":${deep},"x":${deep},"traceEvents":[${[...events, good].join(",")}]}`,
    );
    expect(dumpTrace(trace)).toContain("good other");
  });

  it("treats __proto__, constructor and toString as names like any other", async () => {
    const odd = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const events = odd.flatMap((name) => [
      { ph: "X", pid: name, tid: name, name, cat: name, ts: 1, dur: 1, args: { correlation: name } },
      { ph: "C", pid: name, name, ts: 1, args: { __proto__: null, [name]: 1 } },
      { ph: "b", pid: name, name, cat: name, id: name, ts: 1 },
      { ph: "e", pid: name, name, cat: name, id: name, ts: 2 },
      { ph: "s", pid: name, name, cat: name, id: name, ts: 1 },
    ]);
    const trace = await importContent(`{"__proto__":{"a":1},"constructor":1,"traceEvents":${JSON.stringify(events)}}`);
    expect(trace.meta.ledger).toMatchObject({ spans: 8, counterSamples: 4, flowEnds: 4, dropped: [] });
    expect(Object.prototype).not.toHaveProperty("a");
  });

  it("passes over an event above the limit and goes on behind it", async () => {
    const large = `{"ph":"X","name":"large","ts":1,"dur":1,"args":{"x":"${'ab\\"{'.repeat(2000)}"}}`;
    const text = `[${good},${large},${good}]`;
    for (const chunk of [64, 512, 4096]) {
      const trace = await importInChunks(text, chunk, { eventBytes: 4096 });
      expect(droppedOf(trace, "oversizedEvent")).toMatchObject({
        count: 1,
        firstBytes: [text.indexOf('{"ph":"X","name":"large"')],
      });
      expect(trace.meta.ledger).toMatchObject({ eventsRead: 3, spans: 2 });
    }
  });

  it("leaves out a root member above the limit", async () => {
    const trace = await importInChunks(`{"stackFrames":{"1":"${"x".repeat(9000)}"},"traceEvents":[${good}]}`, 64, {
      eventBytes: 4096,
    });
    expect(noteOf(trace, "oversizedMember")?.count).toBe(1);
    expect(dumpTrace(trace)).toContain(goodSpan);
  });

  it("grows for one argument of 64 MB, and passes over it where the limit is lower", async () => {
    const text = `[{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"args":{"x":"${"y".repeat(64e6)}"},"name":"large"},${good}]`;
    const content = toBytes(text);
    const trace = await importContent(content);
    expect(trace.meta.ledger).toMatchObject({ outcome: "ok", eventsRead: 2, spans: 2 });
    expect(dumpTrace(trace)).toContain("large other @0 +1000");
    const without = await importContent(content, { eventBytes: 16 * 2 ** 20 });
    expect(droppedOf(without, "oversizedEvent")).toMatchObject({ count: 1, firstBytes: [1] });
    expect(without.meta.ledger).toMatchObject({ outcome: "notes", eventsRead: 2, spans: 1 });
    expect(dumpTrace(without)).toContain(goodSpan);
  });

  it.each([false, true])(
    "gives the memory of such an argument back while its trace is held; plain: %s",
    async (plainReader) => {
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as () => void;
      const content = toBytes(`[{"ph":"X","ts":1,"dur":1,"args":{"x":"${"y".repeat(64e6)}"},"name":"large"}]`);
      collect();
      const before = process.memoryUsage().external;
      const builder = createTraceBuilder();
      const context = { ...contextFor("test.json"), plainReader };
      const trace = builder.seal(await readTraceEvents(memorySource(content), builder, context, chromeDialect));
      await vi.waitUntil(
        () => {
          collect();
          return process.memoryUsage().external - before < 16e6;
        },
        { timeout: 10_000 },
      );
      expect(trace.spans.length).toBe(1);
    },
  );

  it("holds 40,000 names, 300 categories and 66,000 tracks", async () => {
    const events: string[] = [];
    for (let i = 0; i < 66_000; i++)
      events.push(`{"ph":"X","pid":1,"tid":${i},"name":"n${i % 40_000}","cat":"c${i % 300}","ts":${i},"dur":1}`);
    const trace = await importContent(`[${events.join(",")}]`);
    expect(trace.tracks).toHaveLength(66_001);
    expect(trace.categories).toHaveLength(300);
    expect(trace.spans.length).toBe(66_000);
    expect(textOf(trace.strings, trace.spans.name[65_999])).toBe("n25999");
  }, 180_000);

  it("stops taking spans at the limit and counts the rest", async () => {
    const trace = await importContent(`[${Array(10).fill(good).join(",")}]`, { spans: 4 });
    expect(trace.spans.length).toBe(4);
    const size = good.length + 1;
    expect(droppedOf(trace, "spanLimit")).toMatchObject({
      message: "spans beyond the 4 that there is memory for",
      count: 6,
      firstBytes: [1 + 4 * size, 1 + 5 * size, 1 + 6 * size],
    });
    // Begins count as spans, arrows and instants are taken on; the ledger closes.
    const mixed = await importContent(
      `[${[good, good, good, good, '{"ph":"B","name":"b","ts":9,"pid":1,"tid":1}', '{"ph":"i","name":"i","ts":9,"pid":1,"tid":1}'].join(",")}]`,
      { spans: 4 },
    );
    expect(mixed.meta.ledger).toMatchObject({ outcome: "partial", eventsRead: 6, spans: 4, instants: 1 });
    expect(droppedOf(mixed, "spanLimit")?.count).toBe(1);
  });

  it("keeps odd correlation ids apart from plain ones", async () => {
    const ids = [
      "7",
      '"7"',
      "2147483647",
      "2147483648",
      "4294967303",
      '"abc"',
      '"abc"',
      "-7",
      "7.5",
      "0",
      "null",
      '""',
      "[7]",
    ];
    const trace = await importContent(
      `[${ids.map((id, i) => `{"ph":"X","ts":${i},"dur":1,"name":"k","args":{"x":{"correlation":99},"correlation" : ${id}}}`).join(",")}]`,
    );
    const links = Array.from({ length: ids.length }, (_, i) => linkOf(trace.spans, i));
    const odd = 2 ** 31;
    expect(links).toEqual([7, 7, 2147483647, odd, odd + 1, odd + 2, odd + 2, odd + 3, odd + 4, 0, 0, 0, odd + 5]);
  });

  it("takes correlation only as a key of the first level", async () => {
    const trace = await importContent(
      '[{"ph":"X","ts":0,"dur":1,"name":"a","args":{"x":"correlation","y":["correlation",5],"z":{"correlation":6}}}]',
    );
    expect(trace.spans.links).toBeUndefined();
  });

  it("keeps every span of a stack 66,000 deep", async () => {
    const depth = 66_000;
    const trace = await importContent(
      `[${Array.from({ length: depth }, (_, i) => `{"ph":"X","ts":${i},"dur":${2 * (depth - i)},"name":"d"}`).join(",")}]`,
    );
    expect(trace.spans.length).toBe(depth);
  }, 180_000);

  it("shows names with markup, escapes and direction marks as they are", async () => {
    const odd = "<b>\u001B[31m\u202Eabc</b>";
    expect(textsOf((await importEvents([{ ph: "X", name: odd, ts: 0, dur: 1 }])).strings)).toContain(odd);
  });

  it("pairs 20,000 begins of one instant with ends of unknown names in reasonable time", async () => {
    const events = Array.from({ length: 20_000 }, (_, i) => ({ ph: i % 2 === 0 ? "B" : "E", ts: 0, name: `n${i}` }));
    const trace = await importEvents(events);
    expect(trace.meta.ledger.eventsRead).toBe(20_000);
  });
});

describe("cancel and progress", () => {
  it("stops between chunks", async () => {
    let chunks = 0;
    const context = {
      ...contextFor("test.json"),
      throwIfCancelled() {
        if (++chunks === 3) throw new CancelledError();
      },
    };
    const text = `[${Array(1000).fill(good).join(",")}]`;
    await expect(
      readTraceEvents(memorySource(toBytes(text)), createTraceBuilder(), context, chromeDialect, 1024),
    ).rejects.toThrow(CancelledError);
    expect(chunks).toBe(3);
  });

  it("describes what is there at every chunk, so that snapshots can be taken", async () => {
    const builder = createTraceBuilder();
    const seen: number[] = [];
    const context = {
      ...contextFor("test.json"),
      reportProgress(_bytes: number, describeTrace: () => Parameters<typeof builder.snapshot>[0]) {
        const snapshot = builder.snapshot(describeTrace());
        seen.push(snapshot.spans.length);
        expect(snapshot.meta.partial).toBe(true);
      },
    };
    const text = `[${Array.from({ length: 100 }, (_, i) => good.replace('"ts":1', `"ts":${i}`)).join(",")}]`;
    const description = await readTraceEvents(memorySource(toBytes(text)), builder, context, chromeDialect, 1024);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(fingerprint(builder.seal(description))).toBe(fingerprint(await importContent(text)));
  });

  it("comes to the same after snapshots that took tracks for something else", async () => {
    const span = (cat: string, tid: number, i: number): object => at("X", `${cat} ${i}`, i, { cat, tid, dur: 1 });
    // Threads with work of a device alone, until work of the host follows.
    const text = JSON.stringify(
      ["kernel", "cpu_op"].flatMap((cat, half) =>
        Array.from({ length: 40 }, (_, i) => span(cat, i % 2, 40 * half + i)),
      ),
    );
    const builder = createTraceBuilder();
    const kinds = new Set<string>();
    const context = {
      ...contextFor("test.json"),
      reportProgress(_bytes: number, describeTrace: () => Parameters<typeof builder.snapshot>[0]) {
        for (const { kind } of builder.snapshot(describeTrace()).tracks) kinds.add(kind);
      },
    };
    const description = await readTraceEvents(memorySource(toBytes(text)), builder, context, chromeDialect, 1024);
    expect([...kinds].toSorted()).toEqual(["device", "process", "stream", "thread"]);
    expect(fingerprint(builder.seal(description))).toBe(fingerprint(await importContent(text)));
  });

  it("takes an importer by id and refuses one that is not known", async () => {
    const source = (): ReturnType<typeof memorySource> => memorySource(toBytes(`[${good}]`));
    const trace = await importFile(source(), {
      builder: createTraceBuilder(),
      context: contextFor("x"),
      importer: "onnxruntime-json",
    });
    expect(trace.meta.format).toBe("onnxruntime-json");
    await expect(
      importFile(source(), { builder: createTraceBuilder(), context: contextFor("x"), importer: "nope" }),
    ).rejects.toThrow('found "nope"');
  });
});
