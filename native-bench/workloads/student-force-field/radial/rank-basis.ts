import type { Weights } from "../model/weights.ts";
import { diagonalize } from "./eigen.ts";
import { createFilterCurve, type CurveParts } from "./filter-curve.ts";
import { createHermiteTable, type RadialTable } from "./radial-table.ts";

/** Closest distance of the table, Å. Closer pairs are not of this world and are refused. */
export const closestDistance = 0.5;
const sampleCount = 64;
/** So many that forces err by the rank, not by the table. */
const knotCount = 512;

/** More than this many functions are not told apart by the samples. */
export const largestRank = 48;
/** Forces within 1e-4 eV/Å of the float64 reference; singular values fall by a factor of twenty from 32 to 36. */
export const defaultRank = 36;

/**
 * A basis of r functions of the distance that all filters are linear in: F(d) ≈ φ(d)·U. The filters depend on d alone,
 * so they are one curve, and its singular vectors are the best basis of any size.
 */
export interface RankBasis {
  readonly rank: number;
  readonly layers: readonly CurveParts[];
  /** U, r×C, row-major. */
  readonly matrix: Float64Array;
  readonly channelCount: number;
  /** φ(d) and its derivative. */
  readonly table: RadialTable;
}

/**
 * Samples F at 64 distances: A (64×C), A·Aᵀ = V·Λ·Vᵀ; U = VᵀA of the r largest λ, φ(d) = F(d)·Uᵀ·diag(1/λ). φ is
 * tabulated from the float64 curve with its exact slopes.
 */
export function createRankBasis(weights: Weights, rank: number): RankBasis {
  if (!(rank >= 1 && rank <= largestRank)) throw new Error(`a rank from 1 to ${largestRank} was expected, not ${rank}`);
  const curve = createFilterCurve(weights);
  const { channelCount } = curve;
  const end = weights.architecture.cutoff - 1e-9;
  const span = end - closestDistance;
  const samples = Array.from(
    { length: sampleCount },
    (_, i) => curve.evaluate(closestDistance + (span * i) / (sampleCount - 1)).value,
  );
  const { values, vectors } = diagonalize(multiplyByTranspose(samples), sampleCount);
  const matrix = new Float64Array(rank * channelCount);
  for (let q = 0; q < rank; q++) {
    const row = matrix.subarray(q * channelCount, (q + 1) * channelCount);
    samples.forEach((sample, i) => {
      const factor = vectors[q * sampleCount + i];
      for (let c = 0; c < channelCount; c++) row[c] += factor * sample[c];
    });
  }
  const project = (curveValues: Float64Array): Float64Array =>
    Float64Array.from({ length: rank }, (_, q) => {
      let sum = 0;
      for (let c = 0; c < channelCount; c++) sum += curveValues[c] * matrix[q * channelCount + c];
      return sum / values[q];
    });
  const table = createHermiteTable({
    start: closestDistance,
    end,
    knotCount,
    width: rank,
    evaluate: (distance) => {
      const { value, slope } = curve.evaluate(distance);
      return { value: project(value), slope: project(slope) };
    },
  });
  return { rank, layers: curve.layers, matrix, channelCount, table };
}

function multiplyByTranspose(rows: readonly Float64Array[]): Float64Array {
  const size = rows.length;
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < rows[i].length; c++) sum += rows[i][c] * rows[j][c];
      product[i * size + j] = sum;
      product[j * size + i] = sum;
    }
  }
  return product;
}

/** Columns [from, from + width) of U as an r×width matrix. */
export function sliceBasis({ matrix, rank, channelCount }: RankBasis, from: number, width: number): Float64Array {
  const columns = new Float64Array(rank * width);
  for (let q = 0; q < rank; q++) {
    columns.set(matrix.subarray(q * channelCount + from, q * channelCount + from + width), q * width);
  }
  return columns;
}
