import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { SessionContext } from "../workload.ts";
import { type Dataset, openDataset } from "./data/dataset.ts";
import { foldExperiment } from "./data/fold-experiment.ts";
import { ingestExperiment, needsIngest } from "./data/ingest.ts";
import { generateExperiment, referenceSigma } from "./data/generate-experiment.ts";
import { keptFolder } from "./kept-files.ts";
import type { FitModel } from "./model/fit-model.ts";

/** Experiments up to this size are kept for the next run: 160 MB. */
const largestKept = 20e6;

export interface ExperimentRequest {
  readonly model: FitModel;
  readonly pointCount: number;
  /** A data file of the user; null: a synthetic experiment. */
  readonly path: string | null;
  /** Folds whole maps whose halves were both measured: half the points a pass. */
  readonly fold: boolean;
  /** Keeps the experiment whatever its size, so that a stopped fit can go on. */
  readonly keep: boolean;
}

/** Opens the data of a run, making a synthetic experiment where none is there. */
export async function openExperiment(request: ExperimentRequest, context: SessionContext): Promise<Dataset> {
  const dataset = await openWhole(request, context);
  return request.fold && dataset.layout === "full" && !dataset.mirrored ? await foldOnce(dataset, context) : dataset;
}

async function foldOnce(dataset: Dataset, context: SessionContext): Promise<Dataset> {
  const key = createHash("sha256").update(JSON.stringify(dataset.identity)).digest("hex").slice(0, 16);
  await mkdir(keptFolder(), { recursive: true });
  const out = join(keptFolder(), `folded-${key}.npy`);
  if (!existsSync(out)) {
    const { recorder } = context;
    const watched = watchCancel(context, "folding the halves");
    await recorder.spanAsync(recorder.name("fold", "io"), () => foldExperiment({ dataset, out, ...watched }));
  }
  return openDataset(out).dataset;
}

async function openWhole(
  { model, pointCount, path, keep }: Omit<ExperimentRequest, "fold">,
  context: SessionContext,
): Promise<Dataset> {
  if (path !== null) return await openChosen(path, model, context);
  const kept = keep || pointCount <= largestKept;
  const folder = kept ? keptFolder() : context.scratchFolder;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${model.id}-${pointCount}-${context.seed}.npy`);
  if (!existsSync(file)) await makeExperiment(file, model, pointCount, context);
  return openDataset(file).dataset;
}

/** Files of other formats are converted once, to a working file that is kept while the original does not change. */
async function openChosen(path: string, model: FitModel, context: SessionContext): Promise<Dataset> {
  const { dataset } = openDataset(needsIngest(path) ? await ingestOnce(path, context) : path);
  const angles = dataset.experiment.anglesDegrees.length;
  if (model.scalingPerAngle && angles < 2)
    throw new UserFacingError(`expected several angles for ${model.id}, found ${angles} in ${path}`);
  return dataset;
}

async function ingestOnce(path: string, context: SessionContext): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = createHash("sha256")
    .update(JSON.stringify([path, size, mtimeMs]))
    .digest("hex")
    .slice(0, 16);
  await mkdir(keptFolder(), { recursive: true });
  const out = join(keptFolder(), `ingested-${key}.npy`);
  if (existsSync(out)) return out;
  const { recorder } = context;
  const { signal, onProgress } = watchCancel(context, "converting to the working format");
  await recorder.spanAsync(recorder.name("ingest", "io"), () => ingestExperiment({ path, out, signal, onProgress }));
  return out;
}

/** Progress for the run; its signal aborts soon after the run is cancelled. */
function watchCancel(context: SessionContext, text: string) {
  const abort = new AbortController();
  return {
    signal: abort.signal,
    onProgress(done: number, total: number): void {
      context.progress({ done, total, unit: "points", text, secondsLeft: null });
      try {
        context.throwIfCancelled();
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        abort.abort();
      }
    },
  };
}

async function makeExperiment(
  path: string,
  model: FitModel,
  pointCount: number,
  context: SessionContext,
): Promise<void> {
  await generateExperiment({
    path,
    model,
    pointCount,
    seed: context.seed,
    sigma: referenceSigma,
    dtype: "f64",
    layout: "full",
    parameters: null,
    ...watchCancel(context, "making a synthetic experiment"),
  });
}
