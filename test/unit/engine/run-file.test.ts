import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRunFile } from "../../../electron/engine/runs/run-file.ts";
import { useBlockFile } from "../../../native-bench/spans/block-file.ts";
import { createBlock } from "../../../native-bench/spans/record-block.ts";

test("the file of a run takes blocks and gives them back, and leaves nothing behind", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-run-file-"));
  const file = openRunFile(folder);
  if (file === null) throw new Error("expected room for a file of a few hundred MB");
  const blocks = useBlockFile(file);
  const [block, copy] = [createBlock(), createBlock()];
  block.a[7] = 1234;
  expect(blocks.write(3, block)).toBe(true);
  expect(blocks.read(3, copy)).toBe(true);
  expect(copy.a[7]).toBe(1234);
  // Behind the end.
  expect(blocks.read(4, copy)).toBe(false);
  file.close();
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("a run without a folder for its file keeps what its recorders hold", () => {
  expect(openRunFile(join(tmpdir(), "deltaflame-no-such-folder"))).toBeNull();
});
