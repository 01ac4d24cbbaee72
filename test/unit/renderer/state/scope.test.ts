import { describe, expect, test } from "vitest";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import { scopeOf, scopeWords } from "../../../../renderer/state/scope.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { revealInViewport, viewportAround } from "../../../../renderer/state/viewport.ts";
import { grantOf, summaryOf } from "../fake-platform.ts";

const tab: TraceTab = { ...createTab("t", grantOf("a.json"), 0), summary: summaryOf("t") };

describe("scope of the tables", () => {
  test("is the whole trace, a range, or an area; muted kinds are left out", () => {
    expect(scopeOf(tab)).toEqual({});
    expect(scopeOf({ ...tab, selection: { kind: "range", startNs: 1, endNs: 9 } })).toEqual({ startNs: 1, endNs: 9 });
    expect(
      scopeOf({ ...tab, mutedKinds: ["op"], selection: { kind: "area", startNs: 1, endNs: 9, rows: [2, 3] } }),
    ).toEqual({ startNs: 1, endNs: 9, rows: [2, 3], kinds: ["kernel"] });
  });

  test("is said in words", () => {
    expect(scopeWords(tab)).toBe("Whole trace");
    expect(scopeWords({ ...tab, selection: { kind: "range", startNs: 0, endNs: 12_400_000 } })).toBe(
      "Selection: 12.4\u2009ms",
    );
    expect(scopeWords({ ...tab, selection: { kind: "area", startNs: 0, endNs: 12_400_000, rows: [1, 2, 3] } })).toBe(
      "Selection: 12.4\u2009ms, 3 rows",
    );
    expect(scopeWords({ ...tab, mutedKinds: ["op"] })).toBe("Whole trace, without 1 kind");
  });
});

describe("views that show a span", () => {
  const view = { startNs: 0, endNs: 1000 };
  test("stay when they show it already, move when it fits, zoom when it does not", () => {
    expect(revealInViewport(view, 100, 200)).toBe(view);
    expect(revealInViewport(view, 2000, 2100)).toEqual({ startNs: 1550, endNs: 2550 });
    expect(revealInViewport(view, 0, 5000)).toEqual(viewportAround(0, 5000));
  });
  test("come closer to a span that would be a hair", () => {
    const close = revealInViewport({ startNs: 0, endNs: 1e9 }, 5e8, 5e8 + 1000);
    const thin = { startNs: 0, endNs: 1e6 };
    expect(revealInViewport(thin, 5e5, 5e5 + 1000)).toBe(thin);
    expect(close.endNs - close.startNs).toBe(201_000);
  });
});
