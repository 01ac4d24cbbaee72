import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRunClock, startClock } from "../../../native-bench/spans/clock.ts";
import { createColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import { parseFitConfig } from "../../../native-bench/workloads/streaming-optimizer/parse-config.ts";
import { openDataset } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import { createEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/create-evaluator.ts";
import { createNormalEquations } from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { runFit } from "../../../native-bench/workloads/streaming-optimizer/fit.ts";
import { type FitRecorder, nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { chooseKernel } from "../../../native-bench/workloads/streaming-optimizer/kernel/compile-kernel.ts";
import { findFitModel } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { recordFit } from "../../../native-bench/workloads/streaming-optimizer/record-fit.ts";

/*
 * `optimizer-instruments METHOD FILE`: what watching and saving cost a fit, as one line of JSON.
 * METHOD: spans (times of passes with the recorder and without, ms) | checkpoints (how long each kept the fit, ms).
 */

const [method = "", path = ""] = process.argv.slice(2);

type Parts = ReturnType<typeof openParts>;

function openParts() {
  const { dataset, sidecar } = openDataset(path);
  const model = findFitModel(sidecar?.model ?? "laminar");
  if (model === null) throw new Error(`${path} has no known model`);
  const config = parseFitConfig({ warmup: "none" });
  return { dataset, model, rules: config, config, recorder: nullFitRecorder, workers: 1, kernel: null };
}

/** Saves after every tenth of a pass of a million points, and times how long the fit is kept. */
async function timeCheckpoints({ config, ...parts }: Parts): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "deltaflame-checkpoints-"));
  const { recorder, times } = createStopwatch("checkpoint.serialize");
  const { dataset, model } = parts;
  await runFit(
    {
      dataset,
      model,
      start: null,
      bounds: null,
      config,
      engine: "wasm-f64",
      checkpoint: { folder, resume: false, everySeconds: 0 },
      rangePoints: 100_000,
    },
    {
      recorder,
      listener: {},
      throwIfCancelled: () => undefined,
      kernel: chooseKernel(null),
      createEvaluator: ({ id, blocks, onMasked }) => createEvaluator(id, { ...parts, blocks, onMasked }),
    },
  );
  await rm(folder, { recursive: true });
  print({ blockingMs: times });
}

/** A recorder that times the spans of one name. */
function createStopwatch(wanted: string): { readonly recorder: FitRecorder; readonly times: number[] } {
  const times: number[] = [];
  const open: { readonly name: string; readonly startMs: number }[] = [];
  return {
    times,
    recorder: {
      ...nullFitRecorder,
      begin: (name) => void open.push({ name, startMs: performance.now() }),
      end() {
        const span = open.pop();
        if (span?.name === wanted) times.push(performance.now() - span.startMs);
      },
    },
  };
}

const spanRounds = 300;

/** Passes with the recorder of the app and without one, in turns: what recording costs, as parts of a pass. */
async function compareRecorders(parts: Parts): Promise<void> {
  const clock = createRunClock(startClock());
  let track = 0;
  const createRecorder = (name: string) => createColumnRecorder({ track: track++, name, clock, tell: () => undefined });
  const main = createRecorder("main");
  const recorders = { on: recordFit({ recorder: main, trackRecorder: createRecorder }), off: nullFitRecorder };
  const blocks = planBlocks(parts.dataset.experiment.timeCount);
  const start = Float64Array.from(parts.model.parameters(parts.dataset.experiment), (spec) => spec.start);
  const out = createNormalEquations(start.length);
  const times: Record<keyof typeof recorders, number[]> = { on: [], off: [] };
  const evaluators = await Promise.all(
    (["on", "off"] as const).map(async (side) => ({
      side,
      evaluator: await createEvaluator("wasm-f64", {
        ...parts,
        recorder: recorders[side],
        blocks,
        onMasked: () => undefined,
        kernel: null,
        workers: 1,
      }),
    })),
  );
  for (let round = 0; round < spanRounds; round++)
    for (const { side, evaluator } of round % 2 === 0 ? evaluators : evaluators.toReversed()) {
      main.reserve();
      const startMs = performance.now();
      await evaluator.evaluate(start, out, { first: 0, end: evaluator.blockCount });
      times[side].push(performance.now() - startMs);
    }
  for (const { evaluator } of evaluators) await evaluator.dispose();
  const points = parts.dataset.experiment.anglesDegrees.length * parts.dataset.experiment.timeCount ** 2;
  print({ ...times, pointsPerChunk: points / blocks.length });
}

function print(result: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ method, ...result })}\n`);
}

void (method === "spans" ? compareRecorders : timeCheckpoints)(openParts());
