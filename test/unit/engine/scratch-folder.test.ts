import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createScratchFolder } from "../../../electron/engine/runs/scratch-folder.ts";

test("a new scratch folder takes the place of those whose processes are gone", async () => {
  const parent = mkdtempSync(join(tmpdir(), "deltaflame-scratch-"));
  // Over by now; a number is given to another process only after all others had their turn.
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  const forsaken = join(parent, `deltaflame-run-${gone}-aaaaaa`);
  mkdirSync(forsaken);
  writeFileSync(join(forsaken, "profile.json"), "{}");
  const kept = [`deltaflame-run-${process.ppid}-bbbbbb`, "deltaflame-run-file-cccccc", `other-${gone}-dddddd`];
  for (const name of kept) mkdirSync(join(parent, name));
  const first = await createScratchFolder(parent);
  const second = await createScratchFolder(parent);
  expect(readdirSync(parent).toSorted()).toEqual([...kept, basename(first), basename(second)].toSorted());
  rmSync(parent, { recursive: true });
});
