import { ingestedExtensions } from "./data/ingest.ts";
import { beforeAfterCases } from "./cases/registry.ts";
import { defineOptions } from "../../plan/option.ts";
import type { WorkloadFacts } from "../../plan/catalog.ts";

const options = defineOptions({
  model: {
    kind: "choice",
    label: "Model",
    help: "What is fitted: diffusion at rest, or diffusion and laminar shear flow.",
    default: "laminar",
    choices: [
      { value: "static", label: "Static, 5 parameters" },
      { value: "laminar", label: "Laminar flow, 9 parameters" },
      { value: "laminar-per-angle", label: "Laminar flow, scaled per angle, 53 parameters" },
    ],
  },
  points: {
    kind: "number",
    label: "Points",
    help: "Size of the synthetic experiment; left out where a data file is chosen.",
    default: 1_000_000,
    min: 1000,
    max: 200_000_000,
    whole: true,
    unit: "points",
    many: true,
    sweep: [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
  },
  data: {
    kind: "file",
    label: "Data",
    help: "Measured maps: .npy with its .json beside it, as deltaflame generate xpcs writes them; HDF5, Parquet and CSV are converted first.",
    extensions: ["npy", ...ingestedExtensions],
  },
  workers: {
    kind: "number",
    label: "Workers",
    help: "Threads that sum blocks; 0: one below 2 million points, else one a core. The result has the same bits for any number.",
    default: 0,
    min: 0,
    max: 256,
    whole: true,
    many: true,
    sweep: [1, 2, 4, 8],
  },
  kernel: {
    kind: "choice",
    label: "Kernel",
    help: "Which build of the WebAssembly kernel.",
    default: "auto",
    advanced: true,
    many: true,
    choices: [
      { value: "auto", label: "Fused multiply-add where the host has it" },
      { value: "fma", label: "Fused multiply-add" },
      { value: "plain", label: "Without fused multiply-add" },
    ],
  },
  preset: {
    kind: "choice",
    label: "Preset",
    help: "Settings of warm-up, defense layers and tolerances.",
    default: "default",
    advanced: true,
    choices: [
      { value: "default", label: "Default" },
      { value: "aggressive", label: "Aggressive" },
      { value: "conservative", label: "Conservative" },
      { value: "memory_optimized", label: "Memory-optimized" },
      { value: "defense_strict", label: "Strict defense" },
      { value: "defense_relaxed", label: "Relaxed defense" },
      { value: "defense_disabled", label: "No defense layers" },
      { value: "scientific_default", label: "Scientific" },
    ],
  },
  warmUp: {
    kind: "choice",
    label: "Warm-up",
    help: "Phase 1: the solver itself on a sample of rows, or first-order steps over all points.",
    default: "auto",
    advanced: true,
    many: true,
    choices: [
      { value: "auto", label: "As the variant has it" },
      { value: "subsample", label: "On a sample" },
      { value: "adam", label: "Adam" },
      { value: "lbfgs", label: "L-BFGS" },
      { value: "none", label: "None" },
    ],
  },
  loss: {
    kind: "choice",
    label: "Loss",
    help: "Soft L1 limits the pull of outliers.",
    default: "linear",
    advanced: true,
    choices: [
      { value: "linear", label: "Squares" },
      { value: "soft-l1", label: "Soft L1" },
    ],
  },
  lossScale: {
    kind: "number",
    label: "Loss scale",
    help: "Residual where soft L1 turns from square to straight.",
    default: 0.06,
    min: 1e-9,
    max: 1e9,
    whole: false,
    advanced: true,
  },
  nonFinite: {
    kind: "choice",
    label: "Points that are not finite",
    help: "Refuse the fit, or leave such points out and count them.",
    default: "reject",
    advanced: true,
    choices: [
      { value: "reject", label: "Refuse" },
      { value: "mask", label: "Leave out" },
    ],
  },
  resumable: {
    kind: "flag",
    label: "Resumable",
    help: "Saves checkpoints, and goes on from the last one of the same fit that was stopped.",
    default: false,
  },
  checkpoint: {
    kind: "file",
    label: "Checkpoints",
    help: "Folder for the checkpoints of a resumable fit; without, a temporary folder of this user.",
    extensions: [],
    advanced: true,
  },
});

export const streamingOptimizerFacts = {
  id: "optimizer",
  title: "Streaming optimizer",
  description:
    "Fits a model of X-ray photon correlation to a million or a hundred million points in four phases: normalization, warm-up, Gauss–Newton with one pass a trial, covariance. Nothing of the size of the data is held in memory.",
  shape: "session" as const,
  item: { one: "point", many: "points" },
  variants: [
    { id: "fused", label: "Fused", help: "Levenberg–Marquardt, one pass a trial, warm-up on a sample." },
    {
      id: "faithful",
      label: "As the seed",
      help: "The optimizer of the seed document: Adam over all points, then three passes an iteration.",
    },
    ...beforeAfterCases.flatMap(({ id, seedItem, title, sides }) =>
      sides.map((side) => ({
        id: `${id}/${side.id}`,
        label: side.label,
        help: `${seedItem} ${title}: ${side.help}`,
        group: id,
      })),
    ),
  ],
  defaultVariants: ["fused"],
  backends: ["wasm-f64", "js-f64", "tfjs-webgpu", "tfjs-wasm", "tfjs-cpu", "tfjs-node", "ort-f64"],
  options,
  axes: ["points", "workers"],
  curves: [{ id: "cost", title: "Cost", xLabel: "passes", yLabel: "Σ w·r²", logarithmic: true }],
} satisfies WorkloadFacts & { readonly shape: "session" };
