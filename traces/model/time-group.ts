import { formatCounted, formatDuration } from "./format-units.ts";

/** A stretch of time in which something happens, far from all others. Ends where its last span does. */
export interface TimeGroup {
  readonly startNs: number;
  readonly endNs: number;
  readonly spanCount: number;
  readonly instantCount: number;
  readonly sampleCount: number;
}

/** The group with the most spans; where there are none, with the most of all else. */
export function busiestGroup<Group extends TimeGroup>(groups: readonly Group[]): Group | null {
  const weightOf = (group: Group): number => group.spanCount * 2 ** 32 + entriesOf(group);
  return groups.reduce<Group | null>(
    (most, group) => (most === null || weightOf(group) > weightOf(most) ? group : most),
    null,
  );
}

/** "The spans lie in 2 groups, 3.20 h apart", of groups that there are. */
export function describeGroups(groups: readonly TimeGroup[]): string {
  const gapsNs = groups.slice(1).map(({ startNs }, index) => startNs - (groups[index]?.endNs ?? startNs));
  const [least, most] = [formatDuration(Math.min(...gapsNs)), formatDuration(Math.max(...gapsNs))];
  const what = groups.every(({ spanCount }) => spanCount > 0) ? "spans" : "events";
  return `The ${what} lie in ${groups.length} groups, ${least === most ? least : `${least} to ${most}`} apart`;
}

/** "30.0 ms, 4000 spans": how long a group lasts, and what there is most of in it. */
export function describeGroup({ startNs, endNs, spanCount, instantCount, sampleCount }: TimeGroup): string {
  const content =
    spanCount > 0
      ? formatCounted(spanCount, "span")
      : instantCount > 0
        ? formatCounted(instantCount, "instant")
        : formatCounted(sampleCount, "sample");
  return endNs > startNs ? `${formatDuration(endNs - startNs)}, ${content}` : content;
}

/** Everything in a group. */
export const entriesOf = ({ spanCount, instantCount, sampleCount }: TimeGroup): number =>
  spanCount + instantCount + sampleCount;
