// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { findCommand } from "../../../../renderer/app/commands.ts";
import { KindBar } from "../../../../renderer/views/trace/KindBar.tsx";
import { useApp } from "../../../../renderer/state/store.ts";
import { nameVariant } from "../../../../traces/model/color-slot.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

function Shown() {
  const tab = useApp((state) => state.tabs[0]);
  return tab === undefined ? null : <KindBar tab={tab} />;
}

test("the bar says what colors mean: kinds, the names of most self time, or the scale of self shares", async () => {
  page = await renderInApp(<Shown />, (store) => store.getState().openFiles([grantOf("a.json")]));
  const { engine, role, root, store, update } = page;
  await update(async () => {
    engine.last("trace.open").resolve(summaryOf("trace-1"));
    await settled();
  });
  const context = { store, timeline: null };
  const kinds = (): readonly string[] => [...root.querySelectorAll("fieldset button")].map((each) => each.textContent);
  expect(kinds()).toEqual(["operation", "kernel"]);
  expect(role("button", "Color spans by").getAttribute("aria-label")).toBe("Color spans by: Kind");

  await update(() => findCommand("view.nextColoring")?.run(context));
  expect(store.getState().coloring).toBe("name");
  await update(async () => {
    engine.last("table.top").resolve({ rows: [{ path: ["gemm"] }, { path: ["void at::native::copy<4>(int)"] }] });
    await settled();
  });
  expect(engine.last("table.top").request).toMatchObject({ sort: "selfNs", group: "name", descending: true });
  expect(root.textContent).toContain("gemm");
  expect(root.querySelector('[title^="void at"]')?.textContent).toBe("copy<4>");
  const mark = root.querySelector<HTMLElement>('[title="gemm"] > span');
  expect(mark?.style.background).toBe(`#${nameVariant("gemm").toString(16).padStart(2, "0")}0000`);
  expect(root.textContent).toContain("names share 16 colors");
  expect(kinds()).toEqual([]);

  await update(() => findCommand("view.coloring.selfShare")?.run(context));
  expect(root.textContent).toMatch(/self share 0\s%100\s%/u);
  // What is muted stays in sight, and can be shown again.
  await update(() => store.getState().toggleMuted("trace-1", "kernel"));
  expect(kinds()).toEqual(["kernel", "Show all"]);
});
