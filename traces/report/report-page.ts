import type { MeasurementVerdict } from "../compare/measurements/measurement-comparison.ts";
import type { BuiltSection } from "./collect-sections.ts";

/** What every writer needs, whatever was compared. */
export interface ReportPage {
  readonly title: string;
  /** "before.json → after.json". */
  readonly sides: string;
  readonly sections: readonly BuiltSection[];
  /** Titles of sections that have nothing to show. */
  readonly missing: readonly string[];
  /** For JUnit. */
  readonly cases: readonly TestCase[];
  /** Everything, for programs. */
  readonly data: unknown;
}

/** Regressed fails, inconclusive is skipped, incomparable is an error. */
export interface TestCase {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "skipped" | "error";
  readonly message: string;
}

export const outcomeOf: Readonly<Record<MeasurementVerdict, "passed" | "failure" | "skipped">> = {
  regressed: "failure",
  changed: "failure",
  improved: "passed",
  equivalent: "passed",
  inconclusive: "skipped",
};
