import { describe, expect, it, vi } from "vitest";
import { createRandom } from "../../../native-bench/samples/seeded-random.mjs";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import {
  countSlots,
  PairMemory,
  sumSquaredDistances,
  type PairList,
} from "../../../native-bench/workloads/student-force-field/neighbors/pair-list.ts";
import {
  benzene,
  fiveBenzenes,
  fullerene,
  water,
} from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";
import { createWaterBox } from "../../../native-bench/workloads/student-force-field/structures/water-box.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const cutoff = 5;

describe("neighbor lists", () => {
  it("have the published numbers of edges and slots", () => {
    const sizes = [water, benzene, fiveBenzenes, fullerene].map((structure) => {
      const pairs = findPairs(structure, cutoff);
      return [2 * pairs.pairCount, Math.max(...countSlots(pairs))];
    });
    expect(sizes).toEqual([
      [6, 2],
      [132, 11],
      [916, 18],
      [1740, 29],
    ]);
  });

  it("of molecules hold the same pairs whatever the method", () => {
    for (const structure of [water, fiveBenzenes, fullerene, createWaterBox(6), scatter(200, 60), scatter(50, 1000)]) {
      const half = findPairs(structure, cutoff, "half");
      expectSamePairs(findPairs(structure, cutoff, "matrix"), half);
      expectSamePairs(findPairs(structure, cutoff, "cells"), half);
    }
  });

  it("of periodic boxes hold the same pairs whatever the method, in boxes of any size and shape", () => {
    const cells = [
      [16, 0, 0, 0, 16, 0, 0, 0, 16],
      [12, 0, 0, 0, 31, 0, 0, 0, 9],
      [4, 0, 0, 0, 4, 0, 0, 0, 4],
      [2.5, 0, 0, 0, 11, 0, 0, 0, 40],
      [14, 0, 0, 5, 13, 0, -4, 3, 12],
      [6, 0, 0, 3, 5, 0, 1, -2, 7],
    ];
    for (const cell of cells) {
      const structure = fill(Float64Array.from(cell), 16);
      const half = findPairs(structure, cutoff, "half");
      expectSamePairs(findPairs(structure, cutoff, "cells"), half);
      expectSamePairs(half, imagesByHand(structure));
    }
  });

  it("see an atom's own images in a small box", () => {
    const lone: Structure = {
      name: "Ar",
      atomicNumbers: Int32Array.of(18),
      positions: Float64Array.of(0.1, 0.2, 0.3),
      cell: Float64Array.of(4, 0, 0, 0, 40, 0, 0, 0, 40),
    };
    const pairs = findPairs(lone, cutoff);
    expect(pairs.pairCount).toBe(1);
    expect(Math.abs(pairs.vectors[0])).toBeCloseTo(4, 12);
    expect(countSlots(pairs)[0]).toBe(2);
  });

  it("do not depend on which image of an atom is given", () => {
    const structure = fill(Float64Array.of(13, 0, 0, 2, 12, 0, 0, 1, 14), 60);
    const moved = { ...structure, positions: structure.positions.map((value, at) => value + (at % 3 === 0 ? -26 : 0)) };
    expectSamePairs(findPairs(moved, cutoff, "cells"), findPairs(structure, cutoff, "half"), 9);
  });

  it("refuse the distance matrix for periodic and for very large structures", () => {
    expect(() => findPairs(createWaterBox(5, { periodic: true }), cutoff, "matrix")).toThrow(
      "periodic water 375 is periodic; the distance matrix is offered for molecules only",
    );
    expect(() => findPairs(scatter(9000, 100), cutoff, "matrix")).toThrow(
      "the distance matrix of 9000 atoms needs 618 MiB; it is offered up to 8192 atoms",
    );
  });

  it("refuse cells without volume and coordinates that are no numbers", () => {
    const flat = { ...water, cell: Float64Array.of(1, 0, 0, 2, 0, 0, 0, 0, 1) };
    expect(() => findPairs(flat, cutoff)).toThrow("H2O: expected a cell with a volume, found 0 Å³");
    const broken = { ...water, positions: Float64Array.of(0, 0, 0, 0, NaN, 0, 0, 0, 0) };
    expect(() => findPairs(broken, cutoff)).toThrow("H2O: y of atom 2 is NaN");
  });
});

function scatter(count: number, edge: number): Structure {
  const random = createRandom(count);
  return {
    name: "gas",
    atomicNumbers: new Int32Array(count).fill(6),
    positions: Float64Array.from({ length: 3 * count }, () => edge * (random() - 0.5)),
    cell: null,
  };
}

function fill(cell: Float64Array, count: number): Structure {
  const random = createRandom(count);
  const positions = new Float64Array(3 * count);
  for (let atom = 0; atom < count; atom++) {
    const fractions = [random(), random(), random()];
    for (let k = 0; k < 3; k++) {
      positions[3 * atom + k] = fractions.reduce((sum, value, axis) => sum + value * cell[3 * axis + k], 0);
    }
  }
  return { name: "box", atomicNumbers: new Int32Array(count).fill(6), positions, cell };
}

/** Every image in a generous range, one by one. */
function imagesByHand({ positions, cell, atomicNumbers }: Structure): PairList {
  const rows: number[][] = [];
  const reach = 5;
  if (cell === null) throw new Error("no cell");
  for (let i = 0; i < atomicNumbers.length; i++) {
    for (let j = 0; j < atomicNumbers.length; j++) {
      for (let a = -reach; a <= reach; a++) {
        for (let b = -reach; b <= reach; b++) {
          for (let c = -reach; c <= reach; c++) {
            if (i === j && a === 0 && b === 0 && c === 0) continue;
            const vector = [0, 1, 2].map(
              (k) => positions[3 * j + k] - positions[3 * i + k] + a * cell[k] + b * cell[3 + k] + c * cell[6 + k],
            );
            if (Math.hypot(...vector) <= cutoff) rows.push([i, j, ...vector]);
          }
        }
      }
    }
  }
  // Every pair was met from both ends.
  const once = rows.filter(([i, j, x, y, z]) => i < j || (i === j && (x || y || z) > 0));
  return {
    atomCount: atomicNumbers.length,
    pairCount: once.length,
    first: Int32Array.from(once, ([i]) => i),
    second: Int32Array.from(once, ([, j]) => j),
    vectors: Float64Array.from(once.flatMap((row) => row.slice(2))),
  };
}

function expectSamePairs(found: PairList, expected: PairList, digits = 9): void {
  expect(listPairs(found, digits)).toEqual(listPairs(expected, digits));
  const sum = sumSquaredDistances(expected);
  expect(Math.abs(sumSquaredDistances(found) - sum) / Math.max(sum, 1)).toBeLessThan(1e-13);
}

/** Pairs from the lower atom to the higher, an atom's own image towards plus, sorted. */
function listPairs({ pairCount, first, second, vectors }: PairList, digits: number): string[] {
  return Array.from({ length: pairCount }, (_, pair) => {
    const [i, j] = [first[pair], second[pair]];
    const vector = [...vectors.subarray(3 * pair, 3 * pair + 3)].map((value) => Math.round(value * 10 ** digits));
    const flip = i > j || (i === j && (vector[0] || vector[1] || vector[2]) < 0);
    const text = vector.map((value) => (flip ? 0 - value : value + 0) / 10 ** (digits - 6)).map(Math.round);
    return `${Math.min(i, j)}-${Math.max(i, j)} ${text.map((value) => value + 0).join(" ")}`;
  }).toSorted();
}

describe("memory for the pairs of one structure after another", () => {
  it("is taken again, holds the same pairs as fresh memory, and grows where it must", () => {
    const memory = new PairMemory();
    const boxes = [3, 2, 5, 4].map((edge) => createWaterBox(edge, { periodic: edge % 2 === 1 }));
    let reused = 0;
    for (const box of boxes) {
      const before = memory.arrays?.vectors.buffer;
      const found = findPairs(box, 5, "cells", memory);
      const fresh = findPairs(box, 5, "cells");
      expect([found.pairCount, ...found.first], box.name).toEqual([fresh.pairCount, ...fresh.first]);
      expect(found.second).toEqual(fresh.second);
      expect(found.vectors).toEqual(fresh.vectors);
      if (found.vectors.buffer === before) reused++;
    }
    expect(reused).toBe(2);
  });
});
