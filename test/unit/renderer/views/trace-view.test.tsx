// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { TraceView } from "../../../../renderer/views/trace/TraceView.tsx";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

test("a trace that is whole at once still comes in stages, so that its picture waits for no panel", async () => {
  page = await renderInApp(<TraceView />, (store) => store.getState().openFiles([grantOf("a.ncu-rep")]));
  const { engine, root, store, update } = page;
  const seen = { frame: false, panelsWithFrame: false };
  const observer = new MutationObserver(() => {
    if (seen.frame || root.querySelector("h1") === null) return;
    seen.frame = true;
    seen.panelsWithFrame = root.querySelector('[role="tablist"]') !== null;
  });
  observer.observe(root, { childList: true, subtree: true });
  await update(async () => {
    // A table of kernels, which needs no canvas.
    const summary = { ...summaryOf(store.getState().activeKey ?? ""), launchCount: 1, spanCount: 0 };
    engine.last("trace.open").resolve(summary);
    await settled();
  });
  for (let stage = 0; stage < 4; stage++) await update(settled);
  observer.disconnect();
  expect(seen).toEqual({ frame: true, panelsWithFrame: false });
  expect(root.querySelector('[role="tablist"]')).not.toBeNull();
});
