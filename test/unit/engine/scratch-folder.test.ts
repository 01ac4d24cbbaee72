import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createScratchFolder, removeForsakenFolders } from "../../../electron/engine/runs/scratch-folder.ts";

test("the scratch folders of processes that are gone are removed, and no others", async () => {
  const parent = mkdtempSync(join(tmpdir(), "deltaflame-scratch-"));
  const own = basename(await createScratchFolder(parent));
  const [namespace, pid, start] = own.slice("deltaflame-run-".length).split("-");
  expect(pid).toBe(String(process.pid));
  // Over by now; a number is given to another process only after all others had their turn.
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  const forsaken = join(parent, `deltaflame-run-${namespace}-${gone}-${start}-aaaaaa`);
  mkdirSync(forsaken);
  writeFileSync(join(forsaken, "profile.json"), "{}");
  // The same number as ours, of a process before: a container gives the first one to every program.
  if (process.platform === "linux") mkdirSync(join(parent, `deltaflame-run-${namespace}-${pid}-1-bbbbbb`));
  const kept = [own, `deltaflame-run-elsewhere-${gone}-1-cccccc`, "deltaflame-run-file-dddddd", `other-${gone}-eeeeee`];
  for (const name of kept.slice(1)) mkdirSync(join(parent, name));
  await removeForsakenFolders(parent);
  expect(readdirSync(parent).toSorted()).toEqual(kept.toSorted());
  rmSync(parent, { recursive: true });
});

test("a run needs no list of the temporary folder", async () => {
  const parent = mkdtempSync(join(tmpdir(), "deltaflame-scratch-"));
  chmodSync(parent, 0o300);
  expect(basename(await createScratchFolder(parent))).toMatch(/^deltaflame-run-/);
  rmSync(parent, { recursive: true });
});
