import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationOf, sourceOffsetOf } from "../../../traces/model/trace.ts";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { fingerprint, importAsTraceEvents, importInChunks, toBytes } from "./import-text.ts";
import { textOf } from "../../../traces/model/text-table.ts";

const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("aten::add", 'q"\\', "\u2028", "name"),
);
const argument = fc.jsonValue({ maxDepth: 2 });
const micros = fc.integer({ min: -1_000_000, max: 2_000_000_000 }).map((ns) => ns / 1000);

const complete = fc.record({
  ph: fc.constant("X"),
  name,
  ts: micros,
  dur: fc.nat(1_000_000).map((ns) => ns / 1000),
  pid: fc.nat(3),
  tid: fc.oneof(fc.nat(3), fc.constantFrom("7", "stream 7")),
  args: fc.dictionary(
    fc.string({ unit: "binary", maxLength: 8 }).filter((key) => key !== "correlation"),
    argument,
    { maxKeys: 4 },
  ),
});
const other = fc.oneof(
  fc.record(
    { ph: fc.constantFrom("i", "B", "E", "s", "C", "M", "b", "e", "?"), name, ts: micros, cat: name, id: fc.nat(4) },
    { requiredKeys: ["ph"] },
  ),
  fc.jsonValue({ maxDepth: 1 }),
);

/** Members of an event in any order and spacing. */
const layout = fc.record({ seed: fc.nat(), space: fc.constantFrom("", " ", "\n\t"), indent: fc.constantFrom(0, 2) });

function write(
  events: readonly unknown[],
  { space, indent, seed }: { space: string; indent: number; seed: number },
): string {
  const shuffled = events.map((event) =>
    isRecord(event) ? Object.fromEntries(rotate(Object.entries(event), seed)) : event,
  );
  return `${space}[${shuffled.map((event) => space + JSON.stringify(event, null, indent)).join(`${space},`)}${space}]`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const rotate = <T>(values: readonly T[], by: number): T[] => values.map((_, i) => values[(i + by) % values.length]);

const exact = (value: number): number => Math.round(value * 1000);

describe("against JSON.parse", () => {
  it("finds the same complete events with the same exact times", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: complete }, { weight: 1, arbitrary: other }), { maxLength: 12 }),
        layout,
        async (events, how) => {
          const text = write(events, how);
          const trace = await importAsTraceEvents(text);
          const parsed = (JSON.parse(text) as unknown[]).filter(isRecord).filter((event) => event["ph"] === "X");
          const rows = Array.from({ length: trace.spans.length }, (_, i) => i);
          const origin = Number(trace.meta.originClockNs);
          const found = rows.map((i) =>
            JSON.stringify([
              textOf(trace.strings, trace.spans.name[i]),
              origin + trace.spans.startNs[i],
              durationOf(trace.spans, i),
            ]),
          );
          const expected = parsed.map((event) =>
            JSON.stringify([event["name"], exact(event["ts"] as number), exact(event["dur"] as number)]),
          );
          for (const row of expected) expect(found).toContain(row);
          expect(trace.meta.ledger.eventsRead).toBe((JSON.parse(text) as unknown[]).length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives the same trace whatever the size of the buffer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(complete, other), { maxLength: 8 }),
        layout,
        fc.integer({ min: 1, max: 300 }),
        async (events, how, size) => {
          const text = write(events, how);
          expect(fingerprint(await importInChunks(text, size))).toBe(fingerprint(await importAsTraceEvents(text)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads the arguments of one event as JSON.parse does", async () => {
    await fc.assert(
      fc.asyncProperty(complete, layout, async (event, how) => {
        const text = write([event], how);
        const trace = await importAsTraceEvents(text);
        const { args, name: found } = await readEventArguments(
          memorySource(toBytes(text)),
          sourceOffsetOf(trace.spans, 0),
          { expectedName: event.name },
        );
        expect(found).toBe(event.name);
        const expected = Object.entries(event.args).map(([key, value]) => [
          key,
          typeof value === "string" ? value : JSON.stringify(value),
        ]);
        expect(new Map(args)).toEqual(new Map(expected as [string, string][]));
      }),
      { numRuns: 150 },
    );
  });

  it("never throws, hangs or leaves the ledger open on damaged bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(complete, { minLength: 1, maxLength: 6 }),
        layout,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.nat(),
        async (events, how, damage, cut) => {
          const bytes = toBytes(write(events, how));
          for (const [at, value] of damage) if (at % bytes.length > 2) bytes[at % bytes.length] = value;
          const kept = bytes.subarray(0, Math.max(4, bytes.length - (cut % 40)));
          // `importInChunks` checks the ledger and all other promises.
          const whole = await importInChunks(kept, 4096);
          expect(fingerprint(await importInChunks(kept, 61))).toBe(fingerprint(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("does not take the first half of a damaged name for a name", async () => {
    const text = `[{"ph":"X","name":#${"abcdefgh".repeat(12)}","ts":1,"dur":1,"pid":0,"tid":0}]`;
    const whole = await importInChunks(toBytes(text), 4096);
    expect(fingerprint(await importInChunks(toBytes(text), 67))).toBe(fingerprint(whole));
  });
});
