import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planChunks } from "../../../native-bench/workloads/student-force-field/evaluate/planner.ts";
import { dealOut } from "../../../native-bench/workloads/student-force-field/evaluate/pool-evaluator.ts";
import { benzene, fullerene, water } from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";

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

  it("loops or takes all at once when told to", () => {
    const sizes = [1, 2, 3].map((atomCount) => ({ atomCount, slotCount: 1 }));
    expect(planChunks(sizes, "loop")).toEqual([[0], [1], [2]]);
    expect(planChunks(sizes, "whole")).toEqual([[0, 1, 2]]);
  });
});

describe("the pool", () => {
  it("deals out structures so that threads end together", () => {
    const shares = dealOut([water, fullerene, water, benzene, fullerene, benzene], 2);
    expect(shares.map((share) => share.length)).toEqual([3, 3]);
    expect(shares.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shares[0]).toContain(1);
    expect(shares[1]).toContain(4);
  });
});
