import { UserFacingError } from "../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FitRecorder } from "../fit-recorder.ts";
import { countColumns, type FitModel } from "../model/fit-model.ts";
import { type BlockJob, type PointRules, sumCount } from "./block-kernel.ts";
import { type Block, countBlockPoints } from "./block-plan.ts";
import { createBlockProcessor, sumLength } from "./block-processor.ts";
import { createBlockThreads } from "./block-threads.ts";
import type { BlockRange, Evaluator, EvaluatorId } from "./evaluator.ts";
import { type NormalEquations, packedIndex } from "./normal-equations.ts";
import { fillPassInputs } from "./pass-inputs.ts";
import { processRange } from "./process-range.ts";
import { reportLength, type SharedPass, sharedPassBytes, viewSharedPass } from "./shared-pass.ts";

export interface BlockEvaluatorOptions {
  readonly id: EvaluatorId;
  readonly variant: string;
  readonly description: string;
  readonly dataset: Dataset;
  readonly model: FitModel;
  readonly rules: PointRules;
  readonly blocks: readonly Block[];
  /** The compiled kernel; null: plain TypeScript. */
  readonly module: WebAssembly.Module | null;
  /** Threads besides this one; 0: the blocks are summed here. */
  readonly threadCount: number;
  readonly recorder: FitRecorder;
  /** Told how many points of the pass were left out because they are not finite. */
  readonly onMasked: (count: number) => void;
}

/** An evaluator over blocks of rows, on this thread or on threads of its own. */
export async function createBlockEvaluator(options: BlockEvaluatorOptions): Promise<Evaluator> {
  const { dataset, model, rules, blocks, module, threadCount, recorder } = options;
  const { experiment } = dataset;
  const job: BlockJob = {
    dataset,
    hasFlow: model.hasFlow,
    scalingPerAngle: model.scalingPerAngle,
    blockRows: blocks.reduce((most, { rowCount }) => Math.max(most, rowCount), 1),
    rules,
  };
  const size = {
    timeCount: experiment.timeCount,
    angleCount: experiment.anglesDegrees.length,
    blockCount: blocks.length,
    sumLength: sumLength(job),
  };
  const shared = new SharedArrayBuffer(sharedPassBytes(size));
  const pass = viewSharedPass(shared, size);
  const threads =
    threadCount === 0 ? null : await createBlockThreads({ job, module, blocks, shared, size }, threadCount);
  const processor = threads === null ? createBlockProcessor(job, module) : null;

  const run = async (range: BlockRange): Promise<void> => {
    Atomics.store(pass.nextBlock, 0, 0);
    if (threads !== null) return await threads.run(range);
    if (processor === null) return;
    processor.setInputs(pass.inputs);
    processRange({ processor, pass, blocks, sumLength: size.sumLength }, range);
  };
  return {
    id: options.id,
    precision: "f64",
    description: options.description,
    variant: options.variant,
    parameterCount: model.parameters(experiment).length,
    blockCount: blocks.length,
    pointsOfBlocks: ({ first, end }) =>
      blocks.slice(first, end).reduce((count, block) => count + countBlockPoints(dataset, block), 0),
    async evaluate(parameters, out, range, kind = "full") {
      recorder.begin("tables", SpanKind.op);
      fillPassInputs(model, options, parameters, pass.inputs);
      pass.inputs.factors[2] = kind === "cost" ? 1 : 0;
      recorder.end();
      await run(range);
      reportBlocks(options, pass, range);
      recorder.begin("reduce", SpanKind.op);
      for (let block = range.first; block < range.end; block++)
        addBlockSums(model, job, pass.sums.subarray(block * size.sumLength, (block + 1) * size.sumLength), out);
      recorder.end();
    },
    async dispose() {
      processor?.dispose();
      await threads?.dispose();
    },
  };
}

/** Adds the sums of one block to the normal equations of the model's parameters. */
function addBlockSums(model: FitModel, job: BlockJob, sums: Float64Array, out: NormalEquations): void {
  const columnCount = countColumns(model);
  const hCount = (columnCount * (columnCount + 1)) / 2;
  const perAngle = sumCount(job);
  for (let angle = 0; angle * perAngle < sums.length; angle++) {
    const base = angle * perAngle;
    const columns = model.columns(angle);
    for (let row = 0, index = base; row < columnCount; row++) {
      for (let column = 0; column <= row; column++, index++)
        out.H[packedIndex(columns[row], columns[column])] += sums[index];
      out.g[columns[row]] += sums[base + hCount + row];
    }
    out.cost += sums[base + perAngle - 1];
  }
}

function reportBlocks(
  { recorder, dataset, onMasked }: BlockEvaluatorOptions,
  { reports }: SharedPass,
  range: BlockRange,
): void {
  let maskedCount = 0;
  for (let block = range.first; block < range.end; block++) {
    const [startMs = 0, readEndMs = 0, endMs = 0, masked = 0, nonFiniteAt = -1] = reports.subarray(
      block * reportLength,
      (block + 1) * reportLength,
    );
    if (nonFiniteAt >= 0) {
      const n = dataset.experiment.timeCount;
      const place =
        dataset.layout === "full"
          ? ` (angle ${Math.floor(nonFiniteAt / (n * n))}, i ${Math.floor(nonFiniteAt / n) % n}, j ${nonFiniteAt % n})`
          : "";
      throw new UserFacingError(
        `expected finite values, found NaN or infinity at point ${nonFiniteAt}${place} of ${dataset.path}; --non-finite mask leaves such points out`,
      );
    }
    maskedCount += masked;
    recorder.complete("blocks", "io.read", SpanKind.io, startMs, readEndMs);
    recorder.complete("blocks", "kernel", SpanKind.kernel, readEndMs, endMs);
  }
  onMasked(maskedCount);
}
