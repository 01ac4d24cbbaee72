import { defineOptions, type OptionValues } from "../../plan/option.ts";
import { optimizationLevels } from "./evaluate/graph-session.ts";
import {
  studentArchitecture,
  tinyArchitecture,
  ultraTinyArchitecture,
  type Architecture,
} from "./model/architecture.ts";
import { neighborMethods } from "./neighbors/find-pairs.ts";
import { defaultRank, largestRank } from "./radial/rank-basis.ts";
import { structureSets } from "./structures/sets.ts";

/** Networks of other sizes: what a smaller student would cost. Weights of a file fix the size. */
export const networks: Readonly<Record<string, { readonly label: string; readonly architecture: Architecture }>> = {
  student: { label: "3 layers of 128: 427,292 parameters", architecture: studentArchitecture },
  "layers-2": { label: "2 layers of 128", architecture: { ...studentArchitecture, layerCount: 2 } },
  "layers-1": { label: "1 layer of 128", architecture: { ...studentArchitecture, layerCount: 1 } },
  "width-96": { label: "3 layers of 96", architecture: { ...studentArchitecture, channelCount: 96 } },
  "width-64": { label: "3 layers of 64", architecture: { ...studentArchitecture, channelCount: 64 } },
  "width-32": { label: "3 layers of 32", architecture: { ...studentArchitecture, channelCount: 32 } },
  tiny: { label: "tiny: 77,203 parameters", architecture: tinyArchitecture },
  "ultra-tiny": { label: "ultra-tiny: 21,459 parameters", architecture: ultraTinyArchitecture },
};

export const studentOptions = defineOptions({
  structures: {
    kind: "choice",
    label: "Structures",
    help: "Molecules and boxes of water; mix cycles through 3 to 12 atoms",
    many: true,
    replacedBy: "file",
    default: "c6h6",
    choices: structureSets.map((set) => ({ value: set as string, label: describeSet(set) })),
  },
  file: {
    kind: "file",
    label: "Structure file",
    help: "Frames of an .xyz or extended .xyz file in place of the structures above; repeated to fill the batch",
    extensions: ["xyz", "extxyz"],
  },
  batch: {
    kind: "number",
    label: "Batch",
    help: "Structures a step",
    many: true,
    default: 16,
    min: 1,
    max: 4096,
    whole: true,
    counts: "structures",
    sweep: [1, 2, 4, 8, 16, 32, 64],
  },
  weights: {
    kind: "file",
    label: "Weights",
    help: "An .onnx or .safetensors file; without, untrained weights from the seed: real costs, no chemistry",
    extensions: ["onnx", "safetensors"],
  },
  network: {
    kind: "choice",
    label: "Network",
    help: "Size of the seeded network",
    many: true,
    default: "student",
    choices: Object.entries(networks).map(([value, { label }]) => ({ value, label })),
  },
  threads: {
    kind: "number",
    label: "Threads",
    help: "Threads within a node; more shorten single large structures",
    many: true,
    default: 1,
    min: 1,
    max: 64,
    whole: true,
    sweep: [1, 2, 4, 8],
  },
  workers: {
    kind: "number",
    label: "Workers",
    help: "Threads with a session each; more raise the throughput of batches",
    many: true,
    default: 1,
    min: 1,
    max: 64,
    whole: true,
    sweep: [1, 2, 4, 8],
  },
  rank: {
    kind: "number",
    label: "Rank",
    help: "Functions of the distance in the fast variants: fewer are quicker and less exact",
    many: true,
    advanced: true,
    default: defaultRank,
    min: 8,
    max: largestRank,
    whole: true,
    sweep: [16, 20, 24, 28, 32, 36, 40],
  },
  neighbors: {
    kind: "choice",
    label: "Neighbor list",
    help: "How neighbors are found; automatic takes cells from 300 atoms on",
    many: true,
    advanced: true,
    default: "auto",
    choices: neighborMethods.map((value) => ({ value: value as string, label: describeMethod(value) })),
  },
  optimization: {
    kind: "choice",
    label: "Graph optimization",
    help: "What ONNX Runtime may rewrite before it runs",
    many: true,
    advanced: true,
    default: "all",
    choices: optimizationLevels.map((value) => ({ value: value as string, label: value })),
  },
  budget: {
    kind: "number",
    label: "Slot budget",
    help: "Atoms × neighbors of a micro-batch; 0 measures once which is quickest on this processor",
    many: true,
    advanced: true,
    default: 0,
    min: 0,
    max: 10_000_000,
    whole: true,
    sweep: [125, 250, 500, 1000, 2000],
  },
  seed: {
    kind: "number",
    label: "Weight seed",
    help: "Of the untrained weights",
    advanced: true,
    default: 1,
    min: 0,
    max: 2 ** 31,
    whole: true,
  },
});
export type StudentOptions = OptionValues<typeof studentOptions>;

function describeSet(set: (typeof structureSets)[number]): string {
  if (set === "mix") return "mix of 3–12 atoms";
  if (set === "benzenes") return "five benzenes, 60 atoms";
  const [, atoms] = /^water(\d+)$/.exec(set) ?? [];
  if (atoms !== undefined) return `water, ${atoms} atoms${Number(atoms) >= 375 ? ", periodic" : ""}`;
  return set === "ethanol" ? "ethanol" : set.toUpperCase();
}

function describeMethod(method: (typeof neighborMethods)[number]): string {
  switch (method) {
    case "auto":
      return "automatic";
    case "matrix":
      return "distance matrix";
    case "half":
      return "half of all pairs";
    case "cells":
      return "cell list";
  }
}
