import type {
  ComparisonOptions,
  ComparisonSummary,
  DeltaMetric,
  DeltaPage,
  DeltaPer,
  DiffTree,
  KernelColumn,
  KernelPage,
  RowDistributions,
  SpanPairs,
} from "../../traces/compare/comparison.ts";
import type { DeltaPageOptions } from "../../traces/compare/delta-rows.ts";
import type { MeasurementComparison } from "../../traces/compare/measurements/measurement-comparison.ts";
import type { ClaimsReport } from "../../traces/report/claims/claim.ts";
import type { ReportFormat, SectionChoice } from "../../traces/report/report.ts";

/* Commands of comparisons and reports; a comparison lives in the engine under a key, like a trace. */

/** Chosen by the client when it starts a comparison; unique per client. */
export type ComparisonKey = string;

export interface CompareCommands {
  /** Long work: slices, progress in spans, cancel. An earlier comparison under the key is replaced. */
  "compare.start": { readonly request: CompareRequest; readonly reply: ComparisonSummary };
  "compare.close": { readonly request: { readonly comparison: ComparisonKey }; readonly reply: null };
  "compare.rows": { readonly request: DeltaRowsRequest; readonly reply: DeltaPage };
  "compare.distributions": { readonly request: DistributionsRequest; readonly reply: RowDistributions };
  "compare.tree": { readonly request: DiffTreeRequest; readonly reply: DiffTree };
  "compare.pairs": { readonly request: PairsRequest; readonly reply: SpanPairs };
  "compare.kernels": { readonly request: KernelsRequest; readonly reply: KernelPage };
  /** Benchmark results instead of traces; several files a side are runs. */
  "compare.measurements": { readonly request: MeasurementsRequest; readonly reply: MeasurementComparison };
  "report.render": { readonly request: ReportRequest; readonly reply: RenderedReport };
  /** The same for benchmark results, which are read and compared again. */
  "report.results": { readonly request: ResultsReportRequest; readonly reply: RenderedReport };
  "claims.check": { readonly request: ClaimsRequest; readonly reply: ClaimsReport };
}

export interface CompareRequest {
  readonly comparison: ComparisonKey;
  readonly before: CompareSide;
  readonly after: CompareSide;
  readonly options: ComparisonOptions;
}

/** One or more traces, each open in the engine, each whole or a range. */
export interface CompareSide {
  /** Shown for the side; "" = the file names. */
  readonly label: string;
  readonly traces: readonly ComparePart[];
  /** Structures, points, tokens … of one step; null = as the traces say. */
  readonly itemsPerStep: number | null;
}

export interface ComparePart {
  readonly trace: string;
  /** Both or none. */
  readonly startNs?: number;
  readonly endNs?: number;
  /** Only this span and what is below or during it: a phase. */
  readonly during?: number;
}

export interface DeltaRowsRequest extends DeltaPageOptions {
  readonly comparison: ComparisonKey;
}

export interface DistributionsRequest {
  readonly comparison: ComparisonKey;
  /** Null: the step itself. */
  readonly row: number | null;
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
}

/** Steps by their numbers among the kept ones of each side. */
export interface PairsRequest {
  readonly comparison: ComparisonKey;
  readonly beforeStep: number;
  readonly afterStep: number;
}

export interface DiffTreeRequest {
  readonly comparison: ComparisonKey;
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
  readonly maxNodes: number;
}

export interface KernelsRequest {
  readonly comparison: ComparisonKey;
  readonly sort: KernelColumn;
  readonly descending: boolean;
  readonly search: string;
  readonly first: number;
  readonly count: number;
}

export interface ReportRequest extends ReportLook {
  readonly comparison: ComparisonKey;
  /** A claims ledger as YAML; null = none. Errors in it are `UserFacingError`s that name the line. */
  readonly claims: string | null;
  /** Benchmark results of both sides for the scaling curves: tokens of granted files; null = none. */
  readonly scaling: { readonly before: string; readonly after: string } | null;
}

export interface ResultsReportRequest extends MeasurementsRequest, ReportLook {}

export interface ReportLook {
  readonly format: ReportFormat;
  readonly title: string;
  /** Shown for reproduction; null in the window. */
  readonly commandLine: string | null;
  /** Version of the program, printed in the report. */
  readonly version: string;
  /** Ids of sections to leave out of pages; none = all. */
  readonly hiddenSections: readonly string[];
}

export interface RenderedReport {
  /** The title and an extension; whoever saves it makes a file name of it. */
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
  /** Every section there is, whether it is shown or not. */
  readonly sections: readonly SectionChoice[];
}

export interface ClaimsRequest {
  /** Claims about a change are checked against it; null: only arithmetic and tables are. */
  readonly comparison: ComparisonKey | null;
  /** YAML; null = the bundled ledger. */
  readonly claims: string | null;
}

export interface MeasurementsRequest {
  /** Tokens of granted files. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly options: ComparisonOptions;
  /** Units and directions that the user set right, for all files that have the measurement. */
  readonly corrections: readonly Correction[];
}

export interface Correction {
  readonly path: readonly string[];
  readonly unit: string | null;
  readonly better: "lower" | "higher" | null;
}
