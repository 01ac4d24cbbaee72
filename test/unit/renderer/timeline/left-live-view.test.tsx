// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { useApp } from "../../../../renderer/state/store.ts";
import { timelineActionsOf } from "../../../../renderer/state/timeline-slice.ts";
import { LeftLiveView } from "../../../../renderer/timeline/TimelineEmpty.tsx";
import { summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

function FirstTab({ find }: { readonly find: () => Rendered | null }) {
  const tab = useApp(({ tabs }) => tabs[0]);
  const store = find()?.store;
  if (tab === undefined || store === undefined) return null;
  return <LeftLiveView tab={tab} actions={timelineActionsOf(store, tab.key)} />;
}

test("a live view whose spans have left it says so, and leads to the newest ones and on with them", async () => {
  page = await renderInApp(<FirstTab find={() => page} />, (store) => void store.getState().openLiveTab("run"));
  const { engine, store, root, role, update } = page;
  const key = store.getState().activeKey ?? "";
  const grow = (completeFromNs: number, durationNs: number, partial = true) =>
    update(() => engine.emit("trace.grew", summaryOf(key, { partial, completeFromNs, durationNs })));
  await grow(0, 1000);
  await update(() => store.getState().zoomTo(key, { startNs: 100, endNs: 200 }, true));
  await grow(150, 2000);
  expect(root.textContent).toBe("");
  await grow(1500, 3000);
  expect(root.textContent).toContain("The spans of this time have left the live view");

  await update(() => role("button", "Follow the end").click());
  expect(store.getState().tabs[0]?.viewport).toEqual({ startNs: 1500, endNs: 3000 });
  expect(root.textContent).toBe("");
  await grow(4000, 5000);
  expect(store.getState().tabs[0]?.viewport).toEqual({ startNs: 4000, endNs: 5000 });

  // When the run has ended, everything is there again.
  await update(() => store.getState().zoomTo(key, { startNs: 100, endNs: 200 }, true));
  expect(root.textContent).not.toBe("");
  await grow(0, 6000, false);
  expect(root.textContent).toBe("");
});
