import { createHash } from "node:crypto";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import {
  type CheckpointKey,
  type CheckpointStore,
  createCheckpointStore,
  readNewestCheckpoint,
} from "./checkpoint/checkpoint-store.ts";
import type { FitConfig } from "./config.ts";
import { countUniquePoints, type Dataset } from "./data/dataset.ts";
import { planBlocks } from "./evaluators/block-plan.ts";
import type { Evaluator, EvaluatorId } from "./evaluators/evaluator.ts";
import type { FitHost } from "./fit-host.ts";
import { type FitResult, describeResult } from "./fit-result.ts";
import type { FitState } from "./fit-state.ts";
import type { FitModel } from "./model/fit-model.ts";
import { createPassRunner, type PartialPass, type PassRunner } from "./pass-runner.ts";
import { minimizeFused } from "./phases/minimize-fused.ts";
import { minimizeNlsq } from "./phases/minimize-nlsq.ts";
import { chooseStart } from "./phases/multistart.ts";
import { warmUp } from "./phases/warm-up.ts";
import { addGroupVariance, findGroups } from "./solver/group-variance.ts";
import { createDefenseTelemetry, type DefenseTelemetry } from "./solver/defense-telemetry.ts";
import type { Bounds } from "./solver/normalizer.ts";
import { createNormalizer, type Normalizer, toNormalized } from "./solver/normalizer.ts";

export interface FitProblem {
  readonly dataset: Dataset;
  readonly model: FitModel;
  /** p doubles; null: the start of the model. */
  readonly start: Float64Array | null;
  /** null: the bounds of the model. */
  readonly bounds: Bounds | null;
  readonly config: FitConfig;
  readonly engine: EvaluatorId;
  readonly checkpoint: CheckpointOptions | null;
  /** Points between two looks at cancel, progress and checkpoint; absent: by the precision of the engine. */
  readonly rangePoints?: number;
}

export interface CheckpointOptions {
  readonly folder: string;
  /** Goes on where the newest checkpoint in the folder stopped. */
  readonly resume: boolean;
  /** Seconds between checkpoints inside a pass. */
  readonly everySeconds: number;
  /** Kept beside the state, for whoever lists what may go on. Plain data. */
  readonly about?: unknown;
}

/** Everything that the phases of one fit share. */
export interface Fit {
  readonly problem: FitProblem;
  readonly host: FitHost;
  readonly names: readonly string[];
  readonly start: Float64Array;
  readonly bounds: Bounds;
  readonly normalizer: Normalizer;
  readonly telemetry: DefenseTelemetry;
  /** Points that count for degrees of freedom, less those that are masked. */
  readonly pointCount: () => number;
  readonly state: FitState;
  readonly checkpoints: CheckpointStore | null;
  /** Makes a runner of passes over an engine; `isSample`: neither watched nor saved. */
  makeRunner(evaluator: Evaluator, isSample?: boolean): PassRunner;
  makeEvaluator(id: EvaluatorId, rowStep?: number): Promise<Evaluator>;
  save(pass: PartialPass | null): void;
}

/** About a tenth of a second of one thread. */
const defaultRangePoints = { f64: 24e6, f32: 262_144 } as const;

/**
 * Fits the model: normalisation, warm-up, passes over all points, covariance. Bitwise the same result for any number of workers and after
 * any interruption. Throws UserFacingError for data or settings that cannot be fitted, CancelledError when the host says so.
 */
export async function runFit(problem: FitProblem, host: FitHost): Promise<FitResult> {
  const { recorder, listener } = host;
  recorder.begin("fit", SpanKind.step, {
    points: countUniquePoints(problem.dataset, problem.config.diagonal),
    model: problem.model.id,
    engine: problem.engine,
    mode: problem.config.mode,
  });
  const startMs = performance.now();
  try {
    const phaseMs: Record<string, number> = {};
    const phase: RunPhase = async (index, title, body) => {
      const beganMs = performance.now();
      recorder.begin(`phase${index} ${title}`, SpanKind.phase);
      listener.onPhase?.(title, index, phaseCount);
      try {
        return await body();
      } finally {
        recorder.end();
        phaseMs[title] = performance.now() - beganMs;
      }
    };
    const fit = await phase(0, "normalize", () => prepare(problem, host));
    try {
      return await finish(fit, phase, startMs, phaseMs);
    } catch (error) {
      // What is known so far must be on the disk before the fit may be asked to go on. The first failure is the one to tell.
      await fit.checkpoints?.flush().catch(() => undefined);
      throw error;
    }
  } finally {
    recorder.end();
  }
}

const phaseCount = 4;
type RunPhase = <T>(index: number, title: string, body: () => Promise<T>) => Promise<T>;

async function finish(
  fit: Fit,
  phase: RunPhase,
  startMs: number,
  phaseMs: Readonly<Record<string, number>>,
): Promise<FitResult> {
  const { mode } = fit.problem.config;
  const warm = await phase(1, "warm-up", async () => {
    const multistart = await chooseStart(fit);
    if (multistart !== null) fit.host.listener.onMultistart?.(multistart);
    return await warmUp(fit);
  });
  const minimum = await phase(2, mode === "nlsq" ? "gauss-newton" : "levenberg-marquardt", () =>
    mode === "nlsq" ? minimizeNlsq(fit) : minimizeFused(fit, warm),
  );
  const result = await phase(3, "covariance", async () => describeResult(fit, warm, minimum));
  await fit.checkpoints?.flush();
  await fit.checkpoints?.clear();
  return { ...result, elapsedMs: performance.now() - startMs, phaseMs };
}

async function prepare(problem: FitProblem, host: FitHost): Promise<Fit> {
  const { dataset, model, config } = problem;
  const specs = model.parameters(dataset.experiment);
  const names = specs.map(({ name }) => name);
  const start = problem.start ?? Float64Array.from(specs, (spec) => spec.start);
  const bounds = problem.bounds ?? {
    lower: Float64Array.from(specs, (spec) => spec.lower),
    upper: Float64Array.from(specs, (spec) => spec.upper),
  };
  if (start.length !== names.length)
    throw new UserFacingError(`expected ${names.length} start values, found ${start.length}`);
  const normalizer = createNormalizer(config.normalize ? config.normalizationStrategy : "none", start, bounds, names);
  const uniqueCount = countPoints(problem, names.length);
  const groups = chooseGroups(problem, names.length);
  const restored = await openCheckpoints(problem, host, start, bounds);
  const state: FitState = restored.state ?? {
    x: toNormalized(normalizer, start),
    warmUp: null,
    fused: null,
    nlsq: null,
    pass: null,
    passCounts: { full: 0, cost: 0 },
    maskedCount: 0,
  };
  if (restored.state !== null) host.listener.onResumed?.(state.passCounts.full + state.passCounts.cost);
  const { everySeconds } = problem.checkpoint ?? { everySeconds: Number.POSITIVE_INFINITY };
  let savedMs = performance.now();

  const fit: Fit = {
    problem,
    host,
    names,
    start,
    bounds,
    normalizer,
    telemetry: createDefenseTelemetry(config.telemetry, (event) => {
      host.recorder.instant(event.kind, describeEvent(event));
      host.listener.onDefense?.(event);
    }),
    pointCount: () => uniqueCount - state.maskedCount,
    state,
    checkpoints: restored.store,
    save(pass) {
      if (restored.store === null) return;
      savedMs = performance.now();
      restored.store.save({ ...state, pass });
    },
    makeRunner: (evaluator, isSample = false) =>
      createPassRunner({
        evaluator,
        normalizer,
        host,
        rangePoints: problem.rangePoints ?? evaluator.rangePoints ?? defaultRangePoints[evaluator.precision],
        addConstants(parameters, out) {
          out.cost += isSample ? 0 : dataset.foldedCost;
          addGroupVariance(groups, config.groupVarianceLambda * uniqueCount, parameters, out);
        },
        counts: isSample ? { full: 0, cost: 0 } : state.passCounts,
        ...(!isSample && {
          resume: state.pass,
          onRange: (pass: PartialPass) => {
            if (performance.now() - savedMs >= everySeconds * 1000) fit.save(pass);
          },
        }),
      }),
    makeEvaluator: (id, rowStep = 1) =>
      host.createEvaluator({
        id,
        blocks: planBlocks(dataset.experiment.timeCount, rowStep, blockRowsOf(problem)),
        onMasked: (count) => void (rowStep === 1 && (state.maskedCount = count)),
      }),
  };
  return fit;
}

/** Points that count for degrees of freedom, before any is masked. Throws UserFacingError where there are too few for a fit. */
function countPoints({ dataset, config }: FitProblem, parameterCount: number): number {
  const count =
    config.dof === "upstream"
      ? dataset.experiment.anglesDegrees.length * dataset.experiment.timeCount ** 2
      : countUniquePoints(dataset, config.diagonal);
  if (count <= parameterCount)
    throw new UserFacingError(
      `expected more points than parameters, found ${count} points for ${parameterCount} parameters`,
    );
  return count;
}

/** Groups of parameters that shall be alike. */
function chooseGroups({ dataset, model, config }: FitProblem, parameterCount: number): readonly (readonly number[])[] {
  if (!config.enableGroupVarianceRegularization) return [];
  const groups = config.groupVarianceIndices ?? findGroups(model, dataset.experiment.anglesDegrees.length);
  const outside = groups.flat().find((index) => index >= parameterCount);
  if (outside !== undefined)
    throw new UserFacingError(
      `expected parameter numbers below ${parameterCount} in group_variance_indices, found ${outside}`,
    );
  return groups;
}

/** Rows of a block: told in rows, or in points as the optimizer has it that this one was modelled on. */
function blockRowsOf({ dataset: { experiment }, config }: FitProblem): number {
  if (config.chunkSize === null) return config.blockRows;
  return Math.max(1, Math.round(config.chunkSize / (experiment.timeCount * experiment.anglesDegrees.length)));
}

function describeEvent({
  kind: _kind,
  ...facts
}: Parameters<DefenseTelemetry["record"]>[0]): Readonly<Record<string, string | number>> {
  return facts;
}

async function openCheckpoints(
  { checkpoint, dataset, config, model, engine }: FitProblem,
  { recorder, kernel }: FitHost,
  start: Float64Array,
  bounds: Bounds,
): Promise<{ readonly store: CheckpointStore | null; readonly state: FitState | null }> {
  if (checkpoint === null) return { store: null, state: null };
  const key: CheckpointKey = {
    config: digest([model.id, config, [...start], [...bounds.lower], [...bounds.upper]]),
    data: digest([dataset.identity, dataset.experiment, dataset.mirrored]),
    kernel: `${engine}/${kernel}`,
  };
  const state = checkpoint.resume ? ((await readNewestCheckpoint(checkpoint.folder, key)) as FitState | null) : null;
  return { store: await createCheckpointStore(checkpoint.folder, key, recorder, checkpoint.about ?? null), state };
}

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
