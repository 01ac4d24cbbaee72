/** What the planner knows of a structure. */
export interface PlannedSize {
  readonly atomCount: number;
  /** Most neighbors of any of its atoms, at least 1. */
  readonly slotCount: number;
}

/** How structures are put into evaluations of a graph. */
export const batchings = ["loop", "whole", "planned"] as const;
export type Batching = (typeof batchings)[number];

/** Slots of a micro-batch whose activations stay in the second-level cache of the processors measured so far. */
export const defaultSlotBudget = 500;

/**
 * Positions of structures by evaluation. `loop`: one each; `whole`: all in one; `planned`: structures of like size
 * together, as many as fit into `slotBudget` slots (atoms × most neighbors). A structure beyond the budget goes alone.
 * Large padded batches fall out of the cache and pad small structures to the neighbors of large ones.
 */
export function planChunks(
  sizes: readonly PlannedSize[],
  batching: Batching,
  slotBudget: number = defaultSlotBudget,
): readonly (readonly number[])[] {
  const all = sizes.map((_, index) => index);
  switch (batching) {
    case "loop":
      return all.map((index) => [index]);
    case "whole":
      return [all];
    case "planned":
      return packChunks(sizes, all, slotBudget);
  }
}

function packChunks(sizes: readonly PlannedSize[], all: readonly number[], slotBudget: number): number[][] {
  const ascending = all.toSorted(
    (a, b) => sizes[a].slotCount - sizes[b].slotCount || sizes[a].atomCount - sizes[b].atomCount || a - b,
  );
  const chunks: number[][] = [];
  let atoms = 0;
  let slots = 0;
  for (const index of ascending) {
    const { atomCount, slotCount } = sizes[index];
    const chunk = chunks.at(-1);
    if (chunk !== undefined && (atoms + atomCount) * Math.max(slots, slotCount) <= slotBudget) {
      chunk.push(index);
      atoms += atomCount;
      slots = Math.max(slots, slotCount);
    } else {
      chunks.push([index]);
      atoms = atomCount;
      slots = slotCount;
    }
  }
  return chunks;
}

/** Chunks a thread takes in a round, about: enough that all end together. */
const chunksPerWorker = 6;

/**
 * Chunks for several threads that take them in turn: the most work first, and small enough that none waits long for the
 * last.
 */
export function planShares(
  sizes: readonly PlannedSize[],
  slotBudget: number,
  workerCount: number,
): readonly (readonly number[])[] {
  const slots = sizes.reduce((sum, { atomCount, slotCount }) => sum + atomCount * slotCount, 0);
  const budget = Math.min(slotBudget, Math.ceil(slots / (chunksPerWorker * workerCount)));
  const work = (chunk: readonly number[]): number => {
    const atoms = chunk.reduce((sum, index) => sum + sizes[index].atomCount, 0);
    return atoms * chunk.reduce((most, index) => Math.max(most, sizes[index].slotCount), 1);
  };
  return planChunks(sizes, "planned", budget).toSorted((a, b) => work(b) - work(a));
}
