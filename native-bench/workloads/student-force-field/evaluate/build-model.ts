import { blockAtomCount, buildBlockedGraph } from "../graphs/blocked-graph.ts";
import { buildFastGraph } from "../graphs/fast-graph.ts";
import { buildNaiveGraph } from "../graphs/naive-graph.ts";
import { buildTangentGraph } from "../graphs/tangent-graph.ts";
import type { Weights } from "../model/weights.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Graph, GraphParts } from "../onnx/graph.ts";
import { quantizeProducts, storeWeightsAsHalf } from "../onnx/narrow-weights.ts";
import { createGaussianTable } from "../radial/gaussian-table.ts";
import { createRankBasis } from "../radial/rank-basis.ts";
import type { GraphLayout } from "./chunked-evaluator.ts";
import { createEdgeLayout } from "./edge-layout.ts";
import { createPaddedLayout } from "./padded-layout.ts";
import type { Numbers, Recipe } from "./recipe.ts";

/** An .onnx file and how to feed it. */
export interface BuiltModel {
  readonly bytes: Uint8Array;
  readonly nodeCount: number;
  readonly layout: GraphLayout;
}

export function buildModel(weights: Weights, { graph: kind, numbers }: Pick<Recipe, "graph" | "numbers">): BuiltModel {
  const { graph, layout } = buildGraph(weights, kind);
  const parts = narrow(graph.finish(), numbers);
  return { bytes: encodeModel(parts), nodeCount: parts.nodes.length, layout };
}

function buildGraph(weights: Weights, kind: Recipe["graph"]): { graph: Graph; layout: GraphLayout } {
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
      return { graph: buildFastGraph(weights, basis), layout: createPaddedLayout(basis.table, { usesSpecies: true }) };
    }
    case "blocked": {
      const basis = createRankBasis(weights, kind.rank);
      const layout = createPaddedLayout(basis.table, { usesSpecies: true, blockAtomCount });
      return { graph: buildBlockedGraph(weights, basis), layout };
    }
  }
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
