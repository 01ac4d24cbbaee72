import type { IntegrityFinding } from "../../../traces/measure/integrity/finding.ts";
import { toOneLine } from "./printable.ts";

/** Findings for people; equal ones of several places come together. Each is an inference and shows its arithmetic. */
export function formatFindings(findings: readonly IntegrityFinding[]): string {
  const groups = new Map<string, IntegrityFinding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()]
    .map(([first, ...others]) =>
      first === undefined
        ? ""
        : [
            `  ${first.severity}: ${toOneLine(first.place)}: ${toOneLine(first.message)}`,
            `    inferred from ${toOneLine(first.arithmetic)}`,
            ...others.map(
              ({ place, message, arithmetic }) =>
                `    also ${toOneLine(place)}${message === first.message ? "" : `: ${toOneLine(message).replace(/\.$/, "")}`}: ${toOneLine(arithmetic)}`,
            ),
          ].join("\n"),
    )
    .join("\n")
    .concat("\n");
}
