import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createCheckpointStore,
  readNewestCheckpoint,
} from "../../../native-bench/workloads/streaming-optimizer/checkpoint/checkpoint-store.ts";
import { decodeJson, encodeJson } from "../../../native-bench/workloads/streaming-optimizer/checkpoint/float-codec.ts";
import type { Dataset } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { buildChild } from "../../fixtures/optimizer/build-child.ts";
import { fitOnce, folder, makeExperiment, modelOf } from "./experiments.ts";

const key = { config: "c", data: "d", kernel: "k" };
const newFolder = (): string => mkdtempSync(join(folder, "checkpoints-"));

test("doubles keep their bits, also those that JSON cannot write", () => {
  const value = {
    x: Float64Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324),
    cost: Number.NEGATIVE_INFINITY,
    zero: -0,
    plain: 0.3,
    text: "f64",
  };
  expect(decodeJson(encodeJson(value))).toEqual(value);
  expect(Object.is((decodeJson(encodeJson({ zero: -0 })) as { zero: number }).zero, -0)).toBe(true);
});

describe("a store of checkpoints", () => {
  test("keeps the three newest and reads the last", async () => {
    const path = newFolder();
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    for (let step = 0; step < 6; step++) {
      store.save({ step });
      await store.flush();
    }
    expect(readdirSync(path).toSorted()).toEqual(["fit-00000004.json", "fit-00000005.json", "fit-00000006.json"]);
    expect(await readNewestCheckpoint(path, key)).toEqual({ step: 5 });
    await store.clear();
    expect(await readNewestCheckpoint(path, key)).toBeNull();
  });

  test("writes the latest of those that come while it writes", async () => {
    const path = newFolder();
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    for (let step = 0; step < 50; step++) store.save({ step });
    await store.flush();
    expect(store.writtenCount).toBeLessThan(5);
    expect(await readNewestCheckpoint(path, key)).toEqual({ step: 49 });
  });

  test("defect 14: passes over a damaged file for the one before", async () => {
    const path = newFolder();
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    for (const step of [1, 2]) {
      store.save({ step });
      await store.flush();
    }
    const newest = join(path, "fit-00000002.json");
    writeFileSync(newest, readFileSync(newest).subarray(0, 80));
    expect(await readNewestCheckpoint(path, key)).toEqual({ step: 1 });
  });

  test("refuses the checkpoint of another fit, naming what differs", async () => {
    const path = newFolder();
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    store.save({});
    await store.flush();
    await expect(readNewestCheckpoint(path, { ...key, data: "other" })).rejects.toThrow(
      "its data is d, here it is other",
    );
    await expect(readNewestCheckpoint(path, { ...key, kernel: "fma" })).rejects.toThrow(
      "its kernel is k, here it is fma",
    );
  });

  test.skipIf(process.platform !== "linux")("tells when the disk is full, in the store and in the fit", async () => {
    const path = newFolder();
    // What is written to this name meets a full disk.
    symlinkSync("/dev/full", join(path, "fit-00000001.json.part"));
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    store.save({ step: 1 });
    await expect(store.flush()).rejects.toThrow(`the disk is full: no checkpoint could be written to ${path}`);

    const model = modelOf("static");
    const full = newFolder();
    symlinkSync("/dev/full", join(full, "fit-00000001.json.part"));
    const checkpoint = { folder: full, resume: true, everySeconds: 0 };
    await expect(fitOnce(model, await makeExperiment(model), { checkpoint })).rejects.toThrow("the disk is full");
  });

  test("tells when nothing can be written", async () => {
    const path = newFolder();
    const store = await createCheckpointStore(path, key, nullFitRecorder);
    rmSync(path, { recursive: true });
    writeFileSync(path, "a file in the way");
    store.save({});
    await expect(store.flush()).rejects.toThrow();
  });
});

describe("a fit that was stopped goes on to the same bits", () => {
  let dataset: Dataset;
  const model = modelOf("laminar");
  beforeAll(async () => {
    dataset = await makeExperiment(model, { experiment: createReferenceExperiment(120, 6) });
  });

  for (const mode of ["deltaflame", "nlsq"] as const)
    test(`cancelled at every possible place, mode ${mode}`, async () => {
      const config = { mode, warmup: "none", max_iterations: 12, ...(mode === "nlsq" && { ftol: 1e-6 }) };
      const whole = await fitOnce(model, dataset, { config, rangePoints: 30_000 });
      const checks = await countChecks(config);
      let resumedPasses = 0;
      for (let stopAt = 1; stopAt < checks; stopAt += 7) {
        const checkpoint = { folder: newFolder(), resume: true, everySeconds: 0 };
        let seen = 0;
        const throwIfCancelled = (): void => {
          if (++seen === stopAt) throw new Error("stopped here");
        };
        await expect(
          fitOnce(model, dataset, { config, checkpoint, rangePoints: 30_000, throwIfCancelled }),
        ).rejects.toThrow("stopped here");
        let passesAfter = 0;
        const result = await fitOnce(model, dataset, {
          config,
          checkpoint,
          rangePoints: 30_000,
          throwIfCancelled: () => void passesAfter++,
        });
        expect(result.popt).toEqual(whole.popt);
        expect(result.pcov).toEqual(whole.pcov);
        if (mode === "deltaflame") expect(result.passes).toEqual(whole.passes);
        if (passesAfter < checks) resumedPasses++;
      }
      expect(resumedPasses).toBeGreaterThan(0);
    }, 180_000);

  async function countChecks(config: Readonly<Record<string, unknown>>): Promise<number> {
    let count = 0;
    await fitOnce(model, dataset, { config, rangePoints: 30_000, throwIfCancelled: () => void count++ });
    return count;
  }
});

describe("a killed process", () => {
  let program: string;
  beforeAll(async () => {
    program = await buildChild("fit-child");
  }, 180_000);

  test("defect 10: is resumed to the bits of the one that ran through, whenever it was killed", async () => {
    const model = modelOf("laminar");
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(240, 8) });
    const whole = await runChild(program, [dataset.path, newFolder()], null);
    const lifeMs = Math.max(20, whole.fitMs);
    let killed = 0;
    for (let round = 0; round < rounds; round++) {
      const checkpoints = newFolder();
      // Spread over the life of the fit, start-up aside.
      const first = await runChild(program, [dataset.path, checkpoints], (lifeMs * (round + 0.5)) / rounds);
      if (first.result === null) killed++;
      const second = await runChild(program, [dataset.path, checkpoints, String(1 + (round % 2))], null);
      expect(JSON.parse(second.result ?? "{}")).toMatchObject({ bits: JSON.parse(whole.result ?? "{}").bits });
    }
    expect(killed).toBeGreaterThan(rounds / 2);
  }, 180_000);
});

/** Twenty were run when this was written; these are for every day. */
const rounds = 8;

interface ChildRun {
  /** null: killed before it had one. */
  readonly result: string | null;
  /** From the first word of the fit to its result, ms. */
  readonly fitMs: number;
}

/** Runs the program; kills it `killAfterMs` after the fit began. */
function runChild(program: string, words: readonly string[], killAfterMs: number | null): Promise<ChildRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    let startMs = 0;
    let endMs = 0;
    child.stdout.on("data", (data: Buffer) => {
      if (startMs === 0) {
        startMs = performance.now();
        if (killAfterMs !== null) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      }
      output += data.toString();
      endMs = performance.now();
    });
    child.on("error", reject);
    child.on("exit", () => resolve({ result: /^result (.*)$/m.exec(output)?.[1] ?? null, fitMs: endMs - startMs }));
  });
}
