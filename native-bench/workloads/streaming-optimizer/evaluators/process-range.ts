import type { Block } from "./block-plan.ts";
import type { BlockProcessor, BlockReport } from "./block-processor.ts";
import type { BlockRange } from "./evaluator.ts";
import { reportLength, type SharedPass } from "./shared-pass.ts";

interface RangeWork {
  readonly processor: BlockProcessor;
  readonly pass: SharedPass;
  readonly blocks: readonly Block[];
  readonly sumLength: number;
}

/** Takes blocks of `range` one by one, whoever comes first, and leaves each one's sums in its own row. */
export function processRange({ processor, pass, blocks, sumLength }: RangeWork, range: BlockRange): void {
  const report: BlockReport = { startMs: 0, readEndMs: 0, endMs: 0, maskedCount: 0, nonFiniteAt: -1 };
  for (;;) {
    const index = range.first + Atomics.add(pass.nextBlock, 0, 1);
    const block = blocks[index];
    if (index >= range.end || block === undefined) return;
    processor.process(block, pass.sums.subarray(index * sumLength, (index + 1) * sumLength), report);
    pass.reports.set(
      [report.startMs, report.readEndMs, report.endMs, report.maskedCount, report.nonFiniteAt],
      index * reportLength,
    );
  }
}
