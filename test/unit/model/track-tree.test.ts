import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inScreenOrder, outermostFinder, type TrackPlace } from "../../../traces/model/track-tree.ts";

const track = (id: number, parent: number | null, sortIndex = 0): TrackPlace => ({ id, parent, sortIndex });
const idsOf = (tracks: readonly TrackPlace[]): readonly number[] => inScreenOrder(tracks).map(({ id }) => id);
const chain = Array.from({ length: 100_000 }, (_, id) => track(id, id === 0 ? null : id - 1));

/** Any parents: none, unknown ones, later ones, circles. */
const anyTracks = fc
  .array(fc.option(fc.nat(15), { nil: null }), { maxLength: 12 })
  .map((parents) => parents.map((parent, id) => track(id, parent)));

describe("tracks in the order of the screen", () => {
  it("lie below what holds them, siblings by their index", () => {
    expect(idsOf([track(0, null, 1), track(1, 0, 5), track(2, 0), track(3, null), track(4, 2)])).toEqual([
      3, 0, 2, 4, 1,
    ]);
  });

  it("may hang one below the other as often as they like", () => {
    expect(idsOf(chain)).toEqual(chain.map(({ id }) => id));
  });

  it("are outermost when what should hold them is not there", () => {
    expect(idsOf([track(5, 99), track(6, 5)])).toEqual([5, 6]);
  });
});

describe("the outermost track", () => {
  it("is that at the end of the way up, the track itself where nothing holds it", () => {
    fc.assert(
      fc.property(anyTracks, fc.array(fc.nat(11)), (tracks, asked) => {
        const outermost = outermostFinder(tracks);
        for (const index of asked) {
          const from = tracks[index];
          if (from === undefined) continue;
          let top = from;
          const passed = new Set<TrackPlace>();
          for (let up: TrackPlace | undefined = from; up !== undefined && !passed.has(up);) {
            passed.add(up);
            top = up;
            up = up.parent === null ? undefined : tracks[up.parent];
          }
          const isCircle = top.parent !== null && tracks[top.parent] !== undefined;
          // Where the way goes round, any track of it will do: it must only end.
          if (isCircle) expect(tracks).toContain(outermost(from));
          else expect(outermost(from)).toBe(top);
        }
      }),
    );
  });

  it("of each track of a long way is found in one pass", () => {
    const outermost = outermostFinder(chain);
    expect(new Set(chain.map(outermost))).toEqual(new Set([chain[0]]));
    // From the other end each way is long the first time only.
    const fromBelow = outermostFinder(chain);
    expect(new Set(chain.toReversed().map(fromBelow))).toEqual(new Set([chain[0]]));
  });
});
