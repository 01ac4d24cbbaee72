import fc from "fast-check";
import type { TrackSummary } from "../../../../electron/contract/engine-contract.ts";
import type { TrackLayout } from "../../../../renderer/state/trace-tab.ts";
import type { TrackKind } from "../../../../traces/model/trace.ts";

/** A track summary; rows are given by the caller of several. */
export function track(id: number, patch: Partial<TrackSummary> = {}): TrackSummary {
  return {
    id,
    kind: "thread",
    name: `track ${id}`,
    detail: "",
    parent: null,
    sortIndex: 0,
    spanCount: 1,
    firstRow: id * 10,
    rowCount: 1,
    laneRows: [],
    instantCount: 0,
    sampleCount: 0,
    sampleRange: null,
    busyNs: 1,
    ...patch,
  };
}

export const plainLayout: TrackLayout = {
  collapsed: new Set(),
  areAllCollapsed: false,
  hidden: new Set(),
  pinned: [],
  order: { process: new Map(), role: new Map() },
  rowHeight: "normal",
  groupBy: "process",
  filter: "",
};

const kinds: readonly TrackKind[] = ["process", "thread", "device", "stream", "async", "counter", "frame"];

/** Track trees as an engine gives them: rows numbered through, parents anywhere, some tracks empty. */
export const randomTracks: fc.Arbitrary<readonly TrackSummary[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      parent: fc.option(fc.nat(20), { nil: null }),
      sortIndex: fc.integer({ min: -2, max: 2 }),
      rowCount: fc.oneof(fc.nat(4), fc.constant(60)),
      instantCount: fc.nat(2),
      sampleCount: fc.nat(1),
      name: fc.constantFrom("main", "python 12", "GPU 0", "stream 7", "__proto__", ""),
    }),
    { maxLength: 21 },
  )
  .map((specs) => {
    let firstRow = 0;
    return specs.map((spec, id) => {
      const parent = spec.parent !== null && spec.parent < id ? spec.parent : null;
      const made = track(id, {
        ...spec,
        parent,
        firstRow,
        spanCount: spec.rowCount,
        sampleRange: spec.sampleCount > 0 ? [0, 1] : null,
      });
      firstRow += spec.rowCount;
      return made;
    });
  });

const randomOrder = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 6 }).map((pairs) => new Map(pairs));

/** Layouts over up to 21 tracks. */
export const randomLayout: fc.Arbitrary<TrackLayout> = fc.record({
  collapsed: fc.uniqueArray(fc.nat(20)).map((ids) => new Set(ids)),
  areAllCollapsed: fc.constant(false),
  hidden: fc.uniqueArray(fc.nat(20), { maxLength: 4 }).map((ids) => new Set(ids)),
  pinned: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
  order: fc.record({ process: randomOrder, role: randomOrder }),
  groupBy: fc.constantFrom("process", "role"),
  rowHeight: fc.constantFrom("compact", "normal", "roomy"),
  filter: fc.constantFrom("", "gpu", "MAIN", "nothing has this name"),
});
