import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { SampledStacks } from "../chrome/sampled-stacks.ts";

/** Adds the spans of a thread's samples to its track, and tells of samples that were out of order. */
export function addStackSpans(builder: TraceBuilder, track: TrackId, stacks: SampledStacks): void {
  const inversions = stacks.countInversions();
  if (inversions > 0) {
    builder.ledger.note(
      "samplesReordered",
      "samples that stand before an earlier one were sorted",
      -1,
      inversions,
      "info",
    );
  }
  stacks.addSpans(builder, track, 0);
  builder.ledger.note(
    "deepStacks",
    "samples of very deep stacks, of which only the innermost 1,024 functions are shown",
    -1,
    stacks.cutCount,
  );
}

/** Samples in the order of the file, one behind the other, each as long as its weight. */
export class WeightedStacks {
  readonly #stacks: SampledStacks;
  readonly #nsPerUnit: number;
  #at: number;
  #roundedCount = 0;

  /** `startValue`: in units of the profile. */
  constructor(stacks: SampledStacks, nsPerUnit: number, startValue = 0) {
    this.#stacks = stacks;
    this.#nsPerUnit = nsPerUnit;
    this.#at = startValue;
  }

  /** Weights that are no whole ns: ends are rounded, so that sums stay right to a ns. */
  get roundedCount(): number {
    return this.#roundedCount;
  }

  /** `offset`: as of `SampledStacks.add`. */
  add(leaf: Parameters<SampledStacks["add"]>[1], weight: number, offset = 0): void {
    if (!Number.isInteger(weight * this.#nsPerUnit)) this.#roundedCount++;
    this.#stacks.add(this.#toNs(), leaf, offset);
    this.#at += weight;
    this.#stacks.endNs = this.#toNs();
  }

  #toNs(): number {
    return Math.round(this.#at * this.#nsPerUnit);
  }
}
