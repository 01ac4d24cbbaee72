import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findEventStart } from "../../../traces/importers/json-scan/find-event.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import { segmentThreadsHere, type ThreadsHere } from "../../fixtures/segment-threads.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { readTraceEvents } from "../../../traces/importers/chrome/read-trace-events.ts";
import { chromeDialect } from "../../../traces/importers/formats/chrome-json.ts";
import type { ImportContext } from "../../../traces/importers/importer.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { contextFor, droppedOf, fingerprint, importInChunks, importTogether, toBytes } from "./import-text.ts";

const span = (i: number, more: object = {}): object => ({
  ph: "X",
  cat: `category ${i % 5}`,
  name: `name ${i % 37}`,
  pid: 1,
  tid: i % 3,
  ts: 10 * i,
  dur: 5.5,
  ...more,
});

/** Events of every kind, some with arguments that look like events. */
function mixedEvents(count: number): object[] {
  return Array.from({ length: count }, (_, i) => {
    if (i % 11 === 0) return span(i, { args: { list: [{ name: "inner" }, { ph: "X", ts: 1 }], text: '},{"ph":"X"' } });
    if (i % 13 === 0) return { ph: "C", name: "bytes", pid: 1, ts: 10 * i, args: { used: i } };
    if (i % 17 === 0) return { ph: "B", name: `open ${i % 4}`, pid: 1, tid: 9, ts: 10 * i };
    if (i % 17 === 1) return { ph: "E", pid: 1, tid: 9, ts: 10 * i };
    if (i % 19 === 0) return { ph: "s", cat: "flow", name: "arrow", id: i, pid: 1, tid: 1, ts: 10 * i };
    if (i % 23 === 0) return { ph: "M", name: "thread_name", pid: 1, tid: i % 3, args: { name: `thread "${i % 3}"` } };
    return span(i);
  });
}

async function expectSame(text: string, threads: ThreadsHere): Promise<void> {
  const alone = await outcomeOf(importInChunks(text, 64));
  expect(await outcomeOf(importTogether(toBytes(text), threads))).toBe(alone);
}

/** What is refused is refused with the same words. */
async function outcomeOf(imported: Promise<Trace>): Promise<string> {
  return await imported.then(fingerprint, (error: unknown) => String(error));
}

/** Segments that were asked for, and those that count: the one before ends where they begin. */
function usedOf({ asked }: ThreadsHere): { readonly asked: number; readonly found: number } {
  return { asked: asked.length, found: asked.filter(({ segment }) => segment !== null).length };
}

describe("threads that scan segments", () => {
  const text = JSON.stringify({ displayTimeUnit: "ms", traceEvents: mixedEvents(2000), tail: { name: "behind" } });

  it.each([1, 2, 3])("find what one thread finds, whatever the size of a segment: %i beside it", async (count) => {
    for (const segmentBytes of [300, 1021, 5000, 40_000, 150_000])
      await expectSame(text, segmentThreadsHere(toBytes(text), count, segmentBytes));
  });

  it("do what they are for: one takes every other segment, several all", async () => {
    const bytes = toBytes(JSON.stringify(Array.from({ length: 2000 }, (_, i) => span(i))));
    const one = segmentThreadsHere(bytes, 1, 8192);
    await importTogether(bytes, one);
    const several = segmentThreadsHere(bytes, 3, 8192);
    await importTogether(bytes, several);
    const segments = Math.ceil(bytes.length / 8192);
    // The last may have no event that begins in it.
    expect(usedOf(one).found).toBeGreaterThanOrEqual(Math.floor(segments / 2) - 1);
    expect(usedOf(several).found).toBeGreaterThanOrEqual(segments - 2);
    // Nothing had to be scanned anew: a scanner forgets what it met only where a guess was wrong.
    for (const threads of [one, several]) {
      expect(threads.asked.filter(({ request }) => request.afresh)).toHaveLength(threads.count);
      expect(threads.isClosed).toBe(true);
    }
  });

  it("do not count where what they took for an event is none", async () => {
    const inner = Array.from({ length: 40 }, (_, i) => ({ ph: "X", ts: i, name: `no event ${i}`, dur: 1 }));
    const text = JSON.stringify(Array.from({ length: 60 }, (_, i) => span(i, { args: { inner } })));
    const threads = segmentThreadsHere(toBytes(text), 2, 900);
    await expectSame(text, threads);
    expect(threads.asked.some(({ request }, i) => i >= 2 && request.afresh)).toBe(true);
  });

  it("are given up where they bring nothing", async () => {
    const text = JSON.stringify({ traceEvents: mixedEvents(50), rest: mixedEvents(3000) });
    const threads = segmentThreadsHere(toBytes(text), 2, 1024);
    await expectSame(text, threads);
    expect(threads.asked.length).toBeLessThan(40);
    expect(threads.asked.length).toBeLessThan(text.length / 1024 / 4);
  });

  it("may fail: the import goes on without them", async () => {
    const bytes = toBytes(text);
    const alone = fingerprint(await importInChunks(text, 64));
    for (const lastAnswer of [0, 1, 5]) {
      const threads = segmentThreadsHere(bytes, 2, 2000);
      let answers = 0;
      const failing: SegmentThreads = {
        count: 2,
        areUp: true,
        sizes: { segmentBytes: 2000, searchBytes: 500 },
        scan: (thread, request) => (answers++ < lastAnswer ? threads.scan(thread, request) : Promise.resolve(null)),
        close: () => threads.close(),
      };
      expect(fingerprint(await importTogether(bytes, failing))).toBe(alone);
      expect(threads.isClosed).toBe(true);
    }
  });

  it("are not asked before they are up", async () => {
    const bytes = toBytes(text);
    const threads = segmentThreadsHere(bytes, 2, 2000);
    let looks = 0;
    const late: SegmentThreads = {
      count: 2,
      get areUp() {
        return ++looks > 20;
      },
      sizes: { segmentBytes: 2000, searchBytes: 500 },
      scan: (thread, request) => threads.scan(thread, request),
      close: () => threads.close(),
    };
    expect(fingerprint(await importTogether(bytes, late))).toBe(fingerprint(await importInChunks(text, 64)));
    expect(threads.asked[0]?.request.from).toBeGreaterThan(20 * 64);
  });

  it("pass over an event that is larger than segments and buffers, and over one beyond the limit", async () => {
    const large = span(1, { args: { text: "x".repeat(300_000), list: mixedEvents(300) } });
    const text = JSON.stringify([...mixedEvents(200), large, ...mixedEvents(200)]);
    const threads = segmentThreadsHere(toBytes(text), 2, 3000);
    await expectSame(text, threads);
    // Nor are they given up for it.
    expect(threads.asked.at(-1)?.request.to).toBe(text.length);
    const limits = { eventBytes: 100_000 };
    const alone = await importInChunks(text, 64, limits);
    const together = await importTogether(toBytes(text), segmentThreadsHere(toBytes(text), 2, 3000), limits);
    expect(fingerprint(together)).toBe(fingerprint(alone));
  });

  it("pass over no event below the limit, however many there are that need a larger buffer", async () => {
    const limits = { eventBytes: 100_000 };
    const large = [30, 90, 40, 95].map((kB, i) => span(i, { args: { text: "x".repeat(1000 * kB) } }));
    const text = JSON.stringify([...mixedEvents(100), ...large, ...mixedEvents(100)]);
    const bytes = toBytes(text);
    // The import reads all of it itself.
    for (const segmentBytes of [3000, 10_000]) {
      const together = await importTogether(bytes, segmentThreadsHere(bytes, 1, segmentBytes), limits);
      expect(droppedOf(together, "oversizedEvent")).toBeUndefined();
      expect(fingerprint(together)).toBe(fingerprint(await importInChunks(text, 64, limits)));
    }
  });

  it("do not make the import read the end of a file again and again where it is cut inside a large event", async () => {
    const text = `${JSON.stringify(mixedEvents(100)).slice(0, -1)},{"ph":"X","args":{"text":"${"x".repeat(400_000)}`;
    const bytes = toBytes(text);
    const source = memorySource(bytes);
    let bytesRead = 0;
    const counting: ByteSource = {
      ...source,
      readAt(offset, target) {
        bytesRead += target.length;
        return source.readAt(offset, target);
      },
    };
    const threads = segmentThreadsHere(bytes, 1, 2000);
    const trace = await importTogether(bytes, threads, {}, counting);
    expect(trace.meta.ledger.truncatedAtByte).toBe(bytes.length);
    // Twice by buffers that grow, once more for the last look.
    expect(bytesRead).toBeLessThan(6 * bytes.length);
  });

  it("leave it to progress that it never goes back", async () => {
    const bytes = toBytes(text);
    const threads = segmentThreadsHere(bytes, 2, 2000);
    const told: number[] = [];
    const context: ImportContext = {
      ...contextFor("test.json"),
      reportProgress: (bytesRead) => told.push(bytesRead),
      startSegmentThreads: () => threads,
    };
    await readTraceEvents(memorySource(bytes), createTraceBuilder(), context, chromeDialect, 10_000);
    expect(threads.asked.length).toBeGreaterThan(10);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(bytes.length);
  });

  it("leave a file that is cut anywhere to the same words", async () => {
    const whole = JSON.stringify({ traceEvents: mixedEvents(60) });
    for (let length = whole.length - 400; length < whole.length; length += 13) {
      const cut = whole.slice(0, length);
      await expectSame(cut, segmentThreadsHere(toBytes(cut), 1 + (length % 3), 700));
    }
  });

  it("are given up where names are too many for a table in each of them", { timeout: 60_000 }, async () => {
    const events = Array.from(
      { length: 150_000 },
      (_, i) => `{"ph":"X","name":"n${i}","pid":1,"tid":1,"ts":${i},"dur":1}`,
    );
    const bytes = toBytes(`[${events.join(",")}]`);
    const threads = segmentThreadsHere(bytes, 1, 2 ** 16);
    const trace = await importTogether(bytes, threads);
    expect(trace.spans.length).toBe(150_000);
    expect(trace.strings.length).toBeGreaterThanOrEqual(150_000);
    // Each name has a pair: 131,072 numbers are met in seven eighths of every other segment.
    expect(threads.asked.length).toBeGreaterThan(40);
    expect(threads.asked.length).toBeLessThan((0.95 * bytes.length) / 2 ** 17);
  });

  it("find what one thread finds in any text", async () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.nat(400).map((i) => JSON.stringify(mixedEvents(i + 1)[i])) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "",
          " ",
          "7",
          "{}",
          "]",
          "}",
          '{"ph"',
          '"},{\\"ph\\":"',
          "null",
          "},{",
          '{"n\\u0061me":1}',
          '],"stackFrames":{"1":{"name":"a"},"2":{"name":"b"}},"traceEvents":[',
          ']}{"traceEvents":[',
          '{"ph":"s","name":"a\\n\\ud800","id":"\\u0062","pid":"p","ts":1e3}',
        ),
      },
    );
    const joint = fc.constantFrom(",", ",\n  ", "\n", "\r\n", " , , ");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(piece, joint), { minLength: 1, maxLength: 40 }),
        fc.constantFrom("[", "", "\ufeff[", '{"traceEvents":[', '{"a":{"traceEvents":[1]},"traceEvents": ['),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 50, max: 900 }),
        async (pieces, head, count, segmentBytes) => {
          const text = head + pieces.map(([event, between]) => event + between).join("") + "]";
          await expectSame(text, segmentThreadsHere(toBytes(text), count, segmentBytes));
        },
      ),
      { numRuns: 150 },
    );
  }, 180_000);
});

describe("the guess where an event begins", () => {
  const find = (text: string): number | null => findEventStart(toBytes(text), 0, text.length);

  it("is behind the end of another, with or without a comma", () => {
    expect(find('1}}, {"ph":"X"}')).toBe(5);
    expect(find('"b":2}\n{"name":"a"}')).toBe(7);
    expect(find('},\n  {\n    "args": {}, "x": [{"ph": 1}]')).toBe(5);
  });

  it("is no object without the members of events, and none that is not whole", () => {
    expect(find('{"ph":"X"}')).toBeNull();
    expect(find('},{"function":"f"},{"pid":1}')).toBe(19);
    expect(find('},{"na')).toBeNull();
    expect(find("},,{}")).toBeNull();
    expect(find("no braces at all")).toBeNull();
  });
});
