import { formatChange, formatP, intervalWords } from "../../../compare/words.ts";
import type { Block } from "../../block.ts";
import type { ReportSection } from "../../report-section.ts";
import type { ResultsReport } from "../results-report.ts";

/** Alerts that a reader takes in at once. */
const mostAlerts = 10;

export const verdict: ReportSection<ResultsReport> = {
  id: "verdict",
  title: "Verdict",
  build: ({ comparison: { sentence, counts, rows } }) => {
    const tone = counts.regressed > 0 ? "bad" : counts.improved > 0 ? "good" : "plain";
    const alerts = rows.filter(({ verdict: each }) => each === "regressed").slice(0, mostAlerts);
    return [
      { kind: "verdict", text: sentence, tone: rows.length === 0 ? "warning" : tone },
      ...(alerts.length === 0
        ? []
        : [
            {
              kind: "list",
              items: alerts.map(({ name, estimate }) =>
                [
                  `${name}: ${formatChange(estimate.relative)}`,
                  ...[intervalWords(estimate)].filter((words) => words !== null),
                  ...(estimate.q === null ? [] : [`q ${formatP(estimate.q)}`]),
                ].join(", "),
              ),
            } satisfies Block,
          ]),
    ];
  },
};
