import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createLineup,
  isSameLineup,
  JobBoard,
} from "../../../native-bench/workloads/student-force-field/evaluate/job-board.ts";
import {
  deviceSlotBudget,
  evaluationCosts,
  planChunks,
  planShares,
} from "../../../native-bench/workloads/student-force-field/evaluate/planner.ts";
import { createStructures } from "../../../native-bench/workloads/student-force-field/structures/sets.ts";
import type { Evaluation } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";

const size = fc.record({ atomCount: fc.integer({ min: 1, max: 80 }), slotCount: fc.integer({ min: 1, max: 60 }) });

describe("the planner", () => {
  it("evaluates every structure once, within the budget or alone", () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 80 }), fc.integer({ min: 0, max: 3000 }), (sizes, budget) => {
        const chunks = planChunks(sizes, "planned", budget);
        expect(chunks.flat().toSorted((a, b) => a - b)).toEqual(sizes.map((_, i) => i));
        for (const chunk of chunks) {
          const atoms = chunk.reduce((sum, i) => sum + sizes[i].atomCount, 0);
          const slots = Math.max(...chunk.map((i) => sizes[i].slotCount));
          expect(chunk.length === 1 || atoms * slots <= budget).toBe(true);
        }
      }),
    );
  });

  it("puts like structures together", () => {
    const small = { atomCount: 3, slotCount: 2 };
    const large = { atomCount: 60, slotCount: 29 };
    expect(planChunks([large, small, small, large, small], "planned", 500)).toEqual([[1, 2, 4], [0], [3]]);
  });

  it("pads no small structures for the sake of fewer evaluations than pay", () => {
    const sized = (atomCount: number, count: number) =>
      Array.from({ length: count }, () => ({ atomCount, slotCount: atomCount - 1 }));
    // Nine of 3 atoms with one of 12: 39 × 11 slots together, 27 × 2 and 12 × 11 apart.
    expect(planChunks([...sized(12, 1), ...sized(3, 9)], "planned", 500)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], [0]]);
    // Two of 3 with two of 4: 14 × 3 slots together are cheaper than an evaluation more.
    expect(planChunks([...sized(3, 2), ...sized(4, 2)], "planned", 500)).toEqual([[0, 1, 2, 3]]);
  });

  it("fills the budget of a device, where an evaluation costs more than padding", () => {
    const mix = createStructures("mix", 64).map(({ atomicNumbers: { length } }) => ({
      atomCount: length,
      slotCount: length - 1,
    }));
    const plan = (budget: number) => planChunks(mix, "planned", budget, evaluationCosts.device);
    expect(planChunks(mix, "planned", deviceSlotBudget).length).toBeGreaterThan(3);
    expect(plan(deviceSlotBudget)).toHaveLength(1);
    // No two that would fit into one.
    const chunks = plan(1500);
    const slotsOf = (chunk: readonly number[]) =>
      chunk.reduce((sum, i) => sum + mix[i].atomCount, 0) * Math.max(...chunk.map((i) => mix[i].slotCount));
    for (const [i, chunk] of chunks.slice(1).entries()) {
      expect(slotsOf([...chunks[i], ...chunk])).toBeGreaterThan(1500);
    }
  });

  it("cuts for a device where padding costs more than an evaluation", () => {
    const sized = (atomCount: number, slotCount: number, count: number) =>
      Array.from({ length: count }, () => ({ atomCount, slotCount }));
    // 600 × 2 and 400 × 50 slots; 1,000 × 50 together.
    const chunks = planChunks([...sized(3, 2, 200), ...sized(200, 50, 2)], "planned", 65_536, evaluationCosts.device);
    expect(chunks.map(({ length }) => length)).toEqual([200, 2]);
  });

  it("loops or takes all at once when told to", () => {
    const sizes = [1, 2, 3].map((atomCount) => ({ atomCount, slotCount: 1 }));
    expect(planChunks(sizes, "loop")).toEqual([[0], [1], [2]]);
    expect(planChunks(sizes, "whole")).toEqual([[0, 1, 2]]);
  });
});

describe("the pool", () => {
  it("has several chunks for each thread, the most work first", () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 8 }), (sizes, workers) => {
        const chunks = planShares(sizes, 500, workers);
        expect(chunks.flat().toSorted((a, b) => a - b)).toEqual(sizes.map((_, i) => i));
        const work = chunks.map(
          (chunk) =>
            chunk.reduce((sum, i) => sum + sizes[i].atomCount, 0) * Math.max(...chunk.map((i) => sizes[i].slotCount)),
        );
        expect(work).toEqual(work.toSorted((a, b) => b - a));
      }),
    );
    const alike = Array.from({ length: 64 }, () => ({ atomCount: 7, slotCount: 6 }));
    expect(planShares(alike, 500, 2).length).toBeGreaterThanOrEqual(12);
  });

  it("hands every chunk to one taker, and results back in the order of the structures", () => {
    const structures = createStructures("mix", 4);
    const lineup = createLineup(structures, [[2, 0], [3], [1]]);
    const [here, there] = [new JobBoard(lineup), new JobBoard(structuredClone(lineup))];
    here.open(structures);
    const taken = [];
    for (const board of [there, here, there, here]) {
      const chunk = board.take();
      if (chunk === null) continue;
      taken.push(chunk);
      const evaluations = board.read(chunk).map(({ positions }, i): Evaluation => ({
        energy: chunk[i],
        forces: positions.map((value) => -value),
        virial: new Float64Array(9).fill(chunk[i] + 0.5),
      }));
      board.write(chunk, evaluations);
    }
    expect(taken).toEqual(lineup.chunks);
    expect(here.collect()).toEqual(
      structures.map(({ positions }, i) => ({
        energy: i,
        forces: positions.map((value) => -value),
        virial: new Float64Array(9).fill(i + 0.5),
      })),
    );
    there.open(structures);
    here.close();
    expect(there.take()).toBeNull();
  });

  it("keeps a lineup while structures move, and makes a new one when they are others", () => {
    const structures = createStructures("mix", 3);
    const lineup = createLineup(structures, [[0, 1, 2]]);
    const moved = structures.map((one) => ({ ...one, positions: one.positions.map((value) => value + 0.1) }));
    expect(isSameLineup(lineup, moved)).toBe(true);
    expect(isSameLineup(lineup, moved.slice(1))).toBe(false);
    expect(isSameLineup(lineup, moved.toReversed())).toBe(false);
  });
});
