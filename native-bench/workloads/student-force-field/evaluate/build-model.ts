import { blockAtomCount, buildBlockedGraph } from "../graphs/blocked-graph.ts";
import { buildFastGraph } from "../graphs/fast-graph.ts";
import { buildNaiveGraph } from "../graphs/naive-graph.ts";
import { buildTangentGraph } from "../graphs/tangent-graph.ts";
import type { Weights } from "../model/weights.ts";
import { encodeModel } from "../../../onnx/encode-model.ts";
import type { Graph, GraphParts } from "../../../onnx/graph.ts";
import { quantizeProducts, storeWeightsAsHalf } from "../../../onnx/narrow-weights.ts";
import { createGaussianTable } from "../radial/gaussian-table.ts";
import { createRankBasis, type RankBasis } from "../radial/rank-basis.ts";
import type { GraphLayout } from "./chunked-evaluator.ts";
import { createEdgeLayout } from "./edge-layout.ts";
import { createPaddedLayout } from "./padded-layout.ts";
import type { Numbers, Recipe } from "./recipe.ts";

/** An .onnx file and how to feed it. */
export interface BuiltModel {
  readonly bytes: Uint8Array;
  readonly nodeCount: number;
  readonly layout: GraphLayout;
  /** The blocked graph on the same basis; null where there is none. */
  readonly buildBlocked: (() => BuiltModel) | null;
}

export function buildModel(weights: Weights, { graph: kind, numbers }: Pick<Recipe, "graph" | "numbers">): BuiltModel {
  const { graph, layout, basis } = buildGraph(weights, kind);
  const buildBlocked =
    kind.kind === "fast" && basis !== undefined ? () => encode(blockedGraph(weights, basis), numbers) : null;
  return { ...encode({ graph, layout }, numbers), buildBlocked };
}

interface LaidOut {
  readonly graph: Graph;
  readonly layout: GraphLayout;
  readonly basis?: RankBasis;
}

function encode({ graph, layout }: LaidOut, numbers: Numbers): BuiltModel {
  const parts = narrow(graph.finish(), numbers);
  return { bytes: encodeModel(parts), nodeCount: parts.nodes.length, layout, buildBlocked: null };
}

function buildGraph(weights: Weights, kind: Recipe["graph"]): LaidOut {
  switch (kind.kind) {
    case "naive":
      return { graph: buildNaiveGraph(weights, kind), layout: createEdgeLayout(kind.float) };
    case "tangent":
      return {
        graph: buildTangentGraph(weights),
        layout: createPaddedLayout(createGaussianTable(weights.architecture), { usesSpecies: false }),
      };
    case "fast": {
      const basis = createRankBasis(weights, kind.rank);
      const layout = createPaddedLayout(basis.table, { usesSpecies: true });
      return { graph: buildFastGraph(weights, basis), layout, basis };
    }
    case "blocked":
      return blockedGraph(weights, createRankBasis(weights, kind.rank));
  }
}

function blockedGraph(weights: Weights, basis: RankBasis): LaidOut {
  const layout = createPaddedLayout(basis.table, { usesSpecies: true, blockAtomCount });
  return { graph: buildBlockedGraph(weights, basis), layout };
}

function narrow(parts: GraphParts, numbers: Numbers): GraphParts {
  switch (numbers) {
    case "full":
      return parts;
    case "half-weights":
      return storeWeightsAsHalf(parts);
    case "int8":
      return quantizeProducts(parts, () => true);
    case "int8-but-head":
      return quantizeProducts(parts, (weight) => !weight.startsWith("head"));
    case "int8-filters":
      return quantizeProducts(parts, (weight) => weight.startsWith("filter"));
  }
}
