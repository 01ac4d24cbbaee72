import { describe, expect, it } from "vitest";
import { formatMeasurements } from "../../../electron/cli/print/measurements.ts";
import { toJsonInteger, toJsonNs } from "../../../electron/cli/print/json.ts";
import type { Measurement, MeasurementSet } from "../../../traces/measure/measurement.ts";
import { shorten, toOneLine } from "../../../electron/cli/print/printable.ts";
import { formatFacts, formatTable } from "../../../electron/cli/print/table.ts";
import { chooseTimeColumn, formatUnixNs } from "../../../electron/cli/print/units.ts";

const plain = { columns: null, color: false };

describe("integers in JSON", () => {
  it("are numbers up to 2^53 and text above, to the digit", () => {
    expect(toJsonInteger(2 ** 53)).toBe(9_007_199_254_740_992);
    expect(toJsonInteger("9007199254740993")).toBe("9007199254740993");
    expect(toJsonInteger("-9007199254740993")).toBe("-9007199254740993");
    expect(toJsonInteger("1712195495406757723")).toBe("1712195495406757723");
  });

  it("round means to whole ns", () => {
    expect(toJsonNs(2.5)).toBe(3);
    expect(toJsonNs(0.2)).toBe(0);
  });
});

describe("text from files", () => {
  it("cannot move the cursor, break the line or turn the direction", () => {
    expect(toOneLine("a\x1b[31mb\u009b2Jc\td")).toBe("a\uFFFD[31mb\uFFFD2Jc\uFFFDd");
    expect(toOneLine("one \r\n two\nthree")).toBe("one two three");
    expect(toOneLine("\u202Egnp.exe\u2028")).toBe("\uFFFDgnp.exe\uFFFD");
    expect(toOneLine("größe ☃ 漢字")).toBe("größe ☃ 漢字");
  });

  it("is cut in the middle", () => {
    expect(shorten("abcdefghijklmnop", 9)).toBe("abcde…nop");
    expect(shorten("abc", 9)).toBe("abc");
  });
});

describe("tables", () => {
  it("align decimal points, right-align counts, and give the last column the rest", () => {
    const columns = [
      { title: "self ms", align: "point" },
      { title: "count", align: "right" },
      { title: "name", align: "left" },
    ] as const;
    const rows = [
      ["1.25", "7", "short"],
      ["120", "12", "a rather long name of a kernel"],
      ["<\u20090.01", "1", "c"],
    ];
    expect(formatTable(columns, rows, { columns: 41, color: false })).toBe(
      [
        "self ms  count  name",
        "   1.25      7  short",
        " 120        12  a rather long n… a kernel",
        " <\u20090.01      1  c",
        "",
      ].join("\n"),
    );
  });

  it("take more rows than a call takes arguments", () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => [`${i}.5`]);
    const text = formatTable([{ title: "ms", align: "point" }], rows, plain);
    expect(text.endsWith("\n199999.5\n")).toBe(true);
  });

  it("dim the titles only where color is wanted", () => {
    const columns = [{ title: "name", align: "left" }] as const;
    expect(formatTable(columns, [["a"]], { columns: null, color: true })).toBe("\x1b[2mname\x1b[0m\na\n");
  });

  it("align the values of facts", () => {
    expect(
      formatFacts(
        [
          ["a", "1"],
          ["long", "2"],
        ],
        plain,
      ),
    ).toBe("a     1\nlong  2\n");
  });
});

describe("benchmark results", () => {
  it("say once what all of their names have in common", () => {
    const measurement = (name: string, values: readonly number[]): Measurement => ({
      path: [name, "cpu", "batch=8", "time"],
      values,
      warmups: [],
      unit: { symbol: "ms", source: "stated" },
      better: "lower",
      stated: null,
    });
    const set: MeasurementSet = {
      name: "results.json",
      format: "deltaflame",
      formatLabel: "benchmark results",
      producer: null,
      facts: [],
      measurements: [measurement("naive", [2, 4]), measurement("fast", [1])],
      ledger: { numbersRead: 3, values: 3, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
      integrity: [],
    };
    const text = formatMeasurements(set, "1 KB", plain);
    expect(text).toMatch(/^all +cpu \/ batch=8 \/ time$/m);
    expect(text).toMatch(/^2 +3 .* ms +lower +naive$/m);
    expect(text).toMatch(/^1 +1 .* ms +lower +fast$/m);
    const alone = formatMeasurements({ ...set, measurements: set.measurements.slice(0, 1) }, "1 KB", plain);
    expect(alone).toMatch(/naive \/ cpu \/ batch=8 \/ time$/m);
    expect(alone).not.toMatch(/^all /m);
  });
});

describe("times", () => {
  it("share one unit a column", () => {
    const column = chooseTimeColumn([1_000_000, 2_500_000, 900]);
    expect(column.unit).toBe("ms");
    expect([1_000_000, 2_500_000, 900].map(column.format)).toEqual(["1.00", "2.50", "<\u20090.01"]);
  });

  it("on the calendar keep every ns, before 1970 too", () => {
    expect(formatUnixNs("1712195495406757723")).toBe("2024-04-04 01:51:35.406757723 UTC");
    expect(formatUnixNs("-1")).toBe("1969-12-31 23:59:59.999999999 UTC");
    expect(formatUnixNs("99999999999999999999999999")).toBe("99999999999999999999999999 ns since 1970");
  });
});
