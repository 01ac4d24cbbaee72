import type { Marker } from "./markers.ts";

/** The tables of one thread, whatever form the file has. */
export interface ThreadTables {
  /** Stack of each sample; null: none, the thread did nothing. */
  readonly sampleStacks: readonly (number | null)[];
  /** Ms since the start of the process. */
  readonly sampleTimesMs: readonly (number | undefined)[];
  /** Frame of each stack, and the stack that it stands on: always an earlier one. */
  readonly stackFrames: readonly number[];
  readonly stackPrefixes: readonly (number | null)[];
  readonly frameNames: readonly string[];
  readonly markers: readonly Marker[];
}
