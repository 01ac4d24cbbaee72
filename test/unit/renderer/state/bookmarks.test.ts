import { expect, test } from "vitest";
import type { Bookmark } from "../../../../electron/contract/bookmark-contract.ts";
import { findCommand } from "../../../../renderer/app/commands.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { createHandEngine, createHandPlatform, grantOf, settled, summaryOf } from "../fake-platform.ts";

const at = (startNs: number, label: string, endNs = startNs): Bookmark => ({ startNs, endNs, label });

async function openWith(kept: readonly Bookmark[], fingerprint: string | null = "f1") {
  const engine = createHandEngine();
  const platform = createHandPlatform();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  store.getState().openFiles([grantOf("a.json")]);
  const key = store.getState().activeKey ?? "";
  engine.last("trace.open").resolve(summaryOf(key));
  await settled();
  engine.last("bookmark.read").resolve({ fingerprint, bookmarks: kept, problem: null });
  await settled();
  const run = (id: string): void => {
    const command = findCommand(id);
    if (command?.isEnabled({ store, timeline: null }) !== true) throw new Error(`${id} rests`);
    command.run({ store, timeline: null });
  };
  const tab = () => store.getState().tabs[0] ?? expect.fail("no tab");
  const labels = (): readonly string[] => tab().bookmarks.map(({ label }) => label);
  const written = (): readonly unknown[] =>
    engine.calls.filter(({ command }) => command === "bookmark.write").map(({ request }) => request);
  return { store, key, engine, run, tab, labels, written };
}

test("what is kept for a file comes with it, and every change is kept", async () => {
  const { store, key, engine, run, tab, labels, written } = await openWith([at(500, "b"), at(100, "a")]);
  expect(engine.last("bookmark.read").request).toEqual({ trace: key });
  expect(labels()).toEqual(["a", "b"]);
  expect(written()).toEqual([]);

  store.getState().addBookmark(key, at(300, "new", 400));
  expect(labels()).toEqual(["a", "new", "b"]);
  expect(store.getState().dockTab).toBe("bookmarks");
  expect(tab().currentBookmark?.label).toBe("new");

  store.getState().renameBookmark(key, tab().bookmarks[1] ?? at(0, ""), "  slow step ");
  expect(labels()).toEqual(["a", "slow step", "b"]);
  // A name of nothing is none.
  store.getState().renameBookmark(key, tab().bookmarks[1] ?? at(0, ""), "  ");
  expect(labels()).toEqual(["a", "slow step", "b"]);

  run("bookmark.delete");
  expect(labels()).toEqual(["a", "b"]);
  run("bookmark.restore");
  expect(labels()).toEqual(["a", "slow step", "b"]);
  expect(written()).toHaveLength(4);
  expect(written().at(-1)).toEqual({
    trace: key,
    bookmarks: [at(100, "a"), at(300, "slow step", 400), at(500, "b")],
  });
});

test("next and previous go on from the one jumped to, and around the ends; a wide range is shown whole", async () => {
  const { store, key, run, tab } = await openWith([at(100, "a"), at(300, "b"), at(500, "c", 900_500)]);
  store.getState().zoomTo(key, { startNs: 150, endNs: 250 }, false);
  run("bookmark.next");
  expect(tab().currentBookmark?.label).toBe("b");
  expect(tab().viewport).toEqual({ startNs: 250, endNs: 350 });
  run("bookmark.previous");
  run("bookmark.previous");
  expect(tab().currentBookmark?.label).toBe("c");
  expect(tab().viewport.startNs).toBeLessThan(500);
  expect(tab().viewport.endNs).toBeGreaterThan(900_500);
  run("bookmark.next");
  expect(tab().currentBookmark?.label).toBe("a");
});

test("bookmarks set before the kept ones were read are kept with them; of a run nothing is kept", async () => {
  const { store, key, engine, labels, written } = await openWith([], null);
  store.getState().addBookmark(key, at(7, "mine"));
  expect(written()).toEqual([]);
  const reading = store.getState().readBookmarks(key);
  engine.last("bookmark.read").resolve({ fingerprint: "f1", bookmarks: [at(3, "kept"), at(7, "mine")], problem: null });
  await reading;
  expect(labels()).toEqual(["kept", "mine"]);
  expect(written()).toEqual([{ trace: key, bookmarks: [at(3, "kept"), at(7, "mine")] }]);
});

test("a file that is read again asks again: its content may be another", async () => {
  const { store, key, tab } = await openWith([at(1, "old")]);
  store.getState().reopenTab(key);
  expect(tab()).toMatchObject({ bookmarks: [], fingerprint: null });
});
