import type { Direction, Estimate, Interval, Verdict } from "./estimate.ts";
import { mirrored } from "./relative.ts";

/** An estimate before all rows are known, and with them its adjusted p. */
export type Change = Omit<Estimate, "q" | "verdict" | "direction" | "significant" | "shapeOnly" | "moreNeeded">;

export interface VerdictRule {
  /** Smallest relative change that matters, 0.05 = 5 %. */
  readonly tolerance: number;
  readonly alpha: number;
}

/**
 * Regressed and improved need q ≤ α/5: where noise is far larger than the tolerance, one interval in forty lies above it
 * by chance alone, and a gate that fails one equal pair in forty is soon switched off.
 */
const verdictFactor = 5;
/** No plan is told for more than so many times the present number of observations. */
const largestFactor = 20;

/** Adds what follows from the adjusted p: verdict, direction, how many more observations would decide. */
export function conclude(change: Change, q: number | null, rule: VerdictRule): Estimate {
  const significant = q !== null && q <= rule.alpha;
  const verdict = decideVerdict(change, q !== null && q <= rule.alpha / verdictFactor, rule.tolerance);
  return {
    ...change,
    q,
    significant,
    verdict,
    direction: directionOf(change, significant),
    shapeOnly: !significant && change.p !== null && change.p > rule.alpha && (change.shapeP ?? 1) <= rule.alpha,
    moreNeeded: verdict === "inconclusive" ? observationsNeeded(change, rule.tolerance) : null,
  };
}

/**
 * Regressed: the whole interval lies above +T, and q ≤ α/5. Improved: it lies below the mirror image of +T,
 * 1/(1 + T) − 1, so that exchanging the sides exchanges the verdicts. Equivalent: the 1 − 2α interval lies inside
 * (two one-sided tests, Schuirmann 1987). Else inconclusive.
 */
function decideVerdict({ relativeInterval, equivalenceInterval }: Change, isSure: boolean, tolerance: number): Verdict {
  if (relativeInterval !== null && isSure) {
    if (relativeInterval[0] > tolerance) return "regressed";
    if (relativeInterval[1] < mirrored(tolerance)) return "improved";
  }
  return equivalenceInterval !== null && isInside(equivalenceInterval, mirrored(tolerance), tolerance)
    ? "equivalent"
    : "inconclusive";
}

function isInside([low, high]: Interval, from: number, to: number): boolean {
  return low > from && high < to;
}

function directionOf({ relativeInterval, shift }: Change, significant: boolean): Direction {
  const excludesZero = relativeInterval !== null && (relativeInterval[0] > 0 || relativeInterval[1] < 0);
  if (!significant && !excludesZero) return "unknown";
  return shift > 0 ? "slower" : shift < 0 ? "faster" : "unknown";
}

/**
 * n·(h/h*)² − n: h = distance of the change from the end of its interval that is in the way, h* = its distance from the
 * tolerance there. A change within the tolerance has to keep both ends of the interval of equivalence inside. null where
 * that is beyond any plan.
 */
function observationsNeeded(change: Change, tolerance: number): number | null {
  const { before, after, relative, relativeInterval, equivalenceInterval } = change;
  const n = Math.min(before.n, after.n);
  if (n < 4) return 4 - n;
  if (relativeInterval === null || equivalenceInterval === null || !Number.isFinite(relative)) return null;
  const [least, most] = [mirrored(tolerance), tolerance];
  const factor = (end: number, limit: number): number => ((end - relative) / (limit - relative)) ** 2;
  const total = (): number => {
    if (relative > most) return n * factor(relativeInterval[0], most);
    if (relative < least) return n * factor(relativeInterval[1], least);
    return n * Math.max(factor(equivalenceInterval[0], least), factor(equivalenceInterval[1], most));
  };
  const wanted = total();
  return wanted <= largestFactor * n ? Math.max(1, Math.ceil(wanted - n)) : null;
}
