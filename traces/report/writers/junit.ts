import { formatChange } from "../../compare/words.ts";
import type { DeltaRow } from "../../compare/comparison.ts";
import type { Estimate } from "../../measure/estimate.ts";
import type { ComparisonReport } from "../report.ts";
import { escapeText } from "./html/escape.ts";

interface TestCase {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "skipped" | "error";
  readonly message: string;
}

/** One test case for the step and each row: regressed fails, inconclusive is skipped, incomparable is an error. */
export function writeJunit(report: ComparisonReport): string {
  const { headline } = report.summary;
  const first: TestCase =
    headline.estimate === null
      ? { name: headline.quantity, outcome: "error", message: headline.sentence }
      : toCase(headline.quantity, headline.estimate, headline.sentence);
  const accuracy = (report.claims?.accuracy ?? []).map(({ quantity, unit, after, limit, passes }): TestCase => ({
    name: `accuracy: ${quantity}`,
    outcome: passes ? "passed" : "failure",
    message: `${after} ${unit}, limit ${limit} ${unit}`,
  }));
  const cases = [first, ...accuracy, ...report.rows.flatMap(rowCase)];
  const count = (outcome: TestCase["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${escapeText(report.title)}" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}">`,
    ...cases.map(writeCase),
    "</testsuite></testsuites>",
    "",
  ].join("\n");
}

function rowCase({ path, estimate }: DeltaRow): readonly TestCase[] {
  if (estimate === null) return [];
  const { relative, q } = estimate;
  return [toCase(path.join(" › "), estimate, `self time per step ${formatChange(relative)}, q ${q ?? "none"}`)];
}

function toCase(name: string, { verdict }: Estimate, message: string): TestCase {
  const outcomes = { regressed: "failure", improved: "passed", equivalent: "passed", inconclusive: "skipped" } as const;
  return { name, outcome: outcomes[verdict], message };
}

function writeCase({ name, outcome, message }: TestCase): string {
  const open = `<testcase classname="deltaflame.compare" name="${escapeText(name)}"`;
  return outcome === "passed" ? `${open}/>` : `${open}><${outcome} message="${escapeText(message)}"/></testcase>`;
}
