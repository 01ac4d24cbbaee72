import type { Advice } from "../advise/advice.ts";
import type {
  ComparisonSummary,
  DeltaRow,
  DiffTree,
  ExampleStep,
  ImportRecord,
  KernelPage,
  RowDistributions,
  StepPicture,
  WallShare,
} from "../compare/comparison.ts";
import type { ScalingPair } from "../compare/measurements/measurement-comparison.ts";
import type { ClaimsReport } from "./claims/claim.ts";

/** Raised when a field of the JSON report changes its meaning. */
export const reportSchemaVersion = 1;

/** Everything a report may show; writers and sections read nothing else. */
export interface ComparisonReport {
  readonly schemaVersion: number;
  readonly title: string;
  /** Of the program that wrote it. */
  readonly version: string;
  /** Command that gives the same report; null when it was made in the window. */
  readonly commandLine: string | null;
  readonly summary: Omit<ComparisonSummary, "comparison">;
  /** Largest changes of self time per step, at most `mostRows`. */
  readonly rows: readonly DeltaRow[];
  /** Part of the step that each of `rows` owns; null where another row of its name speaks for it. */
  readonly wallShares: readonly (WallShare | null)[];
  /** Why rows have no verdicts; null when they have. */
  readonly suppressed: string | null;
  readonly tree: DiffTree | null;
  /** The step, then the rows that changed most. */
  readonly distributions: readonly RowDistributions[];
  readonly kernels: KernelPage | null;
  /** Of each side; of its first run where it has several. */
  readonly advice: { readonly before: Advice; readonly after: Advice };
  /** The median and the longest step of each side, one above the other. */
  readonly stepPictures: readonly { readonly which: ExampleStep["which"]; readonly picture: StepPicture }[];
  /** Of benchmark results of both sides, where such were given beside the traces. */
  readonly scaling: readonly ScalingPair[];
  readonly claims: ClaimsReport | null;
  readonly imports: readonly ImportRecord[];
  /** Ids of sections that pages leave out; programs read everything all the same. */
  readonly hiddenSections: readonly string[];
}

/** A section as a reader chooses it. */
export interface SectionChoice {
  readonly id: string;
  readonly title: string;
  /** False: the report has nothing for it. */
  readonly isCollected: boolean;
}

export type ReportFormat = "html" | "markdown" | "json" | "junit";

export interface ReportFile {
  readonly extension: "html" | "md" | "json" | "xml";
  readonly mediaType: string;
  readonly text: string;
}
