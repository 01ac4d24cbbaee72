import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal, parseExactTime, remainderScale } from "../../../traces/importers/json-scan/decimal.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { NanosecondTimesError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { durationOf } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { contextFor, droppedOf, importContent, noteOf, toBytes } from "./import-text.ts";

/** Exact units of 10^-18 µs of a plain decimal, by another way than the product's. */
function scaled(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, "0"));
  return text.startsWith("-") ? -value : value;
}

function roundToNs(value: bigint): bigint {
  const unit = 10n ** 15n;
  const floor = value >= 0n ? value / unit : -((-value + unit - 1n) / unit);
  const rest = value - floor * unit;
  if (rest * 2n < unit) return floor;
  if (rest * 2n > unit) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}

const spans = (...pairs: readonly (readonly [ts: string, dur: string])[]): string =>
  `[${pairs.map(([ts, dur], i) => `{"ph":"X","pid":${i},"tid":1,"name":"s${i}","ts":${ts},"dur":${dur}}`).join(",")}]`;

describe("times of events", () => {
  it("keeps all 19 digits of epoch microseconds with nanoseconds", async () => {
    const trace = await importContent(
      spans(["1712195495406757.723", "0.999"], ["1712195495406757.724", "1000000.001"]),
    );
    expect(trace.meta.originClockNs).toBe(1712195495406757723n);
    expect(dumpTrace(trace)).toContain("s0 other @0 +999 ");
    expect(dumpTrace(trace)).toContain("s1 other @1 +1000000001 ");
  });

  it("reads what doubles printed with 17 digits meant", async () => {
    const trace = await importContent(spans(["903473.94499999995", "1.3360000000000001"]));
    expect(trace.meta.originClockNs).toBe(903473945n);
    expect(dumpTrace(trace)).toContain("+1336");
    expect(noteOf(trace, "rounded")?.count).toBe(1);
  });

  it("rounds start and end half to even, never the duration alone", async () => {
    // 0.0005 µs and 0.0015 µs are exact halves: 0 and 2 ns. A parent 0.0004 + 1.0002 ends at 1.0006 µs, its child too.
    const trace = await importContent(
      spans(["0.0005", "0"], ["0.0015", "0"], ["0.0004", "1.0002"], ["0.0008", "0.9998"]),
    );
    expect(Array.from({ length: 4 }, (_, i) => trace.spans.startNs[i])).toEqual([0, 2, 0, 1]);
    expect(dumpTrace(trace)).toContain("s2 other @0 +1001 ");
    expect(dumpTrace(trace)).toContain("s3 other @1 +1000 ");
  });

  it.each([
    ["1.01e3", 1010n],
    ["1E2", 100n],
    ['"1010.5"', 1010n],
    ['"+10"', 10n],
    ["-5", -5n],
    ["-0", 0n],
    ["0", 0n],
    ["9007199254740", 9007199254740n],
  ])("accepts %s", async (text, micros) => {
    const trace = await importContent(spans([text, "1"]));
    expect(trace.meta.originClockNs / 1000n).toBe(micros);
    expect(Object.is(trace.spans.startNs[0], 0)).toBe(true);
  });

  it.each(['"100a"', '""', "NaN", "-nan", "Infinity", "null", "true", "[]", "{}", '"1e"'])(
    "drops and counts %s",
    async (text) => {
      const trace = await importContent(spans([text, "1"], ["1", "1"]));
      expect(droppedOf(trace, "badTime")).toMatchObject({ count: 1, firstBytes: [1] });
      expect(trace.spans.length).toBe(1);
    },
  );

  it.each(["1e400", "1" + "0".repeat(40), "1712195495406757723", "9007199254740993"])(
    "refuses %s as out of range",
    async (text) => {
      const trace = await importContent(spans(["0", "1"], [text, "1"]));
      expect(droppedOf(trace, "outOfRange")?.count).toBe(1);
    },
  );

  it("stops at a file whose times are all nanoseconds, and reads them as such when it is told to", async () => {
    const text =
      '[{"ph":"M","pid":1,"name":"process_name","args":{"name":"p"}},' +
      '{"ph":"X","pid":1,"tid":1,"name":"a","ts":1712195495406757723,"dur":1500},' +
      '{"ph":"B","pid":1,"tid":2,"name":"b","ts":1712195495406757724.5},' +
      '{"ph":"E","pid":1,"tid":2,"name":"b","ts":1712195495406757730}]';
    await expect(importContent(text)).rejects.toThrow(NanosecondTimesError);
    const trace = await importFile(memorySource(toBytes(text)), {
      builder: createTraceBuilder(),
      context: { ...contextFor("test.json"), timesInNs: true },
    });
    assertSealed(trace);
    expect(trace.meta.originClockNs).toBe(1712195495406757723n);
    expect(Array.from(trace.spans.startNs)).toEqual([0, 1]);
    expect([0, 1].map((span) => durationOf(trace.spans, span))).toEqual([1500, 6]);
    expect(trace.meta.facts).toContainEqual(["times", "read as nanoseconds"]);
  });

  it("calls it a partial import when no event could be kept", async () => {
    const trace = await importContent('[{"ph":"X","ts":"soon","dur":1,"name":"a"}]');
    expect(trace.meta.ledger).toMatchObject({ outcome: "partial", eventsRead: 1, spans: 0 });
  });

  it("refuses a span that starts within range and ends beyond it", async () => {
    const trace = await importContent(spans(["0", "1"], ["5", "4503599627369.5"]));
    expect(droppedOf(trace, "outOfRange")?.count).toBe(1);
    expect(trace.spans.length).toBe(1);
  });

  it("keeps what lies as far before the first event as behind it, exact to the nanosecond", async () => {
    const trace = await importContent(
      spans(["0", "1"], ["-4503599627360.001", "0.002"], ["4503599627360.003", "0.001"]),
    );
    expect(trace.spans.length).toBe(3);
    expect(Array.from(trace.spans.startNs).toSorted((a, b) => a - b)).toEqual([0, 4503599627360001, 9007199254720004]);
  });

  it("drops events without ts and events whose duration is no number", async () => {
    const trace = await importContent(
      '[{"ph":"X","name":"a","dur":1},{"ph":"X","name":"b","ts":1,"dur":Infinity},{"ph":"X","name":"c","ts":1,"dur":"5"}]',
    );
    expect(droppedOf(trace, "badTime")?.count).toBe(2);
    expect(dumpTrace(trace)).toContain("c other @0 +5000");
  });

  it("keeps negative starts before the first event and negative durations as 0", async () => {
    const trace = await importContent(spans(["5", "-3"], ["-2.5", "1"]));
    expect(trace.meta.originClockNs).toBe(-2500n);
    expect(dumpTrace(trace)).toContain("s0 other @7500 +0");
    expect(noteOf(trace, "negativeDuration")?.count).toBe(1);
  });

  it("keeps durations and self times above 4.29 s", async () => {
    const trace = await importContent(
      '[{"ph":"X","ts":0,"dur":5000000,"name":"long"},{"ph":"X","ts":1,"dur":4294967.295,"name":"edge"}]',
    );
    expect(dumpTrace(trace)).toContain("long other @0 +5000000000 self 705032705");
    expect(dumpTrace(trace)).toContain("edge other @1000 +4294967295 self 4294967295");
  });

  it("never takes displayTimeUnit for the unit of times", async () => {
    const trace = await importContent('{"displayTimeUnit":"ns","traceEvents":[{"ph":"X","ts":1,"dur":2,"name":"a"}]}');
    expect(dumpTrace(trace)).toContain("+2000");
  });

  it("agrees with exact integer arithmetic on any decimal", async () => {
    const decimal = fc
      .tuple(fc.integer({ min: 0, max: 1_712_195_495_406_757 }), fc.stringMatching(/^\d{0,18}$/))
      .map(([whole, fraction]) => (fraction === "" ? `${whole}` : `${whole}.${fraction}`));
    const start = fc.tuple(decimal, fc.boolean()).map(([text, negative]) => (negative ? `-${text}` : text));
    const duration = fc
      .tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.stringMatching(/^\d{1,18}$/))
      .map(([whole, fraction]) => `${whole}.${fraction}`);
    await fc.assert(
      fc.asyncProperty(start, duration, async (ts, dur) => {
        const trace = await importContent(spans([ts, dur]));
        const startNs = roundToNs(scaled(ts));
        const endNs = roundToNs(scaled(ts) + scaled(dur));
        expect(trace.meta.originClockNs).toBe(startNs);
        expect(trace.meta.durationNs).toBe(Number(endNs - startNs));
      }),
      { numRuns: 500 },
    );
  });
});

describe("parseExactTime", () => {
  it("splits exactly, remainder never negative", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), (value) => {
        const digits = String(value < 0n ? -value : value).padStart(19, "0");
        const text = `${value < 0n ? "-" : ""}${digits.slice(0, -18)}.${digits.slice(-18)}`;
        const time = parseExactTime(text);
        if (typeof time === "string") throw new Error(`${text} was refused`);
        expect(time.remainder).toBeGreaterThanOrEqual(0);
        expect(
          (BigInt(time.micros) * 1000n + BigInt(time.nanos)) * BigInt(remainderScale) + BigInt(time.remainder),
        ).toBe(value);
      }),
    );
  });

  it.each(["", "-", ".", "1.5e", "2e+", "0x10", "1 2", "١"])("refuses %j", (text) => {
    expect(parseExactTime(text)).toBe("bad");
    expect(parseDecimal(text)).toBeNull();
  });
});
