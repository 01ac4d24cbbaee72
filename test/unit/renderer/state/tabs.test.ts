import { describe, expect, test } from "vitest";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { shownKeyOf, viewOf } from "../../../../renderer/state/tabs-slice.ts";
import { TraceFormatError } from "../../../../traces/model/errors.ts";
import { createHandEngine, createHandPlatform, grantOf, settled, summaryOf } from "../fake-platform.ts";
import { track as makeTrack } from "../timeline/tracks.ts";

function openWindow() {
  const platform = createHandPlatform();
  const engine = createHandEngine();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  return { platform, engine, store, state: () => store.getState(), tab: (index = 0) => store.getState().tabs[index] };
}

describe("opening files", () => {
  test("a granted file becomes a tab that loads, grows and is ready", async () => {
    const { engine, state, tab, platform } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    expect(state().tabs.map((each) => each.fileName)).toEqual(["a.json", "b.json"]);
    expect(state().activeKey).toBe(tab()?.key);
    const key = tab()?.key ?? "";

    engine.calls[0]?.options.onProgress?.({ done: 10, total: 100, unit: "bytes" });
    expect(tab()?.load).toMatchObject({ kind: "loading", progress: { done: 10 } });
    engine.emit("trace.grew", summaryOf(key, { partial: true, durationNs: 500 }));
    expect(tab()?.viewport).toEqual({ startNs: 0, endNs: 500 });
    engine.calls[0]?.resolve(summaryOf(key));
    await settled();
    expect(tab()?.load.kind).toBe("ready");
    expect(tab()?.viewport).toEqual({ startNs: 0, endNs: 1_000_000 });
    expect(platform.invoked).toContainEqual(["file.opened", { token: "token a.json", formatLabel: "Chrome trace" }]);
  });

  test("what would be different goes along with a trace that is read again, and leaves with its tab", () => {
    const { state, tab } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    const first = tab()?.key ?? "";
    state().addWhatIf(first, "load", 0);
    state().reopenTab(first);
    const again = tab()?.key ?? "";
    expect(again).not.toBe(first);
    expect(Object.keys(state().whatIfChanges)).toEqual([again]);
    expect(state().whatIfChanges[again]).toMatchObject([{ query: "load", factor: 0 }]);
    state().closeTab(again);
    expect(state().whatIfChanges).toEqual({});
  });

  test("a view that the user has touched stays while the trace grows", () => {
    const { engine, state, tab } = openWindow();
    state().openFiles([grantOf("a.json")]);
    const key = tab()?.key ?? "";
    engine.emit("trace.grew", summaryOf(key, { partial: true, durationNs: 500 }));
    state().zoomTo(key, { startNs: 100, endNs: 200 }, true);
    engine.emit("trace.grew", summaryOf(key, { partial: true, durationNs: 900 }));
    expect(tab()?.viewport).toEqual({ startNs: 100, endNs: 200 });
  });

  test("a trace of two clocks opens on the group with most spans, with the whole a step back", async () => {
    const { engine, state, tab } = openWindow();
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    const timeGroups = [
      { startNs: 0, endNs: 300, spanCount: 1, instantCount: 7, sampleCount: 0 },
      { startNs: 900_000, endNs: 910_000, spanCount: 40, instantCount: 0, sampleCount: 0 },
    ];
    const [first, second] = state().tabs.map(({ key }) => key);
    const whole = { startNs: 0, endNs: 1_000_000 };
    state().zoomTo(second ?? "", { startNs: 10, endNs: 20 }, true);
    for (const key of [first ?? "", second ?? ""]) engine.emit("trace.grew", summaryOf(key, { partial: true }));
    expect(tab()?.viewport).toEqual(whole);
    for (const [index, key] of [first ?? "", second ?? ""].entries())
      engine.calls[index]?.resolve(summaryOf(key, { timeGroups }));
    await settled();
    expect(tab()?.viewport).toEqual({ startNs: 899_800, endNs: 910_200 });
    state().previousView(first ?? "");
    expect(tab()?.viewport).toEqual(whole);
    // Who has already looked for something is not led away from it.
    expect(tab(1)?.viewport).toEqual({ startNs: 10, endNs: 20 });
  });

  test("a file that is no trace says where it went wrong", async () => {
    const { engine, state, tab } = openWindow();
    state().openFiles([grantOf("a.json")]);
    engine.last("trace.open").reject(new TraceFormatError("expected a trace", { byteOffset: 12 }));
    await settled();
    expect(tab()?.load).toEqual({
      kind: "failed",
      error: { name: "TraceFormatError", message: "expected a trace", place: { byteOffset: 12 } },
    });
  });

  test("cancelling leaves a tab that can be read again, with the inflate limit lifted when asked", async () => {
    const { engine, state, tab } = openWindow();
    state().openFiles([grantOf("a.json")]);
    state().cancelLoad(tab()?.key ?? "");
    await settled();
    expect(tab()?.load.kind).toBe("cancelled");
    state().reopenTab(tab()?.key ?? "", { allowLargeInflate: true });
    expect(tab()?.load.kind).toBe("loading");
    expect(engine.last("trace.open").request).toEqual({
      trace: tab()?.key,
      file: "token a.json",
      allowLargeInflate: true,
    });
    expect(state().activeKey).toBe(tab()?.key);
  });

  test("closing a tab shows its right neighbor, and the engine lets the trace go", () => {
    const { engine, state } = openWindow();
    state().openFiles([grantOf("a"), grantOf("b"), grantOf("c")]);
    const [a, b, c] = state().tabs.map((tab) => tab.key);
    state().activateTab(b ?? "");
    state().closeTab(b ?? "");
    expect(state().activeKey).toBe(c);
    expect(engine.last("trace.close").request).toEqual({ trace: b });
    state().closeTab(c ?? "");
    expect(state().activeKey).toBe(a);
    state().closeTab(a ?? "");
    expect(state().activeKey).toBeNull();
  });

  test("tabs walk around the ends and move to another place", () => {
    const { state } = openWindow();
    state().openFiles([grantOf("a"), grantOf("b"), grantOf("c")]);
    const names = (): readonly string[] => state().tabs.map((tab) => tab.fileName);
    state().cycleTab(-1);
    expect(state().tabs.findIndex((tab) => tab.key === state().activeKey)).toBe(2);
    state().moveTab(state().tabs[2]?.key ?? "", state().tabs[0]?.key ?? "");
    expect(names()).toEqual(["c", "a", "b"]);
    state().moveTab(state().tabs[0]?.key ?? "", null);
    expect(names()).toEqual(["a", "b", "c"]);
  });
});

describe("the end of the engine", () => {
  test("a new engine reads every open file again and keeps the views", async () => {
    const { state, tab, engine } = openWindow();
    state().openFiles([grantOf("a.json")]);
    const key = tab()?.key ?? "";
    engine.last("trace.open").resolve(summaryOf(key));
    await settled();
    state().zoomTo(key, { startNs: 5, endNs: 50 }, true);
    state().engineHasEnded("out of memory");
    expect(state().engine).toBeNull();
    expect(state().engineEnded).toBe("out of memory");

    const next = createHandEngine();
    state().connectEngine(next);
    expect(state().engineEnded).toBeNull();
    expect(tab()).toMatchObject({ viewport: { startNs: 5, endNs: 50 }, load: { kind: "loading" } });
    expect(next.last("trace.open").request).toMatchObject({ file: "token a.json" });
  });

  test("a file that came before the first engine is read once there is one", () => {
    const platform = createHandPlatform();
    const store = createAppStore({ platform, now: () => 0 });
    store.getState().openFiles([grantOf("early.json")]);
    const engine = createHandEngine();
    store.getState().connectEngine(engine);
    expect(engine.calls.filter((call) => call.command === "trace.open")).toHaveLength(1);
  });
});

describe("the shell", () => {
  test("what the shell refuses becomes a notice; a changed mind does not", async () => {
    const { platform, state } = openWindow();
    platform.answer("file.choose", new Error("the disk is gone"));
    await state().chooseFiles();
    expect(state().notices).toMatchObject([{ text: "No file could be opened.", detail: "the disk is gone" }]);
    state().dismissNotice(state().notices[0]?.id ?? 0);
    platform.answer("file.choose", []);
    await state().chooseFiles();
    expect(state().notices).toEqual([]);
    expect(state().tabs).toEqual([]);
  });
});

describe("a selection in a trace that grows", () => {
  const track = makeTrack(0, { firstRow: 0, rowCount: 2, spanCount: 3 });
  const span = {
    span: 4,
    name: "gemm",
    category: null,
    kind: "kernel",
    track: 0,
    row: 1,
    depth: 1,
    startNs: 10,
    durationNs: 5,
    selfNs: 5,
    openEnded: false,
  } as const;

  function openGrowing() {
    const window = openWindow();
    window.state().openFiles([grantOf("a.json")]);
    const key = window.tab()?.key ?? "";
    window.engine.emit("trace.grew", summaryOf(key, { partial: true, tracks: [track] }));
    return { ...window, key };
  }

  test("is found again under its new number", async () => {
    const { engine, state, tab, key } = openGrowing();
    state().selectSpan(key, span, false);
    engine.emit("trace.grew", summaryOf(key, { tracks: [{ ...track, firstRow: 7 }] }));
    expect(tab()?.selection).toEqual({ kind: "none" });
    const call = engine.last("span.list");
    expect(call.request).toMatchObject({ scope: { startNs: 10, endNs: 11, rows: [7, 8] } });
    const found = { ...span, span: 90, row: 8 };
    call.resolve({ total: 2, spans: [{ ...found, span: 89, name: "aten::mm" }, found] });
    await settled();
    expect(tab()?.selection).toEqual({ kind: "span", span: found });
  });

  test("is given up when it is gone, and never replaces what was selected meanwhile", async () => {
    const { engine, state, tab, key } = openGrowing();
    state().selectSpan(key, span, false);
    engine.emit("trace.grew", summaryOf(key, { partial: true, tracks: [track] }));
    state().select(key, { kind: "range", startNs: 0, endNs: 5 });
    engine.last("span.list").resolve({ total: 1, spans: [span] });
    await settled();
    expect(tab()?.selection).toEqual({ kind: "range", startNs: 0, endNs: 5 });
    state().selectSpan(key, span, false);
    engine.emit("trace.grew", summaryOf(key, { tracks: [track] }));
    engine.last("span.list").resolve({ total: 0, spans: [] });
    await settled();
    expect(tab()?.selection).toEqual({ kind: "none" });
  });

  test("of an area moves with the rows of its tracks", () => {
    const { engine, state, tab, key } = openGrowing();
    state().select(key, { kind: "area", startNs: 0, endNs: 5, rows: [1] });
    engine.emit("trace.grew", summaryOf(key, { tracks: [{ ...track, firstRow: 7 }] }));
    expect(tab()?.selection).toEqual({ kind: "area", startNs: 0, endNs: 5, rows: [8] });
  });
});

describe("views of no single trace", () => {
  test("take the place of the tab until it is asked for again", () => {
    const { state, tab } = openWindow();
    expect(viewOf(state())).toBe("welcome");
    state().openFiles([grantOf("a.json"), grantOf("b.json")]);
    expect(viewOf(state())).toBe("trace");
    state().showView("welcome");
    expect([viewOf(state()), shownKeyOf(state()), state().activeKey]).toEqual(["welcome", null, tab()?.key]);
    state().activateTab(state().activeKey);
    expect([viewOf(state()), shownKeyOf(state())]).toEqual(["trace", tab()?.key]);
    state().showView("welcome");
    state().cycleTab(1);
    expect(shownKeyOf(state())).toBe(tab(1)?.key);
    state().showView("welcome");
    state().openFiles([grantOf("c.json")]);
    expect(shownKeyOf(state())).toBe(tab(2)?.key);
  });
});
