import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { generateEventsBytes } from "../../../electron/scripts/build-wasm.mjs";
import { type Batch, BatchStop, EventBatches } from "../../../traces/importers/json-scan/event-batches.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { importContent, importInChunks, unlessInNanoseconds } from "./import-text.ts";

const event = (rest: string): string => `{"ph":"X","name":"a","ts":1,"dur":2,"pid":1,"tid":1${rest}}`;

// `importContent` and `importInChunks` compare the batch reader with the plain reader, byte for byte of the outcome.
describe("the batch reader", () => {
  it("is what its source gives", async () => {
    const committed = readFileSync(
      new URL("../../../traces/importers/json-scan/wasm/events-bytes.ts", import.meta.url),
      "utf8",
    );
    expect(committed).toBe(await generateEventsBytes());
  });

  it("runs here: what follows would prove nothing otherwise", () => {
    expect(
      EventBatches.create(
        () => 0,
        () => undefined,
      ),
    ).not.toBeNull();
  });

  it("finds correlation ids on the first level of the arguments only, at any place of a block", async () => {
    for (let pad = 0; pad < 130; pad++) {
      const x = "x".repeat(pad);
      const texts = [
        event(`,"args":{"${x}":1,"correlation":77}`),
        event(`,"args":{"${x}":{"correlation":78},"correlation" : 79 }`),
        event(`,"args":{"${x}":"correlation","b":["correlation",{"correlation":1}]}`),
        event(`,"args":{"${x}\\"":"\\\\","correlation":80,"c":"}"}`),
        event(`,"args":{"${x}":1,"correlation":99999999999}`),
        event(`,"args":{"${x}":1,"correlation":"81"}`),
      ];
      const trace = await importContent(`[${texts.join(",")}]`);
      expect(trace.spans.length).toBe(6);
      expect(linkOf(trace.spans, 0)).toBe(77);
      expect(linkOf(trace.spans, 1)).toBe(79);
      expect(linkOf(trace.spans, 2)).toBe(0);
      expect(linkOf(trace.spans, 3)).toBe(80);
    }
  });

  it("reads the same wherever a chunk ends", async () => {
    const text = `[${[
      event(`,"args":{"a\\"b":"\\\\","correlation":5}`),
      event(`,"cat":"k,\\u0065","args":{"x":[1,{"y":"]}"}]},"id":"0x1f"`),
      `{"n\\u0061me":"escaped key","ph":"i","ts":"12.5","pid":"p","tid":null,"s":"g"}`,
      `  7 , null,{ } ,`,
      event(`,"args":{}`),
    ].join(",")}]`;
    for (let chunk = 65; chunk < 420; chunk++) await importInChunks(text, chunk);
  });

  it("grows its tables and keeps what it read", async () => {
    const texts = Array.from({ length: 9000 }, (_, i) => event(`,"args":{}`).replace('"a"', `"name ${i % 6000}"`));
    const trace = await importInChunks(`[${texts.join(",")}]`, 4096);
    expect(trace.spans.length).toBe(9000);
    expect(new Set(Array.from({ length: 9000 }, (_, i) => trace.spans.name[i])).size).toBe(6000);
  });

  it("numbers texts in the order of the file where its table outgrows the processor's memory", async () => {
    const names = 40_000;
    const texts = Array.from({ length: 70_000 }, (_, i) => {
      const name = `"name":"text ${(i * 7919) % names}"`;
      const category = i % 3 === 0 ? "" : `"cat":"text ${i % 5000}"`;
      const fields = i % 2 === 0 ? [name, category] : [category, name];
      return `{${fields.filter((field) => field !== "").join(",")},"ph":"${i % 11 === 0 ? "i" : "X"}","ts":${i},"dur":2}`;
    });
    const trace = await importInChunks(`[${texts.join(",")}]`, 1 << 20);
    expect(trace.strings.length).toBe(names);
  });

  it("numbers the same whatever its random seeds, and asks for other ones in every import", async () => {
    const texts = Array.from({ length: 3000 }, (_, i) =>
      event(`,"cat":"category ${"long ".repeat(i % 9)}${i % 70}"`)
        .replace('"a"', `"${"name".repeat(i % 7)} ${i % 900}"`)
        .replace('"tid":1', `"tid":${i % 200}`),
    );
    const dumps = new Set<string>();
    for (const seeds of [null, [0n, 0n], [2n ** 64n - 1n, 2n ** 63n]]) {
      using random = vi.spyOn(crypto, "getRandomValues");
      if (seeds !== null) random.mockImplementation((array) => ((array as BigUint64Array).set(seeds), array));
      dumps.add(dumpTrace(await importInChunks(`[${texts.join(",")}]`, 1 << 16)));
      expect(random).toHaveBeenCalledOnce();
    }
    expect(dumps.size).toBe(1);
  });

  it("finds the end of arguments and their link however they nest and members stand apart", async () => {
    const scalar = fc.constantFrom(
      '"c"',
      '"correlation"',
      '"]}\\""',
      '"[{"',
      "1",
      "null",
      "{}",
      "[]",
      '"cccccccccccc"',
    );
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie("value"), { maxLength: 6 }).map((values) => `[${values.join(", ")}]`),
        fc
          .array(fc.tuple(fc.constantFrom("c", "x", "correlation", "cbid"), tie("value")), { maxLength: 4 })
          .map((members) => `{${members.map(([key, text]) => `"${key}": ${text}`).join(",\n")}}`),
      ),
    }));
    const gap = fc.constantFrom(",", ", ", ",\n    ", " ,", ",\n\t\t\t\t\t\t\t\t\t", ",,");
    const spans = fc.array(fc.tuple(value, value, gap, gap), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 100, max: 3000 }), async (parts, chunkBytes) => {
        const texts = parts.map(([first, second, one, two], i) =>
          [`{${one === "," ? "" : "\n  "}"ph":"X"`, `"name":"a"`, `"ts":${i}`, `"dur":1`]
            .join(one)
            .concat(two, `"args": {"a": ${first},"correlation": ${i + 1},"c": ${second}\n  }${two}"pid":1}`),
        );
        const trace = await importInChunks(`[${texts.join(",\n  ")}]`, chunkBytes);
        texts.forEach((_, i) => expect(linkOf(trace.spans, i)).toBe(i + 1));
      }),
      { numRuns: 300 },
    );
  });

  it("leaves the rest to the plain reader where there is no memory for another name, thread or pair", async () => {
    const create = EventBatches.create.bind(EventBatches);
    using _ = vi.spyOn(EventBatches, "create").mockImplementation((define, defineDistinct) => {
      const batches = create(define, defineDistinct);
      // Pages that nobody writes to take addresses and no memory.
      for (let size = 2 ** 30; size >= 2 ** 18; size /= 2) while (batches?.reserve(size, 0) != null);
      return batches;
    });
    using read = vi.spyOn(EventBatches.prototype, "read");
    const names = Array.from({ length: 20_000 }, (_, i) => event("").replace('"a"', `"name ${i}"`));
    const threads = Array.from({ length: 20_000 }, (_, i) => event("").replace('"tid":1', `"tid":${i}`));
    const pairs = Array.from({ length: 20_000 }, (_, i) => event(`,"cat":"${i % 160}"`).replace('"a"', `"${i % 149}"`));
    for (const texts of [names, threads, pairs]) {
      read.mockClear();
      const trace = await importInChunks(`[${texts.join(",")}]`, 1 << 12);
      expect(trace.spans.length).toBe(20_000);
      const stops = read.mock.results.map(({ value }) => (value as Batch).stop);
      expect(stops.filter((stop) => stop === BatchStop.noMemory)).toHaveLength(1);
      expect(stops.length).toBeGreaterThan(1);
    }
  });

  it("grows its buffer for an event of any size", async () => {
    const trace = await importInChunks(`[${event(`,"args":{"blob":"${"y".repeat(300_000)}","correlation":3}`)}]`, 512);
    expect(linkOf(trace.spans, 0)).toBe(3);
  });

  it("reads numbers of every shape as the plain reader does", async () => {
    const number = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
      fc
        .tuple(fc.constantFrom("", "-"), fc.nat(), fc.array(fc.nat(9), { maxLength: 22 }))
        .map(([sign, whole, digits]) => `${sign}${whole}.${digits.join("")}`),
      fc.constantFrom("-0", "00", "-0.0001", "1.", ".5", "1e3", '"12"', '"a"', "NaN", "-", "null", "true", '""', "[]"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 8 }), async (rows) => {
        const events = rows.map(
          ([ts, dur, id]) => `{"ph":"X","name":"n","ts":${ts},"dur":${dur},"pid":${id},"tid":${id}}`,
        );
        await unlessInNanoseconds(importContent(`[${events.join(",")}]`));
      }),
      { numRuns: 400 },
    );
  });

  it("gives rows the meaning that the plain reader gives them, whatever comes between", async () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 40 }).map(String),
      fc.integer({ min: 0, max: 40_000 }).map((ns) => `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, "0")}`),
      fc.constantFrom("5.0004", "-3.5", "4000000000000.5", "99999999999999999"),
    );
    const thread = fc.tuple(fc.constantFrom("1", "2", '"gpu"'), fc.constantFrom("1", "2", "3"));
    const category = fc.constantFrom("cpu_op", "kernel", "cuda_runtime", "gpu_memcpy", "python_function", "x");
    const name = fc.constantFrom("a", "b", "c", "fusion.1", "");
    const id = fc.constantFrom("1", "2", "4294967295", "4294967296", "-1", '"0x7"');
    const common = fc
      .tuple(thread, category, name, time)
      .map(([[pid, tid], cat, text, ts]) => `"pid":${pid},"tid":${tid},"cat":"${cat}","name":"${text}","ts":${ts}`);
    const anyEvent = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(common, time, fc.nat(3)).map(spanOf) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(common, fc.constantFrom("s", "t", "f"), id, fc.constantFrom("", ',"bp":"e"'))
          .map(([fields, ph, key, bind]) => `{"ph":"${ph}",${fields},"id":${key}${bind}}`),
      },
      fc.tuple(common, fc.constantFrom("i", "B", "E")).map(([fields, ph]) => `{"ph":"${ph}",${fields}}`),
      fc
        .constantFrom("1", "2")
        .map((pid) => `{"ph":"M","name":"process_name","pid":${pid},"args":{"name":"/device:TPU:0"}}`),
      thread.map(([pid, tid]) => `{"ph":"M","name":"thread_name","pid":${pid},"tid":${tid},"args":{"name":"XLA Ops"}}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 300, max: 9000 }),
        fc.constantFrom(3, 1000),
        async (events, chunkBytes, spans) => {
          await unlessInNanoseconds(importInChunks(`[${events.join(",")}]`, chunkBytes, { spans }));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("counts no span against the limit that ends out of range", async () => {
    const spans = [
      [0, 5],
      [4e12, 4e12],
      [0, 1],
      [1, 1],
    ].map(([ts, dur]) => `{"ph":"X","name":"a","pid":1,"tid":1,"ts":${ts},"dur":${dur}}`);
    await importInChunks(`[${spans.join(",")}]`, 317, { spans: 3 });
  });

  it("hears when a thread turns out to be a line of a device", async () => {
    const spans = (from: number): string =>
      Array.from({ length: 9 }, (_, i) => event("").replace('"ts":1', `"ts":${from + 10 * i}`)).join(",");
    const named = (what: string, text: string): string =>
      `{"ph":"M","name":"${what}_name","pid":1,"tid":1,"args":{"name":"${text}"}}`;
    const trace = await importContent(
      `[${spans(0)},${named("process", "/device:TPU:0")},${named("thread", "Steps")},${spans(1000)}]`,
    );
    const kinds = Array.from({ length: 18 }, (_, span) => trace.spans.kind[span]);
    expect(kinds).toEqual([...Array<number>(9).fill(SpanKind.other), ...Array<number>(9).fill(SpanKind.step)]);
  });

  it("counts what it does not tell one by one", async () => {
    const texts = Array.from({ length: 10_000 }, (_, i) =>
      event(`,"id":${i}`).replace('"ts":1,"dur":2', `"ts":${i % 7},"dur":${i % 3}`),
    );
    const { meta } = await importInChunks(`[${texts.join(",")}]`, 65_536);
    const lines = new Map(meta.ledger.notes.map(({ code, count, firstBytes }) => [code, { count, firstBytes }]));
    expect(lines.get("inversions")?.count).toBe(1428);
    expect(lines.get("zeroDuration")?.count).toBe(3334);
    expect(lines.get("inversions")?.firstBytes).toHaveLength(3);
  });
});

const spanOf = ([fields, dur, link]: readonly [string, string, number]): string =>
  `{"ph":"X",${fields},"dur":${dur}${link === 0 ? "" : `,"args":{"correlation":${link}}`}}`;
