import { expect, test } from "vitest";
import { formatLink, type LinkedSelection } from "../../../../electron/contract/view-link.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { createHandEngine, createHandPlatform, grantOf, settled, summaryOf } from "../fake-platform.ts";

const content = "ab".repeat(32);
const view = { startNs: 100, endNs: 500 };
const linkTo = (selection: LinkedSelection, of = content): string =>
  formatLink({ source: { kind: "file", path: "/traces/a.json" }, content: of, ...view, selection });

function createApp() {
  const engine = createHandEngine();
  const platform = createHandPlatform();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  const read = async (fingerprint: string | null): Promise<void> => {
    engine.last("trace.open").resolve(summaryOf(store.getState().activeKey ?? ""));
    await settled();
    engine.last("bookmark.read").resolve({ fingerprint, bookmarks: [], problem: null });
    await settled();
  };
  const tab = () => store.getState().tabs.at(-1) ?? expect.fail("no tab");
  const notices = (): readonly (string | null)[] => store.getState().notices.map(({ detail }) => detail);
  return { engine, platform, store, read, tab, notices };
}

test("what is on the screen goes into a link, and nothing of a file that is not read or a run", async () => {
  const { platform, store, read, tab, notices } = createApp();
  store.getState().openFiles([grantOf("a.json")]);
  const { key } = tab();
  await store.getState().copyLink(key);
  expect(notices()).toEqual(["The file is not read to its end yet."]);
  await read(content);
  store.getState().zoomTo(key, view, true);
  store.getState().select(key, { kind: "area", startNs: 1, endNs: 2, rows: [7, 3, 4, 9, 5] });
  await store.getState().copyLink(key);
  expect(platform.invoked.at(-1)).toEqual([
    "link.copy",
    {
      token: "token a.json",
      place: {
        content,
        ...view,
        selection: {
          kind: "area",
          startNs: 1,
          endNs: 2,
          rows: [
            [3, 5],
            [7, 7],
            [9, 9],
          ],
        },
      },
    },
  ]);
  await store.getState().copyLink(store.getState().openLiveTab("run"));
  expect(notices().at(-1)).toMatch(/export them/);
});

test("a link opens its file, and what it selects is looked for by time, length and depth", async () => {
  const { engine, platform, store, read, tab, notices } = createApp();
  platform.answer("link.open", grantOf("a.json"));
  await store.getState().openLink(linkTo({ kind: "span", track: 1, depth: 0, startNs: 120, durationNs: 30 }));
  expect(tab().fileName).toBe("a.json");
  await read(content);
  expect(tab().viewport).toEqual(view);
  expect(engine.last("span.list").request).toMatchObject({ scope: { startNs: 120, endNs: 121, rows: [0] } });
  const span = { span: 5, track: 1, row: 0, depth: 0, startNs: 120, durationNs: 30, name: "x" };
  engine.last("span.list").resolve({ spans: [{ ...span, span: 4, durationNs: 31 }, span] });
  await settled();
  expect(tab().selection).toMatchObject({ kind: "span", span: { span: 5 } });
  expect(tab().viewport).toEqual(view);
  expect(notices()).toEqual([]);

  // The same content is open: no file is asked for.
  const asked = platform.invoked.length;
  await store.getState().openLink(linkTo({ kind: "range", startNs: 200, endNs: 300 }));
  expect(platform.invoked).toHaveLength(asked);
  expect(store.getState().tabs).toHaveLength(1);
  expect(tab().selection).toEqual({ kind: "range", startNs: 200, endNs: 300 });

  const following = store.getState().openLink(linkTo({ kind: "span", track: 1, depth: 0, startNs: 9, durationNs: 3 }));
  engine.last("span.list").resolve({ spans: [] });
  await following;
  expect(notices()).toEqual(["What the link selects is not in the file; its time is shown."]);
});

test("a file with other contents is shown as it is, with a word about that; without consent nothing opens", async () => {
  const { platform, store, read, tab, notices } = createApp();
  await store.getState().openLink(linkTo({ kind: "none" }));
  expect(store.getState().tabs).toEqual([]);
  platform.answer("link.open", grantOf("a.json"));
  await store.getState().openLink(linkTo({ kind: "none" }));
  await read("cd".repeat(32));
  expect(tab().viewport).not.toEqual(view);
  expect(notices()).toEqual([expect.stringMatching(/^a\.json has other contents/)]);
  await store.getState().openLink("https://example.org");
  expect(notices().at(-1)).toMatch(/no link to a view/);
});
