import type { CompareRequest, ComparisonKey } from "../../electron/contract/compare-contract.ts";
import type { EngineClient, Progress } from "../../electron/contract/engine-contract.ts";
import { type PlainError, toPlainError } from "../../electron/contract/plain-error.ts";
import type { ComparisonSummary } from "../../traces/compare/comparison.ts";
import type { AppState } from "./store.ts";

export type ComparisonState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly progress: Progress | null; readonly startedAtMs: number }
  | { readonly kind: "ready"; readonly summary: ComparisonSummary }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: PlainError };

/** A question without the key that the runner chooses. */
export type ComparisonQuestion = Omit<CompareRequest, "comparison">;

export interface ComparisonRunner {
  /** Ends what ran before and compares; null lets go. Never rejects. */
  run(question: ComparisonQuestion | null): Promise<void>;
  cancel(): void;
}

export interface ComparisonRunnerDeps {
  readonly get: () => AppState;
  readonly now: () => number;
  readonly setState: (state: ComparisonState) => void;
}

/** Compares through the engine, one cancellable call at a time; the engine keeps the newest comparison only. */
export function createComparisonRunner({ get, now, setState }: ComparisonRunnerDeps): ComparisonRunner {
  let nextKey = 1;
  let running: AbortController | null = null;
  let kept: ComparisonKey | null = null;

  const release = (): void => {
    running?.abort();
    running = null;
    if (kept === null) return;
    // It may be gone with its engine: the refusal says only that.
    void get()
      .engine?.call("compare.close", { comparison: kept })
      .catch(() => undefined);
    kept = null;
  };
  const compare = async (
    engine: EngineClient,
    question: ComparisonQuestion,
    aborter: AbortController,
  ): Promise<void> => {
    const startedAtMs = now();
    kept = `comparison-${nextKey++}`;
    setState({ kind: "running", progress: null, startedAtMs });
    const onProgress = (progress: Progress): void => {
      if (running === aborter) setState({ kind: "running", progress, startedAtMs });
    };
    try {
      const summary = await engine.call(
        "compare.start",
        { ...question, comparison: kept },
        { signal: aborter.signal, onProgress },
      );
      if (running !== aborter) return;
      setState({ kind: "ready", summary });
      get().announce(summary.headline.sentence);
    } catch (error) {
      if (running !== aborter) return;
      const plain = toPlainError(error);
      setState(plain.name === "CancelledError" ? { kind: "cancelled" } : { kind: "failed", error: plain });
      if (plain.name !== "CancelledError") get().announce(`The comparison failed: ${plain.message}`);
    }
  };

  return {
    async run(question) {
      release();
      const { engine } = get();
      if (question === null || engine === null) return setState({ kind: "idle" });
      const aborter = new AbortController();
      running = aborter;
      await compare(engine, question, aborter);
      if (running === aborter) running = null;
    },
    cancel: () => running?.abort(),
  };
}
