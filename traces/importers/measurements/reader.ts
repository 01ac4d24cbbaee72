import type { IntegrityFinding } from "../../measure/integrity/finding.ts";
import type { Measurement, MeasurementSet } from "../../measure/measurement.ts";
import type { JsonHead } from "../json-scan/peek.ts";
import type { NumberBook } from "./number-book.ts";

/** Reads the results of one benchmark tool. One reader is one file in `formats/` and one line in `registry.ts`. */
export interface MeasurementReader {
  /** File name without ".ts". */
  readonly id: string;
  readonly label: string;
  /** How surely a JSON file that begins so holds results of this tool: 0 to 1. `text`: the head as text. */
  sniff(head: JsonHead, text: string): number;
  /** `root`: what `JSON.parse` gave. Throws TraceFormatError for another shape; `book` hears of every number. */
  read(root: unknown, book: NumberBook): FoundMeasurements;
  /** What is wrong with the numbers of a file that was read; `inspectJson` where absent. */
  inspect?(root: unknown): readonly IntegrityFinding[];
}

export interface FoundMeasurements {
  /** What the file turned out to be, for people; the reader's label when absent. */
  readonly formatLabel?: string;
  readonly producer: string | null;
  readonly facts: MeasurementSet["facts"];
  readonly measurements: readonly Measurement[];
}
