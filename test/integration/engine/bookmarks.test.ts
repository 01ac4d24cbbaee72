import { copyFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { writeEvents } from "./event-files.ts";
import { openEngine } from "./open-engine.ts";

const bookmark = (startNs: number, label: string) => ({ startNs, endNs: startNs + 10, label });

it("keeps bookmarks for the content of a file, wherever it lies, and not for another", async () => {
  const folder = await createTemporaryFolder();
  const history = join(folder, "history");
  const path = await writeEvents(folder, "rich.json");
  const wanted = [bookmark(500, "second"), bookmark(100, "first")];
  const start = async (file: string) => {
    const opened = openEngine(undefined, undefined, undefined, history);
    await opened.open(file);
    return opened;
  };

  const one = await start(path);
  const before = await one.client.call("bookmark.read", { trace: "t" });
  expect(before).toEqual({ problem: null, bookmarks: [], fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await one.client.call("bookmark.write", { trace: "t", bookmarks: wanted });
  await one.engine.close();

  const copy = join(folder, "elsewhere.json");
  await copyFile(path, copy);
  const two = await start(copy);
  expect(await two.client.call("bookmark.read", { trace: "t" })).toEqual({
    bookmarks: [bookmark(100, "first"), bookmark(500, "second")],
    fingerprint: before.fingerprint,
    problem: null,
  });
  // None left: no file either.
  await two.client.call("bookmark.write", { trace: "t", bookmarks: [] });
  expect(await readdir(`${history}-bookmarks`)).toEqual([]);
  await two.client.call("bookmark.write", { trace: "t", bookmarks: wanted });
  await two.engine.close();

  await writeFile(copy, JSON.stringify({ traceEvents: [{ ph: "X", pid: 1, tid: 1, name: "x", ts: 1, dur: 2 }] }));
  const three = await start(copy);
  const other = await three.client.call("bookmark.read", { trace: "t" });
  expect(other.bookmarks).toEqual([]);
  expect(other.fingerprint).not.toBe(before.fingerprint);
  await three.engine.close();

  const [name = ""] = await readdir(`${history}-bookmarks`);
  expect(name).toBe(`${before.fingerprint}.json`);
  await writeFile(join(`${history}-bookmarks`, name), "{");
  const four = await start(path);
  // What the content is does not depend on what is kept of it.
  expect(await four.client.call("bookmark.read", { trace: "t" })).toEqual({
    bookmarks: [],
    fingerprint: before.fingerprint,
    problem: expect.stringContaining(`damaged: ${join(`${history}-bookmarks`, basename(name))}`),
  });
  await four.engine.close();
});
