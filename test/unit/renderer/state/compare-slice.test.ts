import { describe, expect, test } from "vitest";
import type { CompareRequest } from "../../../../electron/contract/compare-contract.ts";
import { selectedRange } from "../../../../renderer/state/compare-sides.ts";
import { currentRequest } from "../../../../renderer/state/compare-slice.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { viewOf } from "../../../../renderer/state/tabs-slice.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { compareWork } from "../../../fixtures/compared-traces.ts";
import { createHandEngine, createHandPlatform, grantOf, settled, summaryOf } from "../fake-platform.ts";

function openWindow() {
  const platform = createHandPlatform();
  const engine = createHandEngine();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  const state = () => store.getState();
  /** Every file that still loads is read. */
  const readAll = async (): Promise<void> => {
    for (const tab of state().tabs)
      engine.calls
        .find((call) => call.command === "trace.open" && (call.request as { readonly trace: string }).trace === tab.key)
        ?.resolve(summaryOf(tab.key));
    await settled();
  };
  const files = (side: "before" | "after"): readonly string[] => state().compareSides[side].map((part) => part.token);
  return { platform, engine, state, readAll, files };
}
const asFiles = (...names: readonly string[]): readonly File[] => names.map((name) => new File(["{}"], name));
const { summary } = compareWork({ load: 30e6, train: 70e6 }, { load: 1e6, train: 70e6 });

describe("choosing sides", () => {
  test("two files dropped at once are before and after", async () => {
    const { state, readAll } = openWindow();
    await state().openDropped(asFiles("a.json", "b.json"));
    expect(viewOf(state())).toBe("compare");
    expect(currentRequest(state())).toBeNull();
    await readAll();
    const [a, b] = state().tabs;
    expect(currentRequest(state())).toMatchObject({
      before: { traces: [{ trace: a?.key }] },
      after: { traces: [{ trace: b?.key }] },
    });
  });
  test("one file, or three, only open", async () => {
    const { state, files } = openWindow();
    await state().openDropped(asFiles("a.json"));
    await state().openDropped(asFiles("b.json", "c.json", "d.json"));
    expect(viewOf(state())).toBe("trace");
    expect([...files("before"), ...files("after")]).toEqual([]);
  });
  test("in the view of comparisons a single file fills the side that is free", async () => {
    const { state } = openWindow();
    state().showView("compare");
    await state().openDropped(asFiles("a.json"));
    await state().openDropped(asFiles("b.json"));
    expect(viewOf(state())).toBe("compare");
    const names = (side: "before" | "after") => state().compareSides[side].map((part) => part.token);
    expect([names("before"), names("after")]).toEqual([["a.json"], ["b.json"]]);
  });
  test("a trace that changes sides swaps with what is there; swapping mirrors", () => {
    const { state, files } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    state().assignSide("before", "token a.json");
    state().assignSide("after", "token b.json");
    state().assignSide("before", "token b.json");
    expect([files("before"), files("after")]).toEqual([["token b.json"], ["token a.json"]]);
    state().swapSides();
    expect([files("before"), files("after")]).toEqual([["token a.json"], ["token b.json"]]);
  });
  test("a file that is read again keeps its side, a closed one leaves it", async () => {
    const { state, readAll } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    state().assignSide("before", "token a.json");
    state().assignSide("after", "token b.json");
    await readAll();
    const before = currentRequest(state());
    state().reopenTab(state().tabs[0]?.key ?? "");
    expect(currentRequest(state())).toBeNull();
    await readAll();
    expect(currentRequest(state())).toMatchObject({ kind: "traces" });
    expect(currentRequest(state())).not.toEqual(before);
    state().closeTab(state().tabs[1]?.key ?? "");
    expect(currentRequest(state())).toBeNull();
  });
  test("a selected range or span of a trace can stand for it", async () => {
    const { state, readAll } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    await readAll();
    const [a, b] = state().tabs;
    state().select(a?.key ?? "", { kind: "range", startNs: 100, endNs: 900 });
    const range = selectedRange(state().tabs[0] ?? a ?? fail());
    expect(range).toEqual({ kind: "range", startNs: 100, endNs: 900 });
    state().setSide("before", [{ token: a?.token ?? "", range: range ?? { kind: "whole" } }]);
    state().setSide("after", [{ token: b?.token ?? "", range: { kind: "span", span: 7, name: "phase" } }]);
    expect(currentRequest(state())).toMatchObject({
      before: { traces: [{ trace: a?.key, startNs: 100, endNs: 900 }] },
      after: { traces: [{ trace: b?.key, during: 7 }] },
    });
  });
});

const fail = (): never => {
  throw new Error("there is none");
};

describe("comparing", () => {
  async function ready() {
    const window = openWindow();
    window.state().compareFiles([grantOf("a.json"), grantOf("b.json")]);
    await window.readAll();
    const done = window.state().startComparison();
    return { ...window, done };
  }
  test("runs once for a question, tells progress, says the verdict", async () => {
    const { state, engine, done } = await ready();
    const call = engine.last("compare.start");
    call.options.onProgress?.({ done: 5, total: 10, unit: "spans" });
    expect(state().comparison).toMatchObject({ kind: "running", progress: { done: 5 } });
    call.resolve(summary);
    await done;
    expect(state().comparison).toEqual({ kind: "ready", summary });
    expect(state().announcement.text).toBe(summary.headline.sentence);
    await state().startComparison();
    expect(engine.calls.filter((each) => each.command === "compare.start")).toHaveLength(1);
  });
  test("a changed question replaces the comparison before", async () => {
    const { state, engine, done } = await ready();
    engine.last("compare.start").resolve(summary);
    await done;
    state().selectCompareRow(3);
    state().swapSides();
    void state().startComparison();
    const first = engine.calls.find((call) => call.command === "compare.start") ?? fail();
    const { comparison } = first.request as CompareRequest;
    expect(engine.last("compare.close").request).toEqual({ comparison });
    expect(state().compareRow).toBeNull();
    const swapped = engine.last("compare.start").request as CompareRequest;
    expect(swapped.before.traces[0]?.trace).toBe(state().tabs[1]?.key);
    expect(swapped.comparison).not.toBe(comparison);
  });
  test("can be cancelled, and started again", async () => {
    const { state, engine, done } = await ready();
    state().cancelComparison();
    await done;
    expect(state().comparison.kind).toBe("cancelled");
    expect(engine.last("compare.start").options.signal?.aborted).toBe(true);
    void state().startComparison(true);
    expect(state().comparison.kind).toBe("running");
  });
  test("a failure is kept with its reason", async () => {
    const { state, engine, done } = await ready();
    engine.last("compare.start").reject(new UserFacingError("nothing in common"));
    await done;
    expect(state().comparison).toMatchObject({ kind: "failed", error: { message: "nothing in common" } });
  });
});
