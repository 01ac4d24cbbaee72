import { UserFacingError } from "../../../../traces/model/errors.ts";
import { createRandom, shuffle } from "../../../runner/random.ts";

/** Points of the unit cube that fill it evenly: `count` points of `dimensions` numbers each. The same seed gives the same. */
export function samplePoints(
  sampler: "lhs" | "halton" | "sobol",
  { count, dimensions, seed }: { readonly count: number; readonly dimensions: number; readonly seed: number },
): Float64Array[] {
  switch (sampler) {
    case "lhs":
      return sampleLatinHypercube(count, dimensions, seed);
    case "halton":
      return sampleHalton(count, dimensions);
    case "sobol":
      return sampleSobol(count, dimensions);
  }
}

/** One point in each of `count` slices of every dimension: McKay, Beckman and Conover, Technometrics 21 (1979) 239. */
function sampleLatinHypercube(count: number, dimensions: number, seed: number): Float64Array[] {
  const random = createRandom(seed);
  const slices = Array.from({ length: dimensions }, () =>
    shuffle(
      Array.from({ length: count }, (_, slice) => slice),
      random,
    ),
  );
  return Array.from({ length: count }, (_, point) =>
    Float64Array.from(slices, (order) => ((order[point] ?? 0) + random()) / count),
  );
}

/** Radical inverses in the first primes; the first point of each, 0, is left out. */
function sampleHalton(count: number, dimensions: number): Float64Array[] {
  const bases = firstPrimes(dimensions);
  return Array.from({ length: count }, (_, point) =>
    Float64Array.from(bases, (base) => {
      let inverse = 0;
      for (let rest = point + 1, digit = 1 / base; rest > 0; rest = Math.floor(rest / base), digit /= base)
        inverse += (rest % base) * digit;
      return inverse;
    }),
  );
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let value = 2; primes.length < count; value++)
    if (primes.every((prime) => value % prime !== 0)) primes.push(value);
  return primes;
}

/** Primitive polynomials (degree s, coefficients a) and initial numbers m of Joe and Kuo, new-joe-kuo-6.21201, dimensions 2 to 10. */
const directions = [
  { s: 1, a: 0, m: [1] },
  { s: 2, a: 1, m: [1, 3] },
  { s: 3, a: 1, m: [1, 3, 1] },
  { s: 3, a: 2, m: [1, 1, 1] },
  { s: 4, a: 1, m: [1, 1, 3, 3] },
  { s: 4, a: 4, m: [1, 3, 5, 13] },
  { s: 5, a: 2, m: [1, 1, 5, 5, 17] },
  { s: 5, a: 4, m: [1, 1, 5, 5, 5] },
  { s: 5, a: 7, m: [1, 1, 7, 11, 19] },
] as const;
const bits = 32;

function sampleSobol(count: number, dimensions: number): Float64Array[] {
  if (dimensions > directions.length + 1)
    throw new UserFacingError(
      `expected at most ${directions.length + 1} parameters for Sobol points, found ${dimensions}; lhs and halton take any number`,
    );
  const numbers = Array.from({ length: dimensions }, (_, dimension) => directionNumbers(dimension));
  const state = new Uint32Array(dimensions);
  return Array.from({ length: count }, (_, point) => {
    // Gray code order: one bit changes from point to point. The first point, 0, is left out.
    const bit = 31 - Math.clz32(~point & (point + 1));
    for (let dimension = 0; dimension < dimensions; dimension++) state[dimension] ^= numbers[dimension][bit];
    return Float64Array.from(state, (value) => value / 2 ** bits);
  });
}

function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) return v.map((_, bit) => 2 ** (bits - 1 - bit));
  const { s, a, m } = directions[dimension - 1];
  for (let bit = 0; bit < bits; bit++) {
    if (bit < s) {
      v[bit] = m[bit] * 2 ** (bits - 1 - bit);
      continue;
    }
    let value = v[bit - s] ^ (v[bit - s] >>> s);
    for (let k = 1; k < s; k++) if (((a >> (s - 1 - k)) & 1) === 1) value ^= v[bit - k];
    v[bit] = value;
  }
  return v;
}
