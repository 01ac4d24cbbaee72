import { cell, type Tone } from "../block.ts";
import type { ClaimStatus } from "../claims/claim.ts";
import type { ReportSection } from "../report-section.ts";

export const claims: ReportSection = {
  id: "claims",
  title: "Claims ledger",
  build: (report) => {
    if (report.claims === null) return null;
    const { title, claims: results, insights } = report.claims;
    return [
      { kind: "text", text: title, tone: "plain" },
      {
        kind: "table",
        columns: [
          { title: "status", align: "left" },
          { title: "claim", align: "left" },
          { title: "source", align: "left" },
          { title: "expected", align: "right" },
          { title: "found", align: "right" },
          { title: "evidence", align: "left" },
        ],
        rows: results.map(({ status, text, source, expected, found, evidence }) => [
          cell(status, undefined, tones[status]),
          cell(text),
          cell(source),
          cell(expected),
          cell(found),
          cell(evidence.join(" ")),
        ]),
        omitted: 0,
      },
      ...(insights.length === 0
        ? []
        : [{ kind: "list", items: insights.map(({ subject, sentence }) => `${subject}: ${sentence}`) } as const]),
    ];
  },
};

const tones: Readonly<Record<ClaimStatus, Tone>> = {
  confirmed: "good",
  refuted: "bad",
  partly: "warning",
  "arithmetic error": "bad",
  withdrawn: "warning",
  "not testable here": "muted",
};
