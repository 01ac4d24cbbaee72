import type { Dataset } from "../data/dataset.ts";

/** Rows first, first + step, …: what one kernel call sums. */
export interface Block {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly rowStep: number;
}

/** Rows of a block unless told otherwise: small enough for its sums to lose nothing, large enough for its reads (16 rows of 2,000 times: 256 KB an angle). */
export const standardBlockRows = 16;

/**
 * Cuts the rows 0, step, 2·step, … of the maps into blocks. The cut depends on the data alone, so sums over blocks have the same bits
 * for any number of workers.
 */
export function planBlocks(timeCount: number, rowStep = 1, blockRows = standardBlockRows): readonly Block[] {
  const rowCount = Math.ceil(timeCount / rowStep);
  return Array.from({ length: Math.ceil(rowCount / blockRows) }, (_, block) => ({
    firstRow: block * blockRows * rowStep,
    rowCount: Math.min(blockRows, rowCount - block * blockRows),
    rowStep,
  }));
}

/** Elements of one angle's block in the slot: its rows one after another. */
export function countBlockElements(
  { experiment: { timeCount }, layout }: Pick<Dataset, "experiment" | "layout">,
  block: Block,
): number {
  if (layout === "full") return block.rowCount * timeCount;
  let count = 0;
  for (let row = 0; row < block.rowCount; row++) count += timeCount - (block.firstRow + row * block.rowStep);
  return count;
}

/**
 * Fills `rows` with pairs (i, offset of the element (i, 0) from the start of the angle's block) per row; in the packed layout
 * the element (i, 0) is not there, but (i, i) is where the offset puts it.
 */
export function fillRowIndex(
  { experiment: { timeCount }, layout }: Pick<Dataset, "experiment" | "layout">,
  block: Block,
  rows: Int32Array,
): void {
  let offset = 0;
  for (let row = 0; row < block.rowCount; row++) {
    const i = block.firstRow + row * block.rowStep;
    rows[2 * row] = i;
    rows[2 * row + 1] = layout === "full" ? offset : offset - i;
    offset += layout === "full" ? timeCount : timeCount - i;
  }
}

/** Points of a block that enter the sums, each once. */
export function countBlockPoints(
  { experiment, mirrored }: Pick<Dataset, "experiment" | "mirrored">,
  block: Block,
): number {
  const n = experiment.timeCount;
  let count = 0;
  for (let row = 0; row < block.rowCount; row++) count += mirrored ? n - (block.firstRow + row * block.rowStep) : n;
  return count * experiment.anglesDegrees.length;
}
