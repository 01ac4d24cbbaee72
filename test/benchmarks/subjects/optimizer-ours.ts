import { writeSync } from "node:fs";
import { readPeakBytes } from "../../../native-bench/machine/memory.ts";
import { parseFitConfig } from "../../../native-bench/workloads/streaming-optimizer/parse-config.ts";
import { openDataset } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import { createEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/create-evaluator.ts";
import type { EvaluatorId } from "../../../native-bench/workloads/streaming-optimizer/evaluators/evaluator.ts";
import {
  clearNormalEquations,
  createNormalEquations,
} from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { runFit } from "../../../native-bench/workloads/streaming-optimizer/fit.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { chooseKernel } from "../../../native-bench/workloads/streaming-optimizer/kernel/compile-kernel.ts";
import { findFitModel } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";

/*
 * `optimizer-ours METHOD FILE WORKERS`: one fit, or passes of one engine, as one line of JSON.
 * METHOD: fit | fit-no-warm-up | fit-tight | pass-fma | pass-plain | pass-js | pass-webgpu | pass-ort.
 */

const [method = "", path = "", workers = "0"] = process.argv.slice(2);
const passRepetitions = 12;

async function main(): Promise<void> {
  const { dataset, sidecar } = openDataset(path);
  const model = findFitModel(sidecar?.model ?? "laminar");
  if (model === null) throw new Error(`${path} has no known model`);
  const config = parseFitConfig(settingsOf[method] ?? {});
  const parts = { dataset, model, rules: config, recorder: nullFitRecorder, workers: Number(workers) || null };
  if (method.startsWith("pass-")) return await runPasses(parts);
  const cpu = process.cpuUsage();
  const result = await runFit(
    {
      dataset,
      model,
      start: null,
      bounds: null,
      config,
      engine: "wasm-f64",
      checkpoint: null,
    },
    {
      recorder: nullFitRecorder,
      listener: {},
      throwIfCancelled: () => undefined,
      kernel: chooseKernel(null),
      createEvaluator: ({ id, blocks, onMasked }) => createEvaluator(id, { ...parts, blocks, onMasked, kernel: null }),
    },
  );
  const { user, system } = process.cpuUsage(cpu);
  print({
    seconds: result.elapsedMs / 1000,
    cpuSeconds: (user + system) / 1e6,
    iterations: result.iterations,
    passes: result.passes.full + result.warmUp.passEquivalents,
    cost: result.cost,
    popt: [...result.popt],
    perr: [...result.perr],
    success: result.success,
    engine: result.engine,
    ...(method === "fit-tight" && { pcov: [...result.pcov] }),
  });
}

const settingsOf: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "fit-no-warm-up": { warmup: "none" },
  "fit-tight": { warmup: "none", ftol: 1e-15 },
};

type PassParts = Omit<Parameters<typeof createEvaluator>[1], "blocks" | "onMasked" | "kernel">;

const passEngines: Readonly<Record<string, EvaluatorId>> = {
  "pass-js": "js-f64",
  "pass-webgpu": "tfjs-webgpu",
  "pass-ort": "ort-f64",
};

async function runPasses(parts: PassParts): Promise<void> {
  const id = passEngines[method] ?? "wasm-f64";
  const blocks = planBlocks(parts.dataset.experiment.timeCount);
  const kernel = method === "pass-fma" ? "fma" : "plain";
  const evaluator = await createEvaluator(id, { ...parts, blocks, onMasked: () => undefined, kernel, workers: 1 });
  const start = Float64Array.from(parts.model.parameters(parts.dataset.experiment), (spec) => spec.start);
  const out = createNormalEquations(start.length);
  const times: number[] = [];
  for (let repetition = 0; repetition < passRepetitions; repetition++) {
    clearNormalEquations(out);
    const startMs = performance.now();
    await evaluator.evaluate(start, out, { first: 0, end: evaluator.blockCount });
    times.push((performance.now() - startMs) / 1000);
  }
  await evaluator.dispose();
  const seconds = Math.min(...times);
  print({
    seconds,
    cpuSeconds: seconds,
    iterations: 1,
    cost: out.cost,
    popt: [...start],
    H: [...out.H],
    g: [...out.g],
    engine: evaluator.description,
  });
}

function print(result: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify({ method, maxRssKb: Math.round(readPeakBytes() / 1024), ...result })}\n`);
}

// Dawn would keep the process alive.
void main().then(() => process.exit(0));
