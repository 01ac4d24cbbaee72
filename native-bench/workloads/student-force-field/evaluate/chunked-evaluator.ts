import type { SpanRecorder } from "../../../spans/recorder.ts";
import type { Surroundings } from "../inputs/edge-inputs.ts";
import type { Architecture } from "../model/architecture.ts";
import { checkStructure } from "../structures/check-structure.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";
import { findPairs, type NeighborMethod } from "../neighbors/find-pairs.ts";
import { measureBatch } from "../inputs/padded-inputs.ts";
import { createSpanNames, type Evaluator } from "./evaluator.ts";
import type { Feeds, GraphSession, Outputs } from "./graph-session.ts";
import { planChunks, type Batching } from "./planner.ts";

/** How a graph takes structures and gives results back. */
export interface GraphLayout {
  /** Inputs for structures one after another, and what is needed to take the outputs apart. */
  fill(parts: readonly Surroundings[], ort: GraphSession["ort"]): FilledInputs;
}

export interface FilledInputs {
  readonly feeds: Feeds;
  split(outputs: Outputs): Evaluation[];
}

export interface ChunkSettings {
  readonly architecture: Architecture;
  readonly neighbors: NeighborMethod;
  readonly batching: Batching;
  readonly slotBudget: number;
  readonly recorder: SpanRecorder;
}

/** Neighbor lists, then chunk by chunk: inputs, session.run, outputs. */
export function createChunkedEvaluator(session: GraphSession, layout: GraphLayout, settings: ChunkSettings): Evaluator {
  const { architecture, neighbors, batching, slotBudget, recorder } = settings;
  const names = createSpanNames(recorder);

  const surround = (structures: readonly Structure[]): Surroundings[] =>
    structures.map((structure) => {
      checkStructure(structure, architecture);
      return { structure, pairs: findPairs(structure, architecture.cutoff, neighbors) };
    });

  async function evaluate(
    structures: readonly Structure[],
    run: (feeds: Feeds) => Promise<Outputs>,
  ): Promise<readonly Evaluation[]> {
    const parts = recorder.span(names.neighbors, () => surround(structures));
    const sizes = parts.map((part) => measureBatch([part]));
    const results: Evaluation[] = Array.from({ length: parts.length });
    for (const chunk of planChunks(sizes, batching, slotBudget)) {
      const members = chunk.map((index) => parts[index]);
      recorder.begin(names.chunk);
      if (recorder.isRecording)
        noteSizes(
          recorder,
          chunk.map((index) => sizes[index]),
        );
      const { feeds, split } = recorder.span(names.inputs, () => layout.fill(members, session.ort));
      const outputs = await run(feeds);
      recorder.begin(names.outputs);
      split(outputs).forEach((evaluation, i) => (results[chunk[i]] = evaluation));
      recorder.end();
      recorder.end();
    }
    return results;
  }

  return {
    evaluate: (structures) =>
      evaluate(structures, async (feeds) => {
        recorder.begin(names.run);
        const outputs = await session.run(feeds);
        recorder.end();
        return outputs;
      }),
    async profile(structures) {
      const counts: Record<string, number> = {};
      await evaluate(structures, async (feeds) => {
        const { outputs, placement } = await session.profile(feeds, recorder, () => recorder.begin(names.run));
        recorder.end();
        for (const [provider, count] of Object.entries(placement)) counts[provider] = (counts[provider] ?? 0) + count;
        return outputs;
      });
      return counts;
    },
    dispose: () => session.dispose(),
  };
}

function noteSizes(recorder: SpanRecorder, sizes: readonly { atomCount: number; slotCount: number }[]): void {
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
