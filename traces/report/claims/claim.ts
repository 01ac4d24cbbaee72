/** A statement with a number, and what became of it. */
export interface ClaimResult {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly status: ClaimStatus;
  /** As claimed: a value or a range, with its unit. */
  readonly expected: string;
  /** As computed or measured; "" when there is nothing. */
  readonly found: string;
  /** Sentences: the arithmetic, the interval, the cap. */
  readonly evidence: readonly string[];
}

export type ClaimStatus = "confirmed" | "refuted" | "partly" | "arithmetic error" | "withdrawn" | "not testable here";

export interface ClaimsReport {
  readonly title: string;
  readonly claims: readonly ClaimResult[];
  /** What the tables of the ledger show that the claims do not say. */
  readonly insights: readonly Insight[];
  readonly accuracy: readonly AccuracyCheck[];
}

export interface Insight {
  /** Stable word: "serial", "affine", "ceiling", "cache", "mixture", "constant". */
  readonly id: string;
  readonly subject: string;
  readonly sentence: string;
}

/** A number that must stay within a limit for a speed-up to count. */
export interface AccuracyCheck {
  readonly quantity: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number;
  readonly limit: number;
  readonly passes: boolean;
}
