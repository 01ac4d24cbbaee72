import type { VariantFacts } from "../../plan/catalog.ts";
import type { Recipe } from "./evaluate/recipe.ts";

/** A variant of the workload: how it is offered and what it is. */
export interface Variant extends VariantFacts {
  /** Null for a lever that is shown, but runs nowhere. */
  readonly recipe: ((rank: number) => Recipe) | null;
  /** Threads with sessions of their own, at least. */
  readonly leastWorkers?: number;
}

/** Options of the basis of the filters, where filters are computed as they stand. */
const withoutBasis = ["rank"];
const naive = { kind: "naive", aggregation: "scatter-elements", float: "float32" } as const;
const fast = (rank: number) => ({ kind: "fast", rank }) as const;
const planned = (rank: number): Recipe => ({
  graph: fast(rank),
  batching: "planned",
  numbers: "full",
  largeInBlocks: true,
});

/** The levers of the roadmap in its order: baseline, batching, kernels, precision, hardware. */
export const variants: readonly Variant[] = [
  {
    id: "naive",
    label: "Naive",
    help: "The formulas as they stand: edge list, filter MLP on every edge, scatter, automatic gradient; one structure after another. The baseline",
    group: "message passing",
    unused: withoutBasis,
    recipe: () => ({ graph: naive, batching: "loop", numbers: "full" }),
  },
  {
    id: "naive-concatenated",
    label: "Naive, concatenated",
    help: "The naive graph on one edge list of all structures",
    group: "batching",
    unused: withoutBasis,
    recipe: () => ({ graph: naive, batching: "whole", numbers: "full" }),
  },
  {
    id: "scatter-nd",
    label: "ScatterND",
    help: "Messages summed by ScatterND instead of ScatterElements; wrong with more than one thread, refused there",
    group: "message passing",
    unused: withoutBasis,
    recipe: () => ({ graph: { ...naive, aggregation: "scatter-nd" }, batching: "loop", numbers: "full" }),
  },
  {
    id: "one-hot",
    label: "One-hot product",
    help: "Messages summed by a product with a one-hot matrix: fine for a dozen atoms, then quadratic",
    group: "message passing",
    unused: withoutBasis,
    recipe: () => ({ graph: { ...naive, aggregation: "one-hot" }, batching: "loop", numbers: "full" }),
  },
  {
    id: "tangent",
    label: "Hand-derived gradient",
    help: "Padded neighbors, no scatter, gradient written by hand; the filter MLP stays on every slot",
    group: "message passing",
    unused: withoutBasis,
    recipe: () => ({ graph: { kind: "tangent" }, batching: "loop", numbers: "full" }),
  },
  {
    id: "fast-loop",
    label: "Fast, loop",
    help: "Filters in a small basis of the distance, gradient written by hand; one structure after another",
    group: "batching",
    recipe: (rank) => ({ graph: fast(rank), batching: "loop", numbers: "full" }),
  },
  {
    id: "fast-padded",
    label: "Fast, one padded batch",
    help: "The fast graph on all structures at once, padded to the largest",
    group: "batching",
    recipe: (rank) => ({ graph: fast(rank), batching: "whole", numbers: "full" }),
  },
  {
    id: "fast",
    label: "Fast",
    help: "The fast graph on micro-batches of like structures that stay in the cache; large structures in blocks",
    group: "batching",
    recipe: planned,
  },
  {
    id: "fast-blocked",
    label: "Fast, blocked",
    help: "The fast graph a few atoms at a time: large structures stay in the cache and take a tenth of the memory",
    group: "batching",
    recipe: (rank) => ({ graph: { kind: "blocked", rank }, batching: "whole", numbers: "full" }),
  },
  {
    id: "fast-pool",
    label: "Fast, worker pool",
    help: "The fast graph in two or more threads with a session each: throughput of batches",
    group: "batching",
    leastWorkers: 2,
    recipe: planned,
  },
  {
    id: "fast-half",
    label: "Fast, float16 weights",
    help: "Weights stored as float16; a CPU computes in float32 all the same, so this shows accuracy, not speed",
    group: "precision",
    recipe: (rank) => ({ graph: fast(rank), batching: "planned", numbers: "half-weights" }),
  },
  {
    id: "fast-float16",
    label: "Fast, float16 arithmetic",
    help: "Products and activations in float16, on a GPU that has it",
    group: "precision",
    unavailable:
      "a CPU computes float16 graphs in float32, software Vulkan refuses them (no shader-f16), and no real GPU has tried them yet: float16 is offered for weights only",
    recipe: null,
  },
  {
    id: "fast-int8",
    label: "Fast, INT8 but the head",
    help: "Large products in 8 bits, except those of the energy head",
    group: "precision",
    recipe: (rank) => ({ graph: fast(rank), batching: "planned", numbers: "int8-but-head" }),
  },
  {
    id: "fast-int8-all",
    label: "Fast, INT8 everywhere",
    help: "All large products in 8 bits; may leave the tolerances",
    group: "precision",
    recipe: (rank) => ({ graph: fast(rank), batching: "planned", numbers: "int8" }),
  },
  {
    id: "tangent-int8",
    label: "Hand-derived gradient, INT8 filters",
    help: "The filter MLP in 8 bits, the rest in float32",
    group: "precision",
    unused: withoutBasis,
    recipe: () => ({ graph: { kind: "tangent" }, batching: "loop", numbers: "int8-filters" }),
  },
  {
    id: "double",
    label: "Naive, float64",
    help: "The naive graph in double precision: what the others are rounded from",
    group: "precision",
    unused: withoutBasis,
    recipe: () => ({ graph: { ...naive, float: "float64" }, batching: "loop", numbers: "full" }),
  },
  {
    id: "int4",
    label: "4-bit weights",
    help: "Weights in blocks of 4 bits",
    group: "precision",
    unavailable:
      "MatMulNBits of ONNX Runtime's CPU provider takes 1 to 7 times as long as float32 on products of this size; it is not offered",
    recipe: null,
  },
  {
    id: "graph-capture",
    label: "Captured graph",
    help: "All launches recorded once and replayed: CUDA graphs",
    group: "hardware",
    unavailable: "onnxruntime-node has no graph capture: it refuses the option enableGraphCapture",
    recipe: null,
  },
  {
    id: "coarsened",
    label: "Coarsened structure",
    help: "Fewer, larger sites in place of atoms",
    group: "hardware",
    unavailable: "coarsening changes the physics, so its energies could not be compared with any reference",
    recipe: null,
  },
];

export function findVariant(id: string): Variant | null {
  return variants.find((variant) => variant.id === id) ?? null;
}
