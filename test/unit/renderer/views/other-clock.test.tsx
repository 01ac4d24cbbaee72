// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { useApp } from "../../../../renderer/state/store.ts";
import { OtherClockBanner } from "../../../../renderer/views/OtherClockBanner.tsx";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

function FirstTab() {
  const tab = useApp(({ tabs }) => tabs[0]);
  return tab === undefined ? null : <OtherClockBanner tab={tab} />;
}

test("events of another clock are told of, and one press shows them instead, and back", async () => {
  page = await renderInApp(<FirstTab />, (store) => store.getState().openFiles([grantOf("a.json")]));
  const { engine, root, store, role, update } = page;
  const read = (count: number, where: string) =>
    update(async () => {
      const { trace } = engine.last("trace.open").request as { readonly trace: string };
      const { ledger } = summaryOf(trace);
      const message = `events of another clock, 53.9 years ${where} the others`;
      const dropped = [{ level: "warning", code: "otherClock", message, count, firstBytes: [7] }] as const;
      engine.last("trace.open").resolve(summaryOf(trace, { ledger: { ...ledger, dropped } }));
      await settled();
    });
  await read(2000, "before");
  expect(root.textContent).toContain("2000 events of another clock, 53.9 years before the others, are not shown.");
  const key = store.getState().tabs[0]?.key ?? "";
  await update(() => store.getState().zoomTo(key, { startNs: 5, endNs: 6 }, true));

  await update(() => role("button", "Show those instead").click());
  expect(engine.last("trace.open").request).toMatchObject({ file: "token a.json", otherClock: true });
  expect(root.textContent).toBe("");
  await read(3000, "after");
  expect(store.getState().tabs[0]).toMatchObject({ viewport: { startNs: 0, endNs: 1_000_000 }, back: [] });
  // Reading it again keeps what is shown.
  await update(() => store.getState().reopenTab(store.getState().tabs[0]?.key ?? ""));
  expect(engine.last("trace.open").request).toMatchObject({ otherClock: true });
  await read(3000, "after");
  await update(() => role("button", "Show those instead").click());
  expect(engine.last("trace.open").request).not.toHaveProperty("otherClock");
});
