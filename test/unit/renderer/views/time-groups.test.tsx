// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { useApp } from "../../../../renderer/state/store.ts";
import { TimeGroupsBanner } from "../../../../renderer/views/TimeGroupsBanner.tsx";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

function FirstTab() {
  const tab = useApp(({ tabs }) => tabs[0]);
  return tab === undefined ? null : <TimeGroupsBanner tab={tab} />;
}

test("a trace whose times lie far apart says so, tells which part is shown, and leads to the others until it is dismissed", async () => {
  page = await renderInApp(<FirstTab />, (store) => store.getState().openFiles([grantOf("a.json")]));
  const { engine, root, store, role, update } = page;
  const key = store.getState().activeKey ?? "";
  await update(() => engine.emit("trace.grew", summaryOf(key, { partial: true })));
  expect(root.textContent).toBe("");

  const stray = { startNs: 0, endNs: 0, spanCount: 0, instantCount: 1, sampleCount: 0 };
  const work = { startNs: 7.2e12, endNs: 7.2e12 + 1000, spanCount: 40, instantCount: 0, sampleCount: 0 };
  await update(async () => {
    engine.last("trace.open").resolve(summaryOf(key, { durationNs: 7.2e12 + 1000, timeGroups: [stray, work] }));
    await settled();
  });
  expect(role("status").textContent).toContain("The events lie in 2 groups, 2\u2009h apart.");
  const shown = () => page?.all("radio").find((option) => option.getAttribute("aria-checked") === "true")?.textContent;
  expect(shown()).toBe("2: 1.00\u2009µs, 40 spans");

  await update(() => role("radio", "Whole trace").click());
  expect(store.getState().tabs[0]?.viewport).toEqual({ startNs: 0, endNs: 7.2e12 + 1000 });
  expect(shown()).toBe("Whole trace");
  await update(() => role("radio", "1: 1 instant").click());
  expect(store.getState().tabs[0]?.viewport).toEqual({ startNs: -52, endNs: 52 });
  await update(() => store.getState().zoomTo(key, { startNs: 5, endNs: 6 }, true));
  expect(shown()).toBeUndefined();

  await update(() => role("button", "Dismiss").click());
  expect(root.textContent).toBe("");
});
