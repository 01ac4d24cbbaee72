import { UserFacingError } from "../model/errors.ts";
import type { Sliced } from "../model/sliced.ts";
import type { Trace } from "../model/trace.ts";
import { askWhatIf, prepareReplay, type ReplayedTrace } from "../replay/what-if.ts";
import type { ReplayedSaving } from "./advice.ts";

/** What steps save in a replay without each of these groups of spans and all below them; null where nothing can be replayed. */
export function* replayWithout(
  trace: Trace,
  groups: readonly (readonly number[])[],
): Sliced<readonly (ReplayedSaving | null)[]> {
  if (groups.length === 0) return [];
  const replayed = yield* prepare(trace);
  if (replayed === null) return groups.map(() => null);
  const savings: ReplayedSaving[] = [];
  for (const group of groups) {
    const left = new Set(group);
    const edit = { has: (span: number) => left.has(span), factor: 0, below: true };
    const { beforeNs, afterNs, savedNs: interval } = yield* askWhatIf(replayed, [edit]);
    savings.push({ savedNs: beforeNs - afterNs, interval });
  }
  return savings;
}

/** Null where the trace cannot be replayed: a finding stands without it. */
function* prepare(trace: Trace): Sliced<ReplayedTrace | null> {
  try {
    return yield* prepareReplay(trace);
  } catch (error) {
    if (error instanceof UserFacingError) return null;
    throw error;
  }
}
