import type { BenchReport } from "../../../traces/measure/bench-report.ts";

/** Speed-up of each side over the first, and what the workload says about the case. */
export function formatCase({ results }: Pick<BenchReport, "results">): string {
  const [first] = results;
  const lines = results.slice(1).map(({ variant, medianMs }) => {
    if (medianMs === null || first?.medianMs === null || first === undefined)
      return `${variant}: no ratio, not both sides were measured`;
    return `${variant}: ${(first.medianMs / medianMs).toPrecision(3)} × as fast as ${first.variant}`;
  });
  const explanation = results.map(({ facts }) => facts["explanation"]).find((text) => typeof text === "string");
  return `\n${[...lines, ...(explanation === undefined ? [] : ["", explanation])].join("\n")}\n`;
}
