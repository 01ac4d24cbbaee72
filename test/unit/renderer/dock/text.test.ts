import { describe, expect, test } from "vitest";
import type { SpanDetails, TopRow } from "../../../../electron/contract/engine-contract.ts";
import { absoluteTime } from "../../../../renderer/dock/absolute-time.ts";
import { spanAsJson, spanAsText } from "../../../../renderer/dock/span-text.ts";
import { toTsv } from "../../../../renderer/dock/top-columns.tsx";
import { summaryOf } from "../fake-platform.ts";

const brief = {
  span: 1,
  name: "gemm",
  category: "kernel",
  kind: "kernel",
  track: 1,
  row: 0,
  depth: 1,
  startNs: 10,
  durationNs: 20,
  selfNs: 20,
  openEnded: false,
} as const;
const details: SpanDetails = {
  brief,
  ancestors: [{ ...brief, span: 0, name: "step" }],
  childCount: 0,
  sameName: { count: 1, totalNs: 20 },
  args: [
    ["grid", "[1,2,3]"],
    ["__proto__", "kept"],
  ],
  argsUnavailable: null,
  argsPacked: false,
  links: [],
  linksOmitted: 0,
};

describe("copies", () => {
  test("a span as text has one fact a line and all digits", () => {
    expect(spanAsText(details, "stream 7").split("\n")).toEqual([
      "gemm",
      "kind\tkernel",
      "category\tkernel",
      "track\tstream 7",
      "start\t10 ns",
      "duration\t20 ns",
      "self\t20 ns",
      "inside\tstep",
      "grid\t[1,2,3]",
      "__proto__\tkept",
    ]);
    expect(spanAsText({ ...details, brief: { ...brief, openEnded: true } }, "t")).toContain(
      "duration\tno end in the file",
    );
  });
  test("a span below more ancestors than are told says so", () => {
    expect(spanAsText({ ...details, brief: { ...brief, depth: 900 } }, "t")).toContain("inside\t… > step");
  });
  test("a span as JSON keeps hostile argument names as data", () => {
    expect(JSON.parse(spanAsJson(details, "stream 7"))).toMatchObject({
      name: "gemm",
      durationNs: 20,
      args: [
        ["grid", "[1,2,3]"],
        ["__proto__", "kept"],
      ],
    });
    expect(JSON.parse(spanAsJson({ ...details, brief: { ...brief, openEnded: true } }, "t"))).toMatchObject({
      durationNs: null,
    });
  });
  test("a table as TSV keeps its shape, whatever names hold", () => {
    const row: TopRow = {
      path: ["step", "a\tb\nc"],
      kind: "op",
      count: 3,
      openEnded: 0,
      totalNs: 30,
      selfNs: 20,
      meanNs: 10,
      minNs: 1,
      p50Ns: 9,
      p95Ns: 11,
      p99Ns: 12,
      maxNs: 13,
      share: 0.5,
      longestSpan: 4,
      clippedNs: 30,
    };
    const [head, line] = toTsv([row]).split("\n");
    expect(line).toBe("step > a b c\top\t3\t30\t20\t10\t9\t11\t12\t1\t13\t0.5");
    expect(line?.split("\t")).toHaveLength(head?.split("\t").length ?? 0);
  });
});

describe("clock time", () => {
  test("is exact to the microsecond, and absent without a calendar", () => {
    const summary = summaryOf("t", { originUnixNs: "1700000000123456789" });
    expect(absoluteTime(summary, 1_000)).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.123457$/);
    expect(absoluteTime(summaryOf("t"), 0)).toBeNull();
  });
});
