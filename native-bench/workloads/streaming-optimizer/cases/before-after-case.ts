import type { Item } from "../../../plan/catalog.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FitRecorder } from "../fit-recorder.ts";
import type { FitModel } from "../model/fit-model.ts";

/** One bottleneck of the seed document, switched on and off. All sides compute the same. */
export interface BeforeAfterCase {
  /** File name without ".ts"; what `--case` takes. */
  readonly id: string;
  /** Number in the seed document. */
  readonly seedItem: string;
  readonly title: string;
  /** The bottleneck first, what replaces it last. */
  readonly sides: readonly CaseSide[];
  /** One paragraph: what the trace of a run shows, and what follows from it on which kind of engine. */
  readonly explanation: string;
  /** What `itemCount` counts where it is not points. */
  readonly item?: Item;
}

export interface CaseSide {
  readonly id: string;
  readonly label: string;
  /** One line: what is different. */
  readonly help: string;
  run(context: CaseContext): Promise<CaseOutcome>;
}

export interface CaseContext {
  readonly dataset: Dataset;
  readonly model: FitModel;
  readonly recorder: FitRecorder;
  readonly scratchFolder: string;
  throwIfCancelled(): void;
}

export interface CaseOutcome {
  /** Points, events or files that were processed. */
  readonly itemCount: number;
  /** Wall time of the part that is compared, ms. */
  readonly elapsedMs: number;
  /** Numbers that all sides must agree on, to 1e-7 of the largest. */
  readonly digest: readonly number[];
  readonly facts?: Readonly<Record<string, number | string>>;
}

/** Wall time of `body`, recorded as one span. */
export async function timeCase<T>(
  recorder: FitRecorder,
  name: string,
  body: () => Promise<T> | T,
): Promise<{ readonly elapsedMs: number; readonly value: T }> {
  recorder.begin(name, 0);
  const startMs = performance.now();
  try {
    const value = await body();
    return { value, elapsedMs: performance.now() - startMs };
  } finally {
    recorder.end();
  }
}
