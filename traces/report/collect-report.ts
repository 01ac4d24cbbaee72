import type { Advice } from "../advise/advice.ts";
import { advise } from "../advise/advise.ts";
import type { Inputs } from "../advise/inputs.ts";
import type { ScalingPair } from "../compare/measurements/measurement-comparison.ts";
import type { Comparison } from "../compare/compare-traces.ts";
import type { SidePart } from "../compare/side.ts";
import type { Sliced } from "../model/sliced.ts";
import type { ClaimsReport } from "./claims/claim.ts";
import { reportSchemaVersion, type ComparisonReport } from "./report.ts";

export interface ReportOptions {
  readonly title: string;
  readonly version: string;
  readonly commandLine: string | null;
  readonly claims: ClaimsReport | null;
  readonly scaling: readonly ScalingPair[];
  /** What spans of the first trace of each side computed from. */
  readonly inputs: { readonly before: Inputs; readonly after: Inputs };
  readonly hiddenSections: readonly string[];
}

/** What a page shows of a table; the rest is counted. */
const mostRows = 200;
const mostKernels = 60;
const mostTreeNodes = 2000;
/** Rows whose distributions are shown, beside the step. */
const mostDistributions = 3;

/** Asks a comparison for everything a report may show. */
export function* collectReport(comparison: Comparison, options: ReportOptions): Sliced<ComparisonReport> {
  const page = yield* comparison.rows({
    metric: "self",
    per: "step",
    sort: "absDelta",
    descending: true,
    search: "",
    significantOnly: false,
    minDeltaNs: 0,
    first: 0,
    count: mostRows,
  });
  const distributions = [yield* comparison.distributions(null, "total", "step")];
  for (const { row } of page.rows.filter(({ match }) => match !== null).slice(0, mostDistributions))
    distributions.push(yield* comparison.distributions(row, "self", "step"));
  const stepPictures = [];
  for (const which of ["median", "longest"] as const)
    stepPictures.push({ which, picture: yield* comparison.stepPicture(which) });
  return {
    schemaVersion: reportSchemaVersion,
    title: options.title,
    version: options.version,
    commandLine: options.commandLine,
    summary: comparison.summary,
    rows: page.rows,
    wallShares: page.rows.map(({ row }) => comparison.wallShares.get(row) ?? null),
    suppressed: page.suppressed,
    tree: yield* comparison.tree(mostTreeNodes, "total", "step"),
    distributions,
    kernels: comparison.kernels({ sort: "absDelta", descending: true, search: "", first: 0, count: mostKernels }),
    advice: {
      before: yield* adviceOf(comparison.parts.before, options.inputs.before),
      after: yield* adviceOf(comparison.parts.after, options.inputs.after),
    },
    stepPictures,
    scaling: options.scaling,
    claims: options.claims,
    imports: comparison.imports,
    hiddenSections: options.hiddenSections,
  };
}

function* adviceOf([first]: readonly SidePart[], inputs: Inputs): Sliced<Advice> {
  if (first === undefined) throw new RangeError("a side without a trace");
  return yield* advise(first.trace, first, inputs);
}
