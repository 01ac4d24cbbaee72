import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserFacingError } from "../../../traces/model/errors.ts";
import type { Accuracy } from "../../../traces/measure/bench-report.ts";
import type { Configuration } from "../../plan/run-plan.ts";
import type { SessionContext, SessionOutcome, SessionWorkload } from "../workload.ts";
import { iterationParts, watchBreakdown } from "./breakdown.ts";
import type { FitConfig } from "./config.ts";
import { parseFitConfig } from "./parse-config.ts";
import { type Dataset } from "./data/dataset.ts";
import { chooseKernel } from "./kernel/compile-kernel.ts";
import { createEvaluator } from "./evaluators/create-evaluator.ts";
import { evaluatorIds, type EvaluatorId } from "./evaluators/evaluator.ts";
import { openExperiment } from "./experiment-cache.ts";
import { type KeptConfiguration, keptFolder, trimKept } from "./kept-files.ts";
import { countPoints } from "./model/experiment.ts";
import { streamingOptimizerFacts } from "./facts.ts";
import { type CheckpointOptions, runFit } from "./fit.ts";
import { compareMaps, type FitQualityOptions } from "./fit-quality.ts";
import type { FitListener } from "./fit-host.ts";
import type { FitResult } from "./fit-result.ts";
import { findFitModel } from "./model/registry.ts";
import { findSide, runSide } from "./cases/run-side.ts";
import { recordFit } from "./record-fit.ts";

type Specs = typeof streamingOptimizerFacts.options;

/** The second half of the live main job: a least-squares fit of any size, watched phase by phase. */
export const streamingOptimizer: SessionWorkload<Specs> = {
  facts: streamingOptimizerFacts,
  async run(configuration, open, context) {
    const { options } = configuration;
    const model = findFitModel(options.model);
    if (model === null) throw new UserFacingError(`there is no model "${options.model}"`);
    const side = findSide(configuration.variant);
    const startMs = performance.now();
    await trimKept();
    const dataset = await openExperiment(
      { model, pointCount: options.points, path: options.data, fold: options.fold, keep: options.resumable },
      context,
    );
    const loadMs = performance.now() - startMs;
    const recorder = watchBreakdown(recordFit(context), ({ ms }) =>
      context.values({
        title: "Time of an iteration, mean",
        rows: iterationParts.map((part) => ({
          label: part,
          value: ms[part],
          low: null,
          high: null,
          unit: "ms",
        })),
      }),
    );
    if (side !== null && model.reduction !== undefined)
      throw new UserFacingError(`before/after cases take models that kernels compute themselves, not ${model.id}`);
    if (side !== null) return await runSide(side, { dataset, model, recorder }, context, loadMs);
    const config = configOf(configuration);
    const result = await runFit(
      {
        dataset,
        model,
        start: null,
        bounds: null,
        config,
        engine: engineOf(open.backend.id),
        checkpoint: checkpointOf(configuration, dataset, config),
      },
      {
        recorder,
        listener: createListener(context),
        throwIfCancelled: () => context.throwIfCancelled(),
        kernel: chooseKernel(options.kernel === "auto" ? null : options.kernel),
        createEvaluator: (plan) =>
          createEvaluator(
            plan.id,
            {
              dataset,
              model,
              rules: config,
              blocks: plan.blocks,
              recorder,
              onMasked: plan.onMasked,
              workers: options.workers === 0 ? null : options.workers,
              kernel: options.kernel === "auto" ? null : options.kernel,
            },
            context.gpu,
          ),
      },
    );
    showQuality(result, { dataset, model }, context);
    return describe(result, loadMs, isSinglePrecision(open.backend.id));
  },
};

/** Outside of the time that is measured: what the window shows of the fit. */
function showQuality(
  { popt, residualVariance, cost, pointCount }: FitResult,
  { dataset, model }: Pick<FitQualityOptions, "dataset" | "model">,
  context: SessionContext,
): void {
  const { recorder } = context;
  recorder.span(recorder.name("fit quality", "op"), () => {
    const variance = Number.isFinite(residualVariance) ? residualVariance : cost / pointCount;
    const throwIfCancelled = (): void => context.throwIfCancelled();
    for (const map of compareMaps({ dataset, model, popt, residualVariance: variance, throwIfCancelled }))
      context.map(map);
  });
}

function configOf({ variant, options }: Configuration<Specs>): FitConfig {
  return parseFitConfig({
    preset: options.preset,
    ...(variant === "faithful" && { mode: "nlsq", warmup: "adam" }),
    ...(options.warmUp !== "auto" && { warmup: options.warmUp }),
    loss: options.loss,
    lossScale: options.lossScale,
    nonFinite: options.nonFinite,
    blockRows: options.blockRows,
    enableMultistart: options.multistart,
    ...(options.config !== null && readConfigFile(options.config)),
  });
}

/** A configuration file of the user, over everything that the options say. */
function readConfigFile(path: string): Readonly<Record<string, unknown>> {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new UserFacingError(`expected JSON with keys of the fit in ${path}`, { cause });
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new UserFacingError(`expected an object with keys of the fit in ${path}`);
  return given as Readonly<Record<string, unknown>>;
}

function engineOf(backend: string): EvaluatorId {
  const id = evaluatorIds.find((known) => known === backend);
  if (id === undefined) throw new UserFacingError(`the optimizer does not run on ${backend}`);
  return id;
}

const secondsBetweenCheckpoints = 5;

function checkpointOf(
  configuration: Configuration<Specs>,
  { identity, experiment }: Dataset,
  config: FitConfig,
): CheckpointOptions | null {
  const { resumable, checkpoint } = configuration.options;
  const { variant, backend, options } = configuration;
  const about: KeptConfiguration = { variant, backend, options, points: countPoints(experiment) };
  const common = { resume: true, everySeconds: secondsBetweenCheckpoints, about };
  if (checkpoint !== null) return { ...common, folder: checkpoint };
  if (!resumable) return null;
  const key = createHash("sha256")
    .update(JSON.stringify([identity, config]))
    .digest("hex")
    .slice(0, 16);
  return { ...common, folder: join(keptFolder(), `fit-${key}`) };
}

/** Factor of a standard error for a 95 % interval of a normal distribution. */
const interval95 = 1.959964;

function createListener(context: SessionContext): FitListener {
  return {
    onPhase: (title, index, count) => context.phase(title, index, count),
    onProgress({ pass, pointsDone, pointsTotal, pointsPerSecond }) {
      context.progress({
        done: pointsDone,
        total: pointsTotal,
        unit: "points",
        text: `pass ${pass}, ${(pointsPerSecond / 1e6).toPrecision(3)} M points/s`,
        secondsLeft: pointsDone < pointsTotal ? (pointsTotal - pointsDone) / pointsPerSecond : null,
      });
    },
    onCost: (pass, cost) => context.point("cost", pass, cost),
    onParameters(rows) {
      context.values({
        title: "Parameters",
        rows: rows.map(({ name, unit, value, standardError, atBound }) => ({
          label: atBound ? `${name} (at its bound)` : name,
          value,
          low: standardError === null ? null : value - interval95 * standardError,
          high: standardError === null ? null : value + interval95 * standardError,
          unit,
        })),
      });
    },
    onResumed: (passes) => context.event("resumed from a checkpoint", { passes }),
    onMultistart: ({ ...facts }) => context.event("multistart", facts),
    onDefense: ({ kind, ...facts }) => context.event(kind, facts),
  };
}

const isSinglePrecision = (backend: string): boolean => !backend.endsWith("f64");

function describe(result: FitResult, loadMs: number, isSingle: boolean): SessionOutcome {
  const { passes, warmUp, pointCount, names, popt, perr } = result;
  return {
    itemsPerStep: pointCount,
    facts: {
      message: result.message,
      passes: passes.full + passes.cost,
      "warm-up passes": Number(warmUp.passEquivalents.toFixed(3)),
      iterations: result.iterations,
      cost: result.cost,
      "masked points": result.maskedCount,
      [isSingle ? "engine of the last passes" : "engine"]: result.engine,
      ...(warmUp.warning !== null && { warning: warmUp.warning }),
      ...(result.conditionNumber !== null && { "condition number": result.conditionNumber }),
      ...Object.fromEntries(
        names.flatMap((name, index) => [
          [name, popt[index]],
          [`${name} ±`, perr[index]],
        ]),
      ),
    },
    precision: isSingle ? "float32" : "float64",
    elapsedMs: result.elapsedMs,
    loadMs,
    accuracy: judge(result),
  };
}

/** A fit that did not end at a minimum is told, and no claim of speed rests on it. */
function judge({ success, message, stop }: FitResult): Accuracy {
  return {
    passed: success,
    checks: [
      {
        id: "minimum",
        label: `stopped by ${stop}: ${message}`,
        value: success ? 0 : 1,
        limit: 0,
        unit: "",
        passed: success,
      },
    ],
  };
}
