import type { Accuracy } from "../../../../traces/measure/bench-report.ts";
import type { SessionContext, SessionOutcome } from "../../workload.ts";
import type { BeforeAfterCase, CaseContext, CaseSide } from "./before-after-case.ts";
import { beforeAfterCases } from "./registry.ts";

/** A side with the case it belongs to. */
export interface FoundSide {
  readonly case: BeforeAfterCase;
  readonly side: CaseSide;
}

/** The side that a variant "case/side" names; null for other variants. */
export function findSide(variant: string): FoundSide | null {
  const [caseId, sideId] = variant.split("/");
  const found = beforeAfterCases.find(({ id }) => id === caseId);
  const side = found?.sides.find(({ id }) => id === sideId);
  return found === undefined || side === undefined ? null : { case: found, side };
}

/** Two solvers end at costs that agree to their tolerance, sums of the same points to rounding. */
const agreement = 1e-7;

/** Runs one side; what it computed is held against the side of the same case that ran first on the same data. */
export async function runSide(
  { case: of, side }: FoundSide,
  parts: Pick<CaseContext, "dataset" | "model" | "recorder">,
  context: SessionContext,
  loadMs: number,
): Promise<SessionOutcome> {
  const {
    elapsedMs,
    itemCount,
    digest,
    facts = {},
  } = await side.run({
    ...parts,
    scratchFolder: context.scratchFolder,
    throwIfCancelled: () => context.throwIfCancelled(),
  });
  const first = await context.share(`first side of ${of.id} on ${parts.dataset.identity.digest}`, () =>
    Promise.resolve(digest),
  );
  await context.share(`explanation of ${of.id}`, () => {
    context.event("What the trace shows", { "": of.explanation });
    return Promise.resolve(of.id);
  });
  return {
    itemsPerStep: itemCount,
    facts: { ...facts, explanation: of.explanation },
    precision: "float64",
    elapsedMs,
    loadMs,
    accuracy: compareDigests(digest, first),
  };
}

function compareDigests(digest: readonly number[], first: readonly number[]): Accuracy {
  const scale = Math.max(...first.map(Math.abs), Number.MIN_VALUE);
  const value =
    digest.length === first.length
      ? Math.max(0, ...digest.map((number, index) => Math.abs(number - first[index]) / scale))
      : Number.POSITIVE_INFINITY;
  const passed = value <= agreement;
  return {
    passed,
    checks: [
      { id: "sides", label: "difference from the first side", value, limit: agreement, unit: "relative", passed },
    ],
  };
}
