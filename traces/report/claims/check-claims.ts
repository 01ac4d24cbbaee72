import type { DeltaRow } from "../../compare/comparison.ts";
import { formatChange, intervalWords } from "../../compare/words.ts";
import type { Estimate } from "../../measure/estimate.ts";
import { evaluate, ExpressionError } from "./arithmetic.ts";
import type { ClaimResult, ClaimsReport, ClaimStatus } from "./claim.ts";
import { findCachedSizes, inspectMixture, inspectSeries } from "./series-insights.ts";
import type { Ledger, LedgerClaim } from "./ledger.ts";

/** What was measured, for claims about a change. */
export interface MeasuredChanges {
  /** Of the step; null where the comparison has no verdict. */
  readonly step: Estimate | null;
  readonly rows: readonly DeltaRow[];
  readonly alpha: number;
}

/** Checks every claim: its arithmetic, what it stands on, and the measured change where it names one. */
export function checkClaims(ledger: Ledger, measured: MeasuredChanges | null): ClaimsReport {
  return {
    title: ledger.title,
    claims: ledger.claims.map((claim) => checkClaim(claim, ledger, measured)),
    insights: [...ledger.series.flatMap(inspectSeries), ...ledger.mixtures.flatMap(inspectMixture)],
    accuracy: ledger.accuracy.map((check) => ({ ...check, passes: check.after <= check.limit })),
  };
}

interface Finding {
  readonly status: ClaimStatus;
  readonly found: string;
  readonly evidence: readonly string[];
}

function checkClaim(claim: LedgerClaim, ledger: Ledger, measured: MeasuredChanges | null): ClaimResult {
  const findings = [
    checkBaseline(claim, ledger),
    checkArithmetic(claim),
    claim.change === null ? null : checkChange(claim, claim.change, measured),
    claim.judged === null ? null : { status: claim.judged.status, found: "", evidence: [claim.judged.because] },
  ].filter((finding) => finding !== null);
  const [
    first = { status: "not testable here", found: "", evidence: ["nothing to compute or compare with"] } as const,
  ] = findings;
  // An arithmetic slip counts even where the claim stands on firm ground, and a withdrawn baseline before all.
  const decisive =
    findings.find(({ status }) => status === "withdrawn") ??
    findings.find(({ status }) => status === "arithmetic error") ??
    findings.find(({ status }) => status !== "confirmed") ??
    first;
  return {
    id: claim.id,
    text: claim.text,
    source: claim.source,
    status: decisive.status,
    expected: claim.stated === null ? "" : formatRange(claim.stated, claim.unit, claim.change !== null),
    found: findings.find(({ found }) => found !== "")?.found ?? "",
    evidence: [...findings.flatMap(({ evidence }) => evidence), ...describeShare(claim)].filter((text) => text !== ""),
  };
}

function checkBaseline({ baseline }: LedgerClaim, { series }: Ledger): Finding | null {
  if (baseline === null) return null;
  const known = series.find(({ id }) => id === baseline.series);
  if (known === undefined || !findCachedSizes(known).includes(baseline.at)) return null;
  return {
    status: "withdrawn",
    found: "",
    evidence: [`It stands on ${known.axis} ${baseline.at} of ${known.subject}, which was answered from a cache.`],
  };
}

function checkArithmetic({ stated, computed, tolerance, unit, judged }: LedgerClaim): Finding | null {
  if (computed.length === 0) return null;
  try {
    const values = computed.map((expression) => evaluate(expression));
    const found: readonly [number, number] = [Math.min(...values), Math.max(...values)];
    const agrees =
      stated === null || found.every((value, end) => Math.abs(value - stated[end]) <= allowed(stated[end], tolerance));
    return {
      // Without a stated number the calculation is evidence for what a reader judged.
      status: stated === null ? (judged?.status ?? "not testable here") : agrees ? "confirmed" : "arithmetic error",
      found: formatRange(found, unit, false),
      evidence: [
        computed
          .map((expression, i) => `${expression} = ${trim(values[i])}`)
          .join(", ")
          .concat("."),
      ],
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { status: "not testable here", found: "", evidence: [`The calculation cannot be read: ${error.message}.`] };
  }
}

/** Half a unit of the last digit that was written, at least 0.5 %. */
function allowed(stated: number, tolerance: number | null): number {
  if (tolerance !== null) return tolerance * Math.abs(stated);
  const decimals = /\.(\d+)$/.exec(String(stated))?.[1]?.length ?? 0;
  return Math.max(0.5 * 10 ** -decimals, 0.005 * Math.abs(stated));
}

function checkChange({ stated }: LedgerClaim, what: string, measured: MeasuredChanges | null): Finding {
  const estimate = measured === null ? null : findEstimate(what, measured);
  if (measured === null || estimate === null)
    return { status: "not testable here", found: "", evidence: [`No measured change of ${what} in this comparison.`] };
  const found = formatChange(estimate.relative);
  const interval = estimate.relativeInterval;
  if (interval === null || stated === null)
    return { status: "not testable here", found, evidence: ["The measured change has no interval."] };
  const evidence = [`Measured ${found} (${intervalWords(estimate)}).`];
  const overlaps = interval[0] <= Math.max(...stated) && interval[1] >= Math.min(...stated);
  const excludesNothing = interval[0] > 0 || interval[1] < 0;
  if (!overlaps) return { status: "refuted", found, evidence };
  return { status: excludesNothing ? "confirmed" : "partly", found, evidence };
}

function findEstimate(what: string, { step, rows }: MeasuredChanges): Estimate | null {
  if (what === "step") return step;
  return rows.find(({ path }) => path.at(-1) === what)?.estimate ?? null;
}

/** A part p of the whole, made infinitely fast, makes the whole 1/(1 − p) times as fast (Amdahl 1967). */
function describeShare({ share }: LedgerClaim): readonly string[] {
  if (share === null) return [];
  const caps = share.map((part) => `${(1 / (1 - part)).toFixed(2)}×`);
  return [
    `Of the whole it is ${share.map((part) => `${Math.round(100 * part)} %`).join(" to ")}: the whole gains at most ${[...new Set(caps)].join(" to ")}.`,
  ];
}

function formatRange([low, high]: readonly [number, number], unit: string, isChange: boolean): string {
  const show = (value: number): string => (isChange ? formatChange(value) : trim(value));
  const text = low === high ? show(low) : `${show(low)} to ${show(high)}`;
  return unit === "" ? text : `${text} ${unit}`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(4)));
}
