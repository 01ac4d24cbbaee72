import { describe, expect, test } from "vitest";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { createHandEngine, createHandPlatform, grantOf, settled, summaryOf } from "../fake-platform.ts";

function openTrace() {
  const engine = createHandEngine();
  const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
  store.getState().connectEngine(engine);
  store.getState().openFiles([grantOf("a.json")]);
  const key = store.getState().tabs[0]?.key ?? "";
  store.getState().acceptSummary(summaryOf(key));
  return { engine, store, key, search: () => store.getState().tabs[0]?.search ?? null };
}

describe("search", () => {
  test("counts hits, walks them and selects each", async () => {
    const { engine, store, key, search } = openTrace();
    const running = store.getState().runSearch(key, "gemm");
    expect(search()).toMatchObject({ query: "gemm", key: null, summary: null });
    const call = engine.last("search.run");
    const searchKey = (call.request as { search: string }).search;
    call.resolve({ search: searchKey, hitCount: 812, nameCount: 3, totalNs: 10 });
    await running;
    expect(search()).toMatchObject({ key: searchKey, summary: { hitCount: 812 }, currentIndex: null });

    const stepping = store.getState().stepSearch(key, "next");
    const span = {
      span: 9,
      name: "gemm",
      category: null,
      kind: "kernel",
      track: 1,
      row: 0,
      depth: 0,
      startNs: 10,
      durationNs: 5,
      selfNs: 5,
      openEnded: false,
    };
    engine.last("search.step").resolve({ span, index: 2, hitCount: 812 });
    await stepping;
    expect(search()?.currentIndex).toBe(2);
    expect(store.getState().tabs[0]?.selection).toEqual({ kind: "span", span });
  });

  test("a newer query wins, whatever comes back first", async () => {
    const { engine, store, key, search } = openTrace();
    const first = store.getState().runSearch(key, "a");
    const firstCall = engine.last("search.run");
    const second = store.getState().runSearch(key, "ab");
    firstCall.resolve({ search: "late", hitCount: 1, nameCount: 1, totalNs: 1 });
    engine.last("search.run").resolve({ search: "new", hitCount: 2, nameCount: 1, totalNs: 1 });
    await Promise.all([first, second]);
    expect(search()).toMatchObject({ query: "ab", summary: { hitCount: 2 } });
  });

  test("a query that cannot be read says so; an empty one clears", async () => {
    const { engine, store, key, search } = openTrace();
    const running = store.getState().runSearch(key, "/(/");
    engine.last("search.run").reject(new UserFacingError("Unterminated group"));
    await running;
    await settled();
    expect(search()?.error).toBe("Unterminated group");
    await store.getState().runSearch(key, "  ");
    expect(search()).toBeNull();
  });
});
