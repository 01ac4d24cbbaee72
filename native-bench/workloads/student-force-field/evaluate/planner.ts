/** What the planner knows of a structure. */
export interface PlannedSize {
  readonly atomCount: number;
  /** Most neighbors of any of its atoms, at least 1. */
  readonly slotCount: number;
}

/** How structures are put into evaluations of a graph. */
export const batchings = ["loop", "whole", "planned"] as const;
export type Batching = (typeof batchings)[number];

/**
 * Slots of a micro-batch: few enough that what is made of them stays near the processor, many enough that reading the
 * weights pays. Half as many and twice as many take a twentieth longer on the processors measured so far.
 */
export const defaultSlotBudget = 700;

/** A GPU is filled by large batches: its launches cost, its cache does not. */
export const deviceSlotBudget = 65_536;

/**
 * What an evaluation costs however small it is, in slots. On a processor most of it is reading the weights. On a device
 * it is the launches: the fast graph has 182, which took 13.6 ms for a structure of 3 atoms and 14.4 ms for 700 slots on
 * an H100 by WebGPU. That is 12,000 slots (14,000 by 4,950 slots in one evaluation on another day); a cut pays only
 * where it saves as many from being padding.
 */
export const evaluationCosts = { processor: 40, device: 12_000 } as const;

/**
 * Positions of structures by evaluation. `loop`: one each; `whole`: all in one; `planned`: structures of like size
 * together, each evaluation within `slotBudget` slots (atoms × most neighbors), so that evaluations (`evaluationCost`
 * slots each) and padding cost least together. A structure beyond the budget goes alone. Large padded batches fall out
 * of the cache of a processor and pad small structures to the neighbors of large ones.
 */
export function planChunks(
  sizes: readonly PlannedSize[],
  batching: Batching,
  slotBudget: number = defaultSlotBudget,
  evaluationCost: number = evaluationCosts.processor,
): readonly (readonly number[])[] {
  const all = sizes.map((_, index) => index);
  switch (batching) {
    case "loop":
      return all.map((index) => [index]);
    case "whole":
      return [all];
    case "planned":
      return packChunks(sizes, slotBudget, evaluationCost);
  }
}

/** The cheapest cut of the structures, in the order of their sizes, by the cheapest cut of those before each. */
function packChunks(sizes: readonly PlannedSize[], slotBudget: number, evaluationCost: number): number[][] {
  const order = sizes
    .map((_, index) => index)
    .toSorted((a, b) => sizes[a].slotCount - sizes[b].slotCount || sizes[a].atomCount - sizes[b].atomCount || a - b);
  /** Of the first `end` structures: least cost, and where their last chunk begins. */
  const costs = new Float64Array(order.length + 1);
  const starts = new Int32Array(order.length + 1);
  for (let end = 1; end <= order.length; end++) {
    costs[end] = Infinity;
    const { slotCount } = sizes[order[end - 1]];
    let slots = 0;
    for (let start = end - 1; start >= 0; start--) {
      slots += sizes[order[start]].atomCount * slotCount;
      if (start < end - 1 && slots > slotBudget) break;
      const cost = costs[start] + evaluationCost + slots;
      if (cost >= costs[end]) continue;
      costs[end] = cost;
      starts[end] = start;
    }
  }
  const chunks: number[][] = [];
  for (let end = order.length; end > 0; end = starts[end]) chunks.push(order.slice(starts[end], end));
  return chunks.toReversed();
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
