import { describe, expect, it } from "vitest";
import type { ViewRequest } from "../../../electron/contract/engine-contract.ts";
import { parseEnvelope, parseRequest, requestLimits } from "../../../electron/contract/schemas.ts";

const view: ViewRequest = {
  trace: "t",
  panel: "main",
  strips: [{ kind: "rows", rows: [0, 1] }],
  startNs: 0,
  endNs: 10,
  widthPx: 800,
  minBoxPx: 4,
  search: null,
  generation: 1,
};

describe("request schemas", () => {
  it("pass a good request through", () => {
    expect(parseRequest("timeline.view", view)).toEqual(view);
    expect(
      parseRequest("table.top", {
        trace: "t",
        scope: { kinds: ["kernel"], startNs: 0, endNs: 1 },
        group: "path",
        sort: "selfNs",
        descending: true,
        first: 0,
        count: 10,
      }),
    ).toBeDefined();
  });

  const refused: readonly [what: string, request: unknown, message: RegExp][] = [
    ["a width of 0", { ...view, widthPx: 0 }, /widthPx: .*>=1/],
    ["a width beyond 16,384", { ...view, widthPx: 16_385 }, /widthPx: .*<=16384/],
    ["a broken width", { ...view, widthPx: 10.5 }, /widthPx/],
    ["a time that is not a number", { ...view, startNs: Number.NaN }, /startNs/],
    ["an infinite time", { ...view, endNs: Infinity }, /endNs/],
    ["an end before the start", { ...view, endNs: -1 }, /endNs must lie after startNs/],
    [
      "too many strips",
      { ...view, strips: Array.from({ length: requestLimits.strips + 1 }, () => ({ kind: "instants", track: 0 })) },
      /strips/,
    ],
    ["a negative row", { ...view, strips: [{ kind: "rows", rows: [-1] }] }, /strips\.0\.rows\.0/],
    ["an unknown kind of strip", { ...view, strips: [{ kind: "lasagna" }] }, /strips\.0\.kind/],
    ["a field nobody knows", { ...view, color: "red" }, /color/],
    ["a missing field", { ...view, panel: undefined }, /panel/],
    ["an endless key", { ...view, trace: "x".repeat(requestLimits.keyChars + 1) }, /trace/],
    ["no object at all", "view", /timeline\.view: .*Object/],
  ];
  it.each(refused)("refuse %s", (_what, request, message) => {
    expect(() => parseRequest("timeline.view", request)).toThrow(message);
  });

  it("want both ends of a range or none", () => {
    expect(() => parseRequest("span.list", { trace: "t", scope: { startNs: 1 }, first: 0, count: 1 })).toThrow(
      "startNs and endNs: both or none",
    );
  });

  it("cap queries and pages", () => {
    expect(() =>
      parseRequest("search.run", { trace: "t", search: "s", query: "x".repeat(requestLimits.queryChars + 1) }),
    ).toThrow(/query/);
    expect(() =>
      parseRequest("span.list", { trace: "t", scope: {}, first: 0, count: requestLimits.pageRows + 1 }),
    ).toThrow(/count/);
  });

  it("refuse envelopes of another kind", () => {
    expect(() => parseEnvelope({ kind: "shout", id: 1 })).toThrow(/message to the engine: kind/);
    expect(() => parseEnvelope(null)).toThrow(/message to the engine/);
    expect(() => parseEnvelope({ kind: "cancel", id: -1 })).toThrow(/id/);
  });
});
