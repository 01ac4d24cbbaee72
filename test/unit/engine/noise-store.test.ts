import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createNoiseStore } from "../../../electron/engine/noise-store.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

it("keeps the largest spread of each program, and starts anew from a damaged file", async () => {
  const path = join(await createTemporaryFolder(), "data", "run-noise.json");
  const store = createNoiseStore(path);
  expect(await store.read()).toEqual([]);
  await store.add([]);
  await store.add([{ workload: "a", spread: 0.03, runs: 4 }]);
  await store.add([
    { workload: "a", spread: 0.01, runs: 5 },
    { workload: "b", spread: 0.2, runs: 2 },
  ]);
  expect(await createNoiseStore(path).read()).toEqual([
    { workload: "a", spread: 0.03, runs: 4 },
    { workload: "b", spread: 0.2, runs: 2 },
  ]);
  for (const damaged of ["{", '[{"workload": 1}]', '{"a": 1}']) {
    await writeFile(path, damaged);
    expect(await store.read()).toEqual([]);
  }
  await store.add([{ workload: "c", spread: 0.1, runs: 2 }]);
  expect(await readFile(path, "utf8")).toContain('"c"');
});
