import type { TraceSummary, TrackSummary } from "../../electron/contract/engine-contract.ts";
import { compareTracks, inScreenOrder } from "../../traces/model/track-tree.ts";
import { type GroupedSummary, groupTracks, isRoleWord, rememberedRoles, roleWord } from "./group-tracks.ts";
import type { TrackLayout } from "./trace-tab.ts";

/** What is remembered of a layout between traces of one format: places, because ids differ from file to file. */
export interface RememberedLayout {
  readonly rowHeight: TrackLayout["rowHeight"];
  readonly groupBy: TrackLayout["groupBy"];
  /** As of `trackPlaces` and `roleWord`. */
  readonly collapsed: readonly string[];
  /** All are collapsed but for these, whatever a trace holds; absent where they were not collapsed all at once. */
  readonly expanded?: readonly string[];
}

/** What the button and the key change each height to. */
export const nextRowHeight: Readonly<Record<TrackLayout["rowHeight"], TrackLayout["rowHeight"]>> = {
  compact: "normal",
  normal: "roomy",
  roomy: "compact",
};

/** More would be one trace's layout rather than a habit. */
export const maxRememberedTracks = 100;

/** Siblings in display order: where the user put them, the others where the trace has them. */
export function siblingsInOrder(
  siblings: readonly TrackSummary[],
  order: ReadonlyMap<number, number>,
): readonly TrackSummary[] {
  const byTrace = isInOrder(siblings) ? siblings : siblings.toSorted(compareTracks);
  if (order.size === 0) return byTrace;
  const position = new Map(byTrace.map(({ id }, index) => [id, order.get(id) ?? index]));
  return byTrace.toSorted((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

/** As nearly all lists are, however long. */
function isInOrder(list: readonly TrackSummary[]): boolean {
  return list.every((track, index) => {
    const before = list[index - 1];
    return before === undefined || compareTracks(before, track) < 0;
  });
}

/** What "collapse all" collapses. */
export function foldableTracks(summary: GroupedSummary, layout: Pick<TrackLayout, "groupBy">): readonly TrackSummary[] {
  return groupTracks(summary, layout).filter(
    ({ kind, rowCount }) => kind === "process" || kind === "device" || rowCount > 1,
  );
}

/** What is remembered for the format of a trace, applied to it. */
export function layoutFor(
  summary: TraceSummary,
  remembered: RememberedLayout | null,
  layout: TrackLayout,
): TrackLayout {
  if (remembered === null) return layout;
  const { rowHeight, groupBy, expanded } = remembered;
  const restored = { ...layout, rowHeight, groupBy, areAllCollapsed: expanded !== undefined };
  return { ...restored, collapsed: rememberedFolds(summary, remembered, restored) };
}

/**
 * The layout of a trace that is read further: tracks that are new are collapsed as is remembered, and so are those whose
 * name has only come now. What another trace of the format has changed meanwhile is left alone.
 */
export function layoutOfGrown(
  before: TraceSummary,
  summary: TraceSummary,
  remembered: RememberedLayout | null,
  layout: TrackLayout,
): TrackLayout {
  if (remembered === null || (summary.partial && summary.tracks.length > mostGrowingTracks)) return layout;
  if (!isSame(rememberedFolds(before, remembered, layout), layout.collapsed)) return layout;
  const collapsed = rememberedFolds(summary, remembered, layout);
  return isSame(collapsed, layout.collapsed) ? layout : { ...layout, collapsed };
}

/** With more it takes long to name them all, several times a second. */
const mostGrowingTracks = 10_000;

const isSame = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

/** What is remembered for the format of a trace now; of tracks that this trace does not have, or not yet, what was before. */
export function rememberLayout(
  summary: TraceSummary,
  layout: TrackLayout,
  before: RememberedLayout | null,
): RememberedLayout {
  const { rowHeight, groupBy, collapsed, areAllCollapsed } = layout;
  if (!areAllCollapsed)
    return { rowHeight, groupBy, collapsed: placesOf(summary, [...collapsed], before?.collapsed ?? []) };
  const others = foldableTracks(summary, layout).flatMap(({ id }) => (collapsed.has(id) ? [] : id));
  return { rowHeight, groupBy, collapsed: [], expanded: placesOf(summary, others, before?.expanded ?? []) };
}

function rememberedFolds(
  summary: TraceSummary,
  { collapsed, expanded }: RememberedLayout,
  layout: TrackLayout,
): ReadonlySet<number> {
  const words = new Set(expanded ?? collapsed);
  const named = new Set<number>(rememberedRoles(words));
  if (words.size > named.size) for (const [id, place] of trackPlaces(summary)) if (words.has(place)) named.add(id);
  if (expanded === undefined) return named;
  return new Set(foldableTracks(summary, layout).flatMap(({ id }) => (named.has(id) ? [] : id)));
}

/** How tracks and groups of roles are called from trace to trace, then those of `before` that are none of this trace. */
function placesOf(summary: TraceSummary, ids: readonly number[], before: readonly string[]): readonly string[] {
  if (ids.length + before.length === 0) return [];
  const places = trackPlaces(summary);
  const present = new Set(places.values());
  const roles = ids.flatMap((id) => roleWord(id) ?? []);
  const own = ids.flatMap((id) => places.get(id) ?? []);
  const others = before.filter((place) => !present.has(place) && !isRoleWord(place));
  return [...roles, ...own, ...others].slice(0, maxRememberedTracks);
}

/**
 * What makes tracks of two traces "the same": kind and name, numbers set aside (process ids differ from run to run), what
 * holds them, and the how-manieth they are of those that are alike so far: "process/rank #~2|thread/main". Nothing of
 * what lies very deep.
 */
function trackPlaces({ tracks }: Pick<TraceSummary, "tracks">): ReadonlyMap<number, string> {
  const places = new Map<number, string>();
  const depths = new Map<number, number>();
  const counts = new Map<string, number>();
  for (const { id, parent, kind, name } of inScreenOrder(tracks)) {
    const holder = parent === null ? undefined : places.get(parent);
    const depth = (depths.get(parent ?? -1) ?? -1) + 1;
    depths.set(id, depth);
    if (depth > deepestPlace) continue;
    const word = `${kind}/${name.replace(/\d+/g, "#")}`;
    const path = holder === undefined ? word : `${holder}|${word}`;
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    places.set(id, count === 1 ? path : `${path}~${count}`);
  }
  return places;
}

const deepestPlace = 8;

/** The track and everything that holds it in the layout, innermost first. */
export function trackAndHolders(summary: TraceSummary, layout: TrackLayout, track: number): readonly number[] {
  const byId = new Map(groupTracks(summary, layout).map((each) => [each.id, each]));
  const out: number[] = [];
  for (let id: number | null = track; id !== null; id = byId.get(id)?.parent ?? null) out.push(id);
  return out;
}
