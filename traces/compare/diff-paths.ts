import type { Sliced } from "../model/sliced.ts";
import { textsOf } from "../model/text-table.ts";
import { findBareSteps } from "../query/step-names.ts";
import { createNaming } from "./canonical-names.ts";
import { findPartFacts, findSteps, type PartFacts } from "./find-steps.ts";
import { matchTrees, type Matching } from "./match-trees.ts";
import { fingerprintOf, type PreparedSide } from "./observations.ts";
import type { SideInput, SideSteps } from "./side.ts";
import { addUpSide, deepestAllowed, placeSide, type PlacedSide } from "./side-tree.ts";
import { uniteTrees } from "./union-rows.ts";

/** Two sides put side by side, before any statistics: their trees of paths, and which nodes are the same. */
export interface PathDiff {
  readonly beforeFacts: readonly PartFacts[];
  readonly afterFacts: readonly PartFacts[];
  readonly naming: ReturnType<typeof createNaming>;
  readonly before: PreparedSide;
  readonly after: PreparedSide;
  readonly matching: Matching;
  readonly union: ReturnType<typeof uniteTrees>;
}

/** Finds the steps of both sides, adds their spans up by path, and matches the paths. */
export function* diffPaths(beforeInput: SideInput, afterInput: SideInput): Sliced<PathDiff> {
  const beforeFacts = beforeInput.parts.map(findPartFacts);
  yield;
  const afterFacts = afterInput.parts.map(findPartFacts);
  yield;
  const strings = (facts: readonly PartFacts[]): string[] => facts.flatMap(({ part }) => textsOf(part.trace.strings));
  const traces = [...beforeFacts, ...afterFacts].map(({ part }) => part.trace);
  const naming = createNaming(strings(beforeFacts), strings(afterFacts), yield* findBareSteps(traces));
  const steps = yield* findBothSteps([beforeInput, beforeFacts], [afterInput, afterFacts]);
  const placed = [
    yield* placeSide(beforeFacts, steps[0], naming.nameOf),
    yield* placeSide(afterFacts, steps[1], naming.nameOf),
  ] as const;
  const deepest = Math.min(...placed.map(deepestAllowed));
  const before = yield* prepare(beforeInput, placed[0], deepest);
  const after = yield* prepare(afterInput, placed[1], deepest);
  const matching = yield* matchTrees(before.tree, after.tree);
  const union = uniteTrees(before.tree, after.tree, matching);
  return { beforeFacts, afterFacts, naming, before, after, matching, union };
}

type StepsInput = readonly [input: SideInput, facts: readonly PartFacts[]];

/** Steps by the same rule on both sides: where one has none, both are taken whole. */
function* findBothSteps(before: StepsInput, after: StepsInput): Sliced<readonly [SideSteps, SideSteps]> {
  const found = [findSteps(...before, false), findSteps(...after, false)] as const;
  yield;
  const asWhole = found.some(({ rule, kept }) => rule === "whole" || kept.length === 0);
  return asWhole ? [findSteps(...before, true), findSteps(...after, true)] : found;
}

function* prepare(input: SideInput, placed: PlacedSide, deepest: number): Sliced<PreparedSide> {
  const tree = yield* addUpSide(placed, deepest);
  const { steps } = placed;
  return {
    parts: input.parts,
    steps: { ...steps, kept: steps.kept.slice(0, tree.stepCount) },
    tree,
    placements: placed.placements,
    deepest,
    itemsPerStep: input.itemsPerStep,
    fingerprint: fingerprintOf(input.parts),
  };
}
