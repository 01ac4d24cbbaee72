import { expect, it } from "vitest";
import { inScreenOrder } from "../../../electron/cli/screen-order.ts";
import type { TrackSummary } from "../../../electron/contract/engine-contract.ts";

function track(id: number, parent: number | null, sortIndex = 0): TrackSummary {
  return {
    id,
    parent,
    sortIndex,
    kind: "thread",
    name: "",
    detail: "",
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

const idsOf = (tracks: readonly TrackSummary[]): readonly number[] => inScreenOrder(tracks).map(({ id }) => id);

it("children come below what holds them, siblings by their index", () => {
  expect(idsOf([track(0, null, 1), track(1, 0, 5), track(2, 0), track(3, null), track(4, 2)])).toEqual([3, 0, 2, 4, 1]);
});

it("a track below a track below a track ends in no deep call", () => {
  const depth = 100_000;
  const tracks = Array.from({ length: depth }, (_, id) => track(id, id === 0 ? null : id - 1));
  expect(idsOf(tracks)).toEqual(tracks.map(({ id }) => id));
});
