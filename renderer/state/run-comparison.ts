import type { ComparisonKey } from "../../electron/contract/compare-contract.ts";
import type { CallOptions, EngineClient, Progress } from "../../electron/contract/engine-contract.ts";
import { type PlainError, toPlainError } from "../../electron/contract/plain-error.ts";
import type { ComparisonSummary } from "../../traces/compare/comparison.ts";
import { UserFacingError } from "../../traces/model/errors.ts";
import type { MeasurementComparison } from "../../traces/compare/measurements/measurement-comparison.ts";
import type { ComparisonQuestion } from "./compare-sides.ts";
import type { AppState } from "./store.ts";

export type ComparisonState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly progress: Progress | null; readonly startedAtMs: number }
  | { readonly kind: "ready"; readonly summary: ComparisonSummary }
  /** Of benchmark results: all of the answer, and the question for a report of it. */
  | { readonly kind: "results"; readonly result: MeasurementComparison; readonly question: ResultsQuestion }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: PlainError };

export type ResultsQuestion = Omit<Extract<ComparisonQuestion, { kind: "results" }>, "kind">;

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

const mixedWords =
  "one file holds a trace, another benchmark results: they have nothing in common that could be compared";

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
  const ask = async (
    engine: EngineClient,
    question: ComparisonQuestion,
    options: CallOptions,
  ): Promise<Extract<ComparisonState, { kind: "ready" | "results" }>> => {
    if (question.kind === "mixed") throw new UserFacingError(mixedWords);
    if (question.kind === "results") {
      const { kind, ...request } = question;
      return { kind, result: await engine.call("compare.measurements", request, options), question: request };
    }
    const { kind: _kind, ...request } = question;
    const comparison = `comparison-${nextKey++}`;
    kept = comparison;
    return { kind: "ready", summary: await engine.call("compare.start", { ...request, comparison }, options) };
  };
  const compare = async (
    engine: EngineClient,
    question: ComparisonQuestion,
    aborter: AbortController,
  ): Promise<void> => {
    const startedAtMs = now();
    setState({ kind: "running", progress: null, startedAtMs });
    const onProgress = (progress: Progress): void => {
      if (running === aborter) setState({ kind: "running", progress, startedAtMs });
    };
    try {
      const answer = await ask(engine, question, { signal: aborter.signal, onProgress });
      if (running !== aborter) return;
      setState(answer);
      get().announce(answer.kind === "ready" ? answer.summary.headline.sentence : answer.result.sentence);
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
