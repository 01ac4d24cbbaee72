import type { BlockJob } from "../evaluators/block-kernel.ts";
import { planBlocks, standardBlockRows } from "../evaluators/block-plan.ts";
import { type BlockProcessor, createBlockProcessor, sumLength } from "../evaluators/block-processor.ts";
import { fillPassInputs } from "../evaluators/pass-inputs.ts";
import { sharedPassBytes, viewSharedPass } from "../evaluators/shared-pass.ts";
import type { CaseContext } from "./before-after-case.ts";

export const plainRules = { diagonal: "keep", nonFinite: "reject", loss: "linear", lossScale: 1 } as const;

/** What a case needs to call the kernel itself: a job, the inputs of a pass at the start, and the sums of its blocks. */
export function createCaseKernel({ dataset, model }: CaseContext, { costOnly = false } = {}) {
  const job: BlockJob = {
    dataset,
    hasFlow: model.hasFlow,
    scalingPerAngle: model.scalingPerAngle,
    blockRows: standardBlockRows,
    rules: plainRules,
  };
  const { timeCount, anglesDegrees } = dataset.experiment;
  const blocks = planBlocks(timeCount);
  const size = { timeCount, angleCount: anglesDegrees.length, blockCount: 1, sumLength: sumLength(job) };
  const { inputs } = viewSharedPass(new ArrayBuffer(sharedPassBytes(size)), size);
  const start = Float64Array.from(model.parameters(dataset.experiment), (spec) => spec.start);
  fillPassInputs(model, { dataset, rules: plainRules }, start, inputs);
  inputs.factors[2] = costOnly ? 1 : 0;
  const total = new Float64Array(size.sumLength);
  const sums = new Float64Array(size.sumLength);
  const firstBlock = new Float64Array(size.sumLength);
  const report = { startMs: 0, readEndMs: 0, endMs: 0, maskedCount: 0, nonFiniteAt: -1 };
  return {
    job,
    blocks,
    inputs,
    start,
    total,
    /** Sums of block 0 alone, for sides that compute no more than that. */
    firstBlock,
    open: (module: WebAssembly.Module | null): BlockProcessor => {
      const processor = createBlockProcessor(job, module);
      processor.setInputs(inputs);
      return processor;
    },
    /** Adds block `index` to `total`. */
    addBlock(processor: BlockProcessor, index: number): void {
      processor.process(blocks[index], sums, report);
      if (index === 0) firstBlock.set(sums);
      for (let k = 0; k < sums.length; k++) total[k] += sums[k];
    },
  };
}
