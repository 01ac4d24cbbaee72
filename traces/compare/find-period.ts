import { warmUpLength } from "../measure/change-point.ts";
import { endOf, type Trace } from "../model/trace.ts";
import { SpanKind } from "../model/span-kind.ts";
import { canonicalName } from "./canonical-names.ts";
import type { SidePart } from "./side.ts";
import { isDeviceTrack, type TrackRoles } from "./track-roles.ts";
import { textOf } from "../model/text-table.ts";

interface PeriodicStep {
  readonly startNs: number;
  readonly endNs: number;
}

const smallestMatch = 0.6;
const fewestPeriods = 4;
/** Spans looked at, and longest period tried: the search costs their product. */
const longestSequence = 8192;
const longestPeriod = 1024;

/**
 * Steps of a trace that marks none: the shortest period with which the names of the top-level spans repeat, first on
 * the main thread, then on lines of a device that hold phases. Null when nothing repeats at least four times, fills the
 * selection and stays at one level.
 */
export function findPeriodicSteps(part: SidePart, { mainThread }: TrackRoles): readonly PeriodicStep[] | null {
  const { trace } = part;
  const phaseLines = trace.tracks
    .filter(
      (track) => isDeviceTrack(track) && track.spanCount > 0 && trace.spans.kind[track.firstSpan] === SpanKind.phase,
    )
    .map((track): number => track.id);
  for (const track of mainThread === null ? phaseLines : [mainThread, ...phaseLines]) {
    const top = topLevel(part, track);
    const period = periodOf(top.map((span) => canonicalName(textOf(trace.strings, trace.spans.name[span])).name));
    const steps = period === null ? [] : cutInto(trace, top, period);
    if (isSteady(part, steps)) return steps;
  }
  return null;
}

/** Steps fill most of the selection, and do not change their level in the middle: layers of one step do. */
const smallestFill = 0.6;
const largestWarmUp = 1 / 3;

function isSteady({ trace, startNs, endNs }: SidePart, steps: readonly PeriodicStep[]): boolean {
  if (steps.length < fewestPeriods) return false;
  const wallNs = Math.min(endNs, trace.meta.durationNs) - Math.max(0, startNs);
  const filledNs = steps[steps.length - 1].endNs - steps[0].startNs;
  const durations = steps.map((step) => step.endNs - step.startNs);
  return filledNs >= smallestFill * wallNs && warmUpLength(durations) <= largestWarmUp * steps.length;
}

function topLevel({ trace, startNs, endNs }: SidePart, track: number): readonly number[] {
  const { firstSpan, spanCount } = trace.tracks[track];
  const top: number[] = [];
  for (let span: number = firstSpan; span < firstSpan + spanCount; span++)
    if (trace.spans.parent[span] < 0 && trace.spans.startNs[span] >= startNs && trace.spans.startNs[span] < endNs)
      top.push(span);
  return top;
}

/** Share of names equal to the one a period later, ≥ 0.6; the shortest period within 2 % of the best. */
function periodOf(names: readonly string[]): number | null {
  const sequence = names.slice(0, longestSequence);
  const ids = new Map<string, number>();
  const coded = Int32Array.from(sequence, (name) => {
    const id = ids.get(name) ?? ids.size;
    ids.set(name, id);
    return id;
  });
  const largest = Math.min(longestPeriod, Math.floor(coded.length / fewestPeriods));
  const matches = new Float64Array(largest + 1);
  let best = 0;
  for (let period = 1; period <= largest; period++) {
    let equal = 0;
    for (let i = period; i < coded.length; i++) if (coded[i] === coded[i - period]) equal++;
    matches[period] = equal / (coded.length - period);
    best = Math.max(best, matches[period]);
  }
  if (best < smallestMatch) return null;
  const shortest = matches.findIndex((match, period) => period > 0 && match >= best - 0.02);
  return shortest > 0 ? shortest : null;
}

/** Cuts where the widest gap lies, so that a step is what belongs together; incomplete ends are left out. */
function cutInto(trace: Trace, top: readonly number[], period: number): readonly PeriodicStep[] {
  const { spans } = trace;
  const gaps = new Float64Array(period);
  for (let i = 1; i < top.length; i++) gaps[i % period] += spans.startNs[top[i]] - endOf(spans, top[i - 1]);
  const phase = period === 1 ? 0 : gaps.indexOf(Math.max(...gaps));
  const steps: PeriodicStep[] = [];
  for (let i = phase; i + period <= top.length; i += period)
    steps.push({ startNs: spans.startNs[top[i]], endNs: endOf(spans, top[i + period - 1]) });
  return steps;
}
