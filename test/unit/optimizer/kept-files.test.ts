import { existsSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { clearKept, listKept, trimKept } from "../../../native-bench/workloads/streaming-optimizer/kept-files.ts";
import { fitOnce, folder, makeExperiment, modelOf } from "./experiments.ts";

const newFolder = (): string => mkdtempSync(join(folder, "kept-"));

test("a stopped fit is listed with what it was and how far it had come, until it is done or cleared", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(60, 5) });
  const kept = newFolder();
  const about = { variant: "fused", backend: "wasm-f64", options: { model: "laminar" }, points: 18_000 };
  const checkpoint = { folder: join(kept, "fit-a"), resume: true, everySeconds: 0, about };
  const config = { warmup: "none" };
  let looks = 0;
  const throwIfCancelled = (): void => {
    if (++looks === 5) throw new Error("stopped here");
  };
  await expect(fitOnce(model, dataset, { config, checkpoint, throwIfCancelled })).rejects.toThrow("stopped here");
  writeFileSync(join(kept, "data.npy"), new Uint8Array(1000));
  const { fits, bytes } = await listKept(kept);
  expect(fits).toHaveLength(1);
  expect(fits[0]).toMatchObject({ configuration: about });
  expect(fits[0]?.iteration).toBeGreaterThan(0);
  expect(fits[0]?.passes).toBeGreaterThan(1);
  expect(fits[0]?.cost).toBeGreaterThan(0);
  expect(Math.abs((fits[0]?.savedMs ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(bytes).toBeGreaterThan(1500);
  await fitOnce(model, dataset, { config, checkpoint });
  expect((await listKept(kept)).fits).toEqual([]);
  await clearKept(kept);
  expect(await listKept(kept)).toEqual({ fits: [], bytes: 0 });
});

test("what is old or too much goes, the newest stays", async () => {
  const kept = newFolder();
  const add = (name: string, bytes: number, ageDays: number): string => {
    const path = join(kept, name);
    writeFileSync(path, new Uint8Array(bytes));
    const used = new Date(Date.now() - ageDays * 86_400_000);
    utimesSync(path, used, used);
    return path;
  };
  const [old, middle, fresh] = [add("old", 10, 40), add("middle", 600, 2), add("fresh", 600, 0)];
  await trimKept(kept);
  expect([old, middle, fresh].map((path) => existsSync(path))).toEqual([false, true, true]);
  await trimKept(kept, { bytes: 1000 });
  expect([middle, fresh].map((path) => existsSync(path))).toEqual([false, true]);
});
