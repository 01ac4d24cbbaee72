// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { Banners } from "../../../../renderer/app/Banners.tsx";
import { grantOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

test("what a key refused about a trace goes with its tab; what concerns the window stays", async () => {
  page = await renderInApp(<Banners />, (store) => store.getState().openFiles([grantOf("a.json"), grantOf("b.json")]));
  const { store, root, update } = page;
  const [first = "", second = ""] = store.getState().tabs.map(({ key }) => key);
  await update(() => store.getState().copyLink(first));
  await update(() => store.getState().report("The settings could not be saved.", new Error("disk full")));
  expect(root.textContent).toContain("There is no link to this view. The file is not read to its end yet.");

  await update(() => store.getState().closeTab(second));
  expect(root.textContent).toContain("There is no link to this view.");
  await update(() => store.getState().closeTab(first));
  expect(root.textContent).toBe("The settings could not be saved. disk full");
});
