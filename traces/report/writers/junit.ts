import type { ReportPage, TestCase } from "../report-page.ts";
import { escapeText } from "./html/escape.ts";

/** The verdicts as test cases, for systems that show those. */
export function writeJunit({ title, cases }: ReportPage): string {
  const count = (outcome: TestCase["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${escapeText(title)}" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}">`,
    ...cases.map(writeCase),
    "</testsuite></testsuites>",
    "",
  ].join("\n");
}

function writeCase({ name, outcome, message }: TestCase): string {
  const open = `<testcase classname="deltaflame.compare" name="${escapeText(name)}"`;
  return outcome === "passed" ? `${open}/>` : `${open}><${outcome} message="${escapeText(message)}"/></testcase>`;
}
