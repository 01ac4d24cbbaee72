// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { BookmarksPanel } from "../../../../renderer/dock/BookmarksPanel.tsx";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import { useApp } from "../../../../renderer/state/store.ts";
import { grantOf, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const bookmarks = ["first", "second", "third"].map((label, index) => ({ startNs: index, endNs: index, label }));
const tab = { ...createTab("t", grantOf("a.json"), 0), summary: summaryOf("t"), bookmarks };

function Shown() {
  const shown = useApp((state) => state.tabs[0]);
  return shown === undefined ? null : <BookmarksPanel tab={shown} />;
}

test("keys of a row rename and delete it, and the focus goes to its neighbor", async () => {
  page = await renderInApp(<Shown />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
  const { store, update } = page;
  const row = (label: string): HTMLElement => {
    const found = [...(page?.root.querySelectorAll<HTMLElement>("li > button") ?? [])].find(
      (button) => button.textContent === label,
    );
    if (found === undefined) throw new Error(`no row ${label}`);
    return found;
  };
  const press = (label: string, key: string) =>
    update(() => {
      row(label).focus();
      row(label).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    });
  await press("second", "Delete");
  expect(store.getState().tabs[0]?.bookmarks.map(({ label }) => label)).toEqual(["first", "third"]);
  expect(document.activeElement?.textContent).toBe("third");
  await press("third", "Delete");
  expect(document.activeElement?.textContent).toBe("first");
  await press("first", "F2");
  expect(store.getState().namedBookmark?.label).toBe("first");
});
