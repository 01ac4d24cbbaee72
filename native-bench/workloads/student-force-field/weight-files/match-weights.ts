import { formatCount } from "../../../../traces/model/format-units.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import {
  countParameters,
  listParameters,
  radialCenters,
  radialWidth,
  studentArchitecture,
  type Architecture,
} from "../model/architecture.ts";
import { computeAnisotropy, type Weights } from "../model/weights.ts";
import { checkFinite, floatRounding, type FoundTensor } from "./tensor-values.ts";

const modules = /^(?:embedding|rbf|interactions|energy_head)\./;
const isotropyTolerance = 1e-6;
const bufferTolerance = 1e-4;

/**
 * Finds the network's parameters among the tensors of a file by the ends of their names, infers its sizes, checks all
 * shapes. A missing mixing matrix of the last layer is zero: exporters drop it, since nothing depends on it.
 * Throws UserFacingError for anything else that is missing, ambiguous or of another shape.
 */
export function matchWeights(found: ReadonlyMap<string, FoundTensor>, source: string): Weights {
  const byName = stripNames(found);
  const architecture = inferArchitecture(byName);
  const lastMixing = `interactions.${architecture.layerCount - 1}.update.mixing_matrix`;
  const notes: string[] = [`${formatCount(countParameters(architecture))} parameters of ${source}`];
  const tensors = new Map<string, Float32Array>();
  for (const { name, shape } of listParameters(architecture)) {
    const tensor = byName.get(name);
    if (tensor === undefined && name === lastMixing) {
      tensors.set(name, new Float32Array(9));
      notes.push(`${name} is not in the file; nothing depends on it, it is filled with zeros`);
      continue;
    }
    if (tensor === undefined) throw new UserFacingError(describeMissing(name, shape, found));
    if (tensor.shape.join() !== shape.join()) {
      throw new UserFacingError(`${name}: expected shape ${shape.join(" × ")}, found ${tensor.shape.join(" × ")}`);
    }
    checkFinite(name, tensor.values);
    tensors.set(name, tensor.values);
  }
  checkBuffers(byName, architecture);
  notes.push(...listIgnored(byName, architecture));
  const weights: Weights = { architecture, source, tensors, notes };
  return { ...weights, notes: [...notes, ...describeIsotropy(weights)] };
}

/** Names without what wraps the network: "model.model.embedding.weight" is "embedding.weight". */
function stripNames(found: ReadonlyMap<string, FoundTensor>): Map<string, FoundTensor> {
  const byName = new Map<string, FoundTensor>();
  const originals = new Map<string, string>();
  for (const [original, tensor] of found) {
    const start = original.search(/(?:^|\.)(?:embedding|rbf|interactions|energy_head)\./);
    const name = start < 0 ? original : original.slice(original[start] === "." ? start + 1 : start);
    const earlier = originals.get(name);
    if (earlier !== undefined) throw new UserFacingError(`both ${earlier} and ${original} may be ${name}`);
    originals.set(name, original);
    byName.set(name, tensor);
  }
  return byName;
}

function inferArchitecture(byName: ReadonlyMap<string, FoundTensor>): Architecture {
  const embedding = byName.get("embedding.weight");
  if (embedding === undefined || embedding.shape.length !== 2) {
    throw new UserFacingError(
      embedding === undefined
        ? describeMissing("embedding.weight", [101, 128], byName)
        : `embedding.weight: expected two dimensions, found ${embedding.shape.length}`,
    );
  }
  const [rowCount, channelCount] = embedding.shape;
  if (channelCount === 0 || channelCount % 4 !== 0) {
    throw new UserFacingError(`embedding.weight: expected a width divisible by 4, found ${channelCount}`);
  }
  let layerCount = 0;
  while (byName.has(`interactions.${layerCount}.update.update_mlp.0.weight`)) layerCount++;
  const firstFilter = byName.get("interactions.0.message.rbf_to_scalar.0.weight");
  if (layerCount === 0 || firstFilter === undefined) {
    throw new UserFacingError(
      describeMissing("interactions.0.message.rbf_to_scalar.0.weight", [channelCount, 20], byName),
    );
  }
  const cutoff = byName.get("rbf.centers")?.values.at(-1) ?? studentArchitecture.cutoff;
  if (!(cutoff > 0)) throw new UserFacingError(`rbf.centers: expected a positive cutoff, found ${cutoff}`);
  return {
    channelCount,
    layerCount,
    radialCount: firstFilter.shape[1] ?? 0,
    cutoff,
    maxAtomicNumber: rowCount - 1,
  };
}

/** The radial functions are fixed by the sizes; a file with others, beyond its rounding, is another network. */
function checkBuffers(byName: ReadonlyMap<string, FoundTensor>, architecture: Architecture): void {
  const centers = radialCenters(architecture);
  const expected: [string, Float64Array][] = [
    ["rbf.centers", centers],
    ["rbf.widths", centers.map(() => radialWidth(architecture))],
  ];
  for (const [name, values] of expected) {
    const tensor = byName.get(name);
    if (tensor === undefined) continue;
    const rounding = floatRounding[tensor.type];
    const differs = values.findIndex(
      (value, k) => !(Math.abs(value - tensor.values[k]) <= bufferTolerance + rounding * value),
    );
    if (differs >= 0 || tensor.values.length !== values.length) {
      const at = Math.max(differs, 0);
      throw new UserFacingError(
        `${name}: expected ${values.length} values with ${values[at]} at ${at}, found ${tensor.values.length} with ${tensor.values[at]}`,
      );
    }
  }
}

/** A tensor of a known module that the network does not have would be lost in silence: refused. Others are told. */
function listIgnored(byName: ReadonlyMap<string, FoundTensor>, architecture: Architecture): string[] {
  const known = new Set(listParameters(architecture).map(({ name }) => name));
  const extra = [...byName.keys()].filter(
    (name) => !known.has(name) && name !== "rbf.centers" && name !== "rbf.widths",
  );
  const unknown = extra.find((name) => modules.test(name));
  if (unknown !== undefined) throw new UserFacingError(`${unknown} is no parameter of this network`);
  if (extra.length === 0) return [];
  const count = extra.length === 1 ? "1 other tensor was ignored" : `${extra.length} other tensors were ignored`;
  return [`${count}: ${extra.slice(0, 3).join(", ")}${extra.length > 3 ? ", …" : ""}`];
}

function describeIsotropy(weights: Weights): string[] {
  return computeAnisotropy(weights).flatMap((value, layer) =>
    value !== null && value > isotropyTolerance
      ? [
          `the mixing matrix of layer ${layer} is no multiple of the identity (off by ${value.toPrecision(3)}): energies change when a structure is rotated`,
        ]
      : [],
  );
}

function describeMissing(name: string, shape: readonly number[], found: ReadonlyMap<string, unknown>): string {
  const names = [...found.keys()];
  const anonymous = names.filter((other) => other.startsWith("onnx::")).length;
  const hint =
    anonymous > 0
      ? `; ${anonymous} tensors have lost their names (onnx::…), as happens when an exporter folds constants`
      : `; the file has ${names.length} tensors${names.length > 0 ? `, the first is ${names[0]}` : ""}`;
  return `${name} (${shape.join(" × ")}) is not in the file${hint}`;
}
