import type { SpanRecorder } from "../../../spans/recorder.ts";
import type { Surroundings } from "../inputs/edge-inputs.ts";
import type { Architecture } from "../model/architecture.ts";
import { checkStructure } from "../structures/check-structure.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";
import { findPairs, type NeighborMethod } from "../neighbors/find-pairs.ts";
import { measureBatch } from "../inputs/padded-inputs.ts";
import { createSpanNames, type Evaluator } from "./evaluator.ts";
import type { Feeds, GraphSession, Outputs } from "./graph-session.ts";
import { PairMemory } from "../neighbors/pair-list.ts";
import { planChunks, type Batching, type PlannedSize } from "./planner.ts";

/** How a graph takes structures and gives results back. */
export interface GraphLayout {
  /** Inputs for structures one after another, and what is needed to take the outputs apart. */
  fill(parts: readonly Surroundings[], ort: GraphSession["ort"]): FilledInputs;
}

export interface FilledInputs {
  readonly feeds: Feeds;
  split(outputs: Outputs): Evaluation[];
}

/** A graph in a session, and how to feed it. */
export interface LoadedGraph {
  readonly session: GraphSession;
  readonly layout: GraphLayout;
}

/** Slots from which a structure alone is quicker in blocks: C60 has 1,740. */
const largeSlotCount = 1500;

export interface ChunkSettings {
  readonly architecture: Architecture;
  readonly neighbors: NeighborMethod;
  readonly batching: Batching;
  readonly slotBudget: number;
  /** What an evaluation costs however small it is, in slots. */
  readonly evaluationCost: number;
  readonly recorder: SpanRecorder;
  /** Loads the graph for large structures when the first comes; null: they take the other one. */
  readonly openLarge: (() => Promise<LoadedGraph>) | null;
  /** Asked between chunks: a thread must not be ended while ONNX Runtime computes in it. */
  readonly throwIfCancelled?: (() => void) | undefined;
}

/** Neighbor lists, then chunk by chunk: inputs, session.run, outputs. */
export function createChunkedEvaluator(usual: LoadedGraph, settings: ChunkSettings): Evaluator {
  const { architecture, neighbors, batching, slotBudget, evaluationCost, recorder, openLarge } = settings;
  const names = createSpanNames(recorder);
  let large: Promise<LoadedGraph> | null = null;
  const chooseGraph = (sizes: readonly PlannedSize[]): LoadedGraph | Promise<LoadedGraph> => {
    const isLarge = sizes.length === 1 && sizes[0].atomCount * sizes[0].slotCount >= largeSlotCount;
    return isLarge && openLarge !== null ? (large ??= openLarge()) : usual;
  };

  /** For the lists of the structures of a step: nobody looks at them behind it. */
  const memories: PairMemory[] = [];
  const surround = (structures: readonly Structure[]): Surroundings[] =>
    structures.map((structure, index) => {
      checkStructure(structure, architecture);
      const memory = (memories[index] ??= new PairMemory());
      return { structure, pairs: findPairs(structure, architecture.cutoff, neighbors, memory) };
    });

  /** `run` finds the span of the inputs open, and leaves its own open. */
  async function evaluate(
    structures: readonly Structure[],
    run: (session: GraphSession, feeds: Feeds) => Promise<Outputs>,
  ): Promise<readonly Evaluation[]> {
    const parts = recorder.span(names.neighbors, () => surround(structures));
    const sizes = parts.map((part) => measureBatch([part]));
    const results: Evaluation[] = Array.from({ length: parts.length });
    for (const chunk of planChunks(sizes, batching, slotBudget, evaluationCost)) {
      settings.throwIfCancelled?.();
      const members = chunk.map((index) => parts[index]);
      const memberSizes = chunk.map((index) => sizes[index]);
      const { session, layout } = await chooseGraph(memberSizes);
      recorder.begin(names.chunk);
      if (recorder.isRecording) noteSizes(recorder, memberSizes);
      recorder.begin(names.inputs);
      const { feeds, split } = layout.fill(members, session.ort);
      const outputs = await run(session, feeds);
      recorder.next(names.outputs);
      split(outputs).forEach((evaluation, i) => (results[chunk[i]] = evaluation));
      recorder.end();
      recorder.end();
    }
    return results;
  }

  return {
    evaluate: (structures) =>
      evaluate(structures, async (session, feeds) => {
        recorder.next(names.run);
        return await session.run(feeds);
      }),
    async profile(structures) {
      const counts: Record<string, number> = {};
      await evaluate(structures, async (session, feeds) => {
        recorder.end();
        const { outputs, placement } = await session.profile(feeds, recorder, () => recorder.begin(names.run));
        for (const [provider, count] of Object.entries(placement)) counts[provider] = (counts[provider] ?? 0) + count;
        return outputs;
      });
      return counts;
    },
    async dispose() {
      await usual.session.dispose();
      await (await large)?.session.dispose();
    },
  };
}

function noteSizes(recorder: SpanRecorder, sizes: readonly PlannedSize[]): void {
  recorder.note("structures", sizes.length);
  recorder.note(
    "atoms",
    sizes.reduce((sum, { atomCount }) => sum + atomCount, 0),
  );
  recorder.note(
    "slots per atom",
    sizes.reduce((most, { slotCount }) => Math.max(most, slotCount), 1),
  );
}
