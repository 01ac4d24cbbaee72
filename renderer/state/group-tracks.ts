import type { TraceSummary, TrackSummary } from "../../electron/contract/engine-contract.ts";
import { inScreenOrder, outermostFinder } from "../../traces/model/track-tree.ts";
import type { TrackGrouping, TrackLayout } from "./trace-tab.ts";

/** What tracks are for, in the order they are shown. */
const roles = [
  "Steps",
  "Host threads",
  "Device streams",
  "Asynchronous work",
  "Counters",
  "Recording windows",
] as const;
type Role = (typeof roles)[number];

export const nextGrouping: Readonly<Record<TrackGrouping, TrackGrouping>> = {
  process: "role",
  role: "process",
};

/** The change of a layout to another grouping, in which no group of roles is left to be shown again. */
export function regroup(layout: TrackLayout, groupBy: TrackGrouping): Partial<TrackLayout> {
  if (groupBy === layout.groupBy) return {};
  return {
    groupBy,
    hidden: new Set([...layout.hidden].filter((id) => !isRoleGroup(id))),
    pinned: layout.pinned.filter((id) => !isRoleGroup(id)),
  };
}

export type GroupedSummary = Pick<TraceSummary, "tracks" | "steps" | "stepCount">;

/** Whether a track stands for a role and is none of the trace. */
export const isRoleGroup = (id: number): boolean => id < 0;

const groupIdOf = (role: Role): number => -1 - roles.indexOf(role);

/** The word by which a folded group of this id is remembered; null for tracks of the trace. */
export const roleWord = (id: number): string | null => (isRoleGroup(id) ? `role/${roles[-1 - id] ?? ""}` : null);

export const isRoleWord = (word: string): boolean => word.startsWith("role/");

/** Ids of the groups that these words remember. */
export function rememberedRoles(words: ReadonlySet<string>): readonly number[] {
  return roles.filter((role) => words.has(`role/${role}`)).map(groupIdOf);
}

/**
 * The tracks as the layout groups them: below processes and devices as in the trace, or below a group for each role.
 * Tracks that go on below another of their role stay there; names say the owner where a role has several. Groups have ids
 * below 0; all else is as in the summary.
 */
export function groupTracks(
  summary: GroupedSummary,
  { groupBy }: Pick<TrackLayout, "groupBy">,
): readonly TrackSummary[] {
  if (groupBy === "process") return summary.tracks;
  const { tracks } = summary;
  const isStep = stepTracks(summary);
  const roleOf = tracks.map((track) => (hasContent(track) ? roleOfTrack(track, isStep.has(track.id)) : null));
  const ownerOf = outermostFinder(tracks);
  const ownersOf = new Map<Role, Set<number>>();
  for (const track of tracks) {
    const role = roleOf[track.id] ?? null;
    if (role !== null) ownersOf.set(role, (ownersOf.get(role) ?? new Set()).add(ownerOf(track).id));
  }
  const placeOf = new Map(inScreenOrder(tracks).map(({ id }, place) => [id, place]));
  const grouped = tracks.flatMap((track): TrackSummary[] => {
    const role = roleOf[track.id] ?? null;
    if (role === null) return [];
    const isBelowItsLike = track.parent !== null && roleOf[track.parent] === role;
    const owner = ownerOf(track);
    const isOneOfSeveral = (ownersOf.get(role)?.size ?? 0) > 1 && owner !== track && !isBelowItsLike;
    return [
      {
        ...track,
        parent: isBelowItsLike ? track.parent : groupIdOf(role),
        sortIndex: placeOf.get(track.id) ?? 0,
        name: isOneOfSeveral ? `${track.name} · ${owner.name}` : track.name,
      },
    ];
  });
  const present = new Set(roleOf);
  return [...roles.filter((role) => present.has(role)).map(toGroup), ...grouped];
}

function toGroup(role: Role): TrackSummary {
  return {
    id: groupIdOf(role),
    kind: role === "Device streams" ? "device" : "process",
    name: role,
    detail: "",
    parent: null,
    sortIndex: roles.indexOf(role),
    spanCount: 0,
    firstRow: 0,
    rowCount: 0,
    laneRows: [],
    instantCount: 0,
    sampleCount: 0,
    sampleRange: null,
    busyNs: null,
  };
}

/** Whether a track has anything of its own to draw. */
export const hasContent = (track: TrackSummary): boolean =>
  track.rowCount > 0 || track.instantCount > 0 || track.sampleCount > 0;

function roleOfTrack(track: TrackSummary, isStep: boolean): Role {
  if (isStep) return "Steps";
  switch (track.kind) {
    case "stream":
    case "device":
      return "Device streams";
    case "async":
      return "Asynchronous work";
    case "counter":
      return "Counters";
    case "frame":
      return "Recording windows";
    case "thread":
    case "process":
      return track.sampleCount > 0 && track.rowCount === 0 ? "Counters" : "Host threads";
  }
}

/** Tracks that hold steps and nothing else. Spans are numbered track after track, so that steps tell theirs. */
function stepTracks({ tracks, steps, stepCount }: GroupedSummary): ReadonlySet<number> {
  const found = new Set<number>();
  let firstSpan = 0;
  let at = 0;
  const spans = steps.map(({ span }) => span).toSorted((a, b) => a - b);
  for (const { id, spanCount } of tracks) {
    const first = at;
    while (at < spans.length && (spans[at] ?? 0) < firstSpan + spanCount) at++;
    const listed = at - first;
    // Of very many steps only the first are listed.
    if (listed > 0 && (listed === spanCount || (listed === spans.length && spanCount === stepCount))) found.add(id);
    firstSpan += spanCount;
  }
  return found;
}
