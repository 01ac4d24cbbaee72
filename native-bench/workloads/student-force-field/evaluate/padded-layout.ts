import type { Tensor } from "onnxruntime-node";
import type { FloatType } from "../../../onnx/graph.ts";
import type { RadialTable } from "../radial/radial-table.ts";
import type { Surroundings } from "../inputs/edge-inputs.ts";
import {
  assemblePaddedOutputs,
  createPaddedInputs,
  fillPaddedInputs,
  measureBatch,
  type Floats,
  type PaddedInputs,
  type PaddedSizes,
} from "../inputs/padded-inputs.ts";
import type { GraphLayout } from "./chunked-evaluator.ts";
import type { Feeds, GraphSession } from "./graph-session.ts";

interface Reusable {
  readonly inputs: PaddedInputs;
  readonly feeds: Feeds;
}

/** Sets of arrays kept for sizes seen before; a step of the planner has a few dozen. */
const largestKeptCount = 64;

export interface PaddedLayoutOptions {
  readonly usesSpecies: boolean;
  readonly float?: FloatType;
  /** Atoms of a block, for the blocked graph; the last block is filled up. */
  readonly blockAtomCount?: number | null;
}

/** Layout of the hand-derived graphs. Arrays and tensors of the same sizes are used again, mutated in place. */
export function createPaddedLayout(
  table: RadialTable,
  { usesSpecies, float = "float32", blockAtomCount = null }: PaddedLayoutOptions,
): GraphLayout {
  const kept = new Map<string, Reusable>();
  const reuse = (sizes: PaddedSizes, ort: GraphSession["ort"]): Reusable => {
    const key = `${sizes.atomCount},${sizes.slotCount},${sizes.speciesCount}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const oldest = kept.keys().next();
    if (kept.size >= largestKeptCount && oldest.done !== true) kept.delete(oldest.value);
    const inputs = createPaddedInputs(sizes, table.width, float);
    const made: Reusable = {
      inputs,
      feeds: createFeeds(ort, inputs, { width: table.width, usesSpecies, blockAtomCount }),
    };
    kept.set(key, made);
    return made;
  };
  return {
    fill(parts: readonly Surroundings[], ort) {
      const sizes = measureBatch(parts);
      const step = blockAtomCount ?? 1;
      const atomCount = Math.ceil(sizes.atomCount / step) * step;
      const { inputs, feeds } = reuse({ ...sizes, atomCount }, ort);
      const maps = fillPaddedInputs(parts, inputs, table);
      return {
        feeds,
        split: (outputs) =>
          assemblePaddedOutputs(parts, maps, {
            atomEnergies: floatsOf(outputs.atomEnergies),
            distanceGradient: floatsOf(outputs.distanceGradient),
            directionGradient: floatsOf(outputs.directionGradient),
          }),
      };
    },
  };
}

function createFeeds(
  ort: GraphSession["ort"],
  inputs: PaddedInputs,
  {
    width,
    usesSpecies,
    blockAtomCount,
  }: { readonly width: number; readonly usesSpecies: boolean; readonly blockAtomCount: number | null },
): Feeds {
  const { atomCount, slotCount, speciesCount } = inputs;
  const atoms = blockAtomCount === null ? [atomCount] : [atomCount / blockAtomCount, blockAtomCount];
  const floats = (values: Floats, dims: readonly number[]): Tensor =>
    values instanceof Float64Array ? new ort.Tensor("float64", values, dims) : new ort.Tensor("float32", values, dims);
  const feeds: Record<string, Tensor> = {
    z: new ort.Tensor("int32", inputs.z, [atomCount]),
    neighbors: new ort.Tensor("int32", inputs.neighbors, [...atoms, slotCount]),
    directions: floats(inputs.directions, [...atoms, slotCount, 3]),
    phi: floats(inputs.radial, [...atoms, slotCount, width]),
    phiSlope: floats(inputs.radialSlope, [...atoms, slotCount, width]),
    speciesSlots: floats(inputs.speciesSlots, [...atoms, speciesCount, slotCount]),
  };
  if (usesSpecies) feeds.species = new ort.Tensor("int32", inputs.species, [speciesCount]);
  return feeds;
}

function floatsOf({ data }: Tensor): Floats {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  throw new Error("expected an output of float32 or float64");
}
