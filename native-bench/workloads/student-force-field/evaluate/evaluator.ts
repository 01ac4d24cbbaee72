import type { SpanRecorder } from "../../../spans/recorder.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";

/** A force field ready to evaluate: graph built, session created. One call at a time. */
export interface Evaluator {
  /** Energies, forces and virials in the order of `structures`. Throws UserFacingError for structures it cannot take. */
  evaluate(structures: readonly Structure[]): Promise<readonly Evaluation[]>;
  /**
   * One evaluation with ONNX Runtime's own profile, its nodes recorded within `session.run`. Returns how many nodes ran
   * on which execution provider. Null where the sessions live in other threads.
   */
  readonly profile: ((structures: readonly Structure[]) => Promise<Readonly<Record<string, number>>>) | null;
  dispose(): Promise<void>;
}

/** Interned span names of an evaluation. */
export function createSpanNames(recorder: SpanRecorder) {
  return {
    neighbors: recorder.name("neighbor list", "phase"),
    chunk: recorder.name("chunk", "phase"),
    inputs: recorder.name("inputs", "phase"),
    run: recorder.name("session.run", "launch"),
    outputs: recorder.name("outputs", "phase"),
  };
}
