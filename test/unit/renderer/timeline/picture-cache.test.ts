import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  needsPicture,
  PictureCache,
  type PictureQuestion,
  pictureRange,
  type Wanted,
} from "../../../../renderer/timeline/picture-cache.ts";
import { createPicture } from "../../../../traces/timeline/picture.ts";
import { traceFromText } from "../../../fixtures/trace-from-text.ts";

const trace = traceFromText(`
  main | step---------  step--
       |   fwd--  bwd   fwd
  s7   |     gemm   gemm
`);
const durationNs = trace.meta.durationNs;
const keys = ["r0", "r1", "r2"];

/** Questions wait here until the test lets the engine's own picture code answer them. */
interface Asked {
  readonly question: PictureQuestion;
  answer(): Promise<void>;
  fail(message: string): Promise<void>;
}
let asked: Asked[] = [];
let drawn: number[] = [];
let errors: unknown[] = [];
let cache: PictureCache;

beforeEach(() => {
  asked = [];
  drawn = [];
  errors = [];
  cache = new PictureCache({
    ask: (question) =>
      new Promise((resolve, reject) => {
        asked.push({
          question,
          async answer() {
            resolve({
              generation: question.generation,
              slots: "name",
              ...createPicture(trace, { ...question, minBoxPx: 4 }, null),
            });
            await settled();
          },
          async fail(message) {
            reject(new Error(message));
            await settled();
          },
        });
      }),
    onPicture: ({ picture }) => drawn.push(picture.generation),
    onError: (error) => errors.push(error),
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function want(startNs: number, endNs: number, patch: Partial<Wanted> = {}): Wanted {
  return {
    view: { startNs, endNs },
    widthPx: 200,
    durationNs,
    visibleKeys: keys,
    surroundings: () => keys.map((key) => ({ key, strip: { kind: "rows", rows: [Number(key.slice(1))] } })),
    content: [trace],
    search: null,
    moving: false,
    ...patch,
  };
}

/** The first picture, answered: 6–10 µs on the screen, 4–12 µs in the picture. */
async function settle(): Promise<void> {
  cache.want(want(6000, 10_000));
  await asked[0]?.answer();
}

describe("PictureCache", () => {
  it("asks for twice the view, at the resolution of the screen, and keeps the answer", async () => {
    cache.want(want(6000, 10_000));
    expect(asked[0]?.question).toMatchObject({ startNs: 4000, endNs: 12_000, widthPx: 400, generation: 1 });
    await asked[0]?.answer();
    expect(cache.current?.picture.texels.length).toBe(3 * 400);
    expect(cache.current?.stripOf.get("r2")).toBe(2);
    cache.want(want(6000, 10_000));
    expect(asked.length).toBe(1);
  });

  it("draws from the old picture while the middle of the view stays in its middle third", async () => {
    await settle();
    cache.want(want(7200, 11_200));
    expect(asked.length).toBe(1);
    cache.want(want(7400, 11_400));
    expect(asked.length).toBe(2);
  });

  it("while moving, asks only when the scale changed by more than 1.5; at rest, until the picture is sharp", async () => {
    await settle();
    cache.want(want(6600, 9400, { moving: true }));
    expect(asked.length).toBe(1);
    cache.want(want(6800, 9400, { moving: true }));
    expect(asked.length).toBe(2);
    await asked[1]?.answer();
    cache.want(want(6800, 9400 + 100, { moving: true }));
    expect(asked.length).toBe(2);
    cache.want(want(6800, 9400 + 100));
    expect(asked.length).toBe(3);
  });

  it("has one question under way and keeps only the newest wish for afterwards", async () => {
    cache.want(want(0, 4000));
    for (let startNs = 1000; startNs <= 9000; startNs += 1000) cache.want(want(startNs, startNs + 4000));
    expect(asked.length).toBe(1);
    await asked[0]?.answer();
    expect(asked.length).toBe(2);
    expect(asked[1]?.question.startNs).toBe(7000);
    await asked[1]?.answer();
    expect(asked.length).toBe(2);
    expect(drawn).toEqual([1, 2]);
  });

  it("drops a waiting wish that the answer on its way already serves", async () => {
    cache.want(want(6000, 10_000));
    cache.want(want(6100, 10_100));
    await asked[0]?.answer();
    expect(asked.length).toBe(1);
  });

  it("keeps the old picture until the new one is there when the trace grows, the search changes or tracks unfold", async () => {
    await settle();
    const old = cache.current;
    for (const patch of [{ content: [trace, "search"] }, { visibleKeys: [...keys, "r3"] }]) {
      cache.want(want(6000, 10_000, patch));
      expect(cache.current).toBe(old);
    }
    expect(asked.length).toBe(2);
  });

  it("drops answers from before a reset", async () => {
    cache.want(want(6000, 10_000));
    cache.reset();
    await asked[0]?.answer();
    expect(cache.current).toBeNull();
    expect(drawn).toEqual([]);
    cache.want(want(6000, 10_000));
    await asked[1]?.answer();
    expect(drawn).toEqual([2]);
  });

  it("tells of a failure once, does not repeat the same wish, and asks again when it changes", async () => {
    cache.want(want(6000, 10_000));
    await asked[0]?.fail("out of memory");
    expect(errors).toEqual([new Error("out of memory")]);
    cache.want(want(6000, 10_000));
    expect(asked.length).toBe(1);
    cache.want(want(6001, 10_001));
    expect(asked.length).toBe(2);
    await asked[1]?.answer();
    expect(drawn).toEqual([2]);
  });

  it("asks for what zooming out uncovers", async () => {
    await settle();
    cache.want(want(3000, 8500, { moving: true }));
    expect(asked.length).toBe(2);
  });
});

describe("pictureRange", () => {
  it("starts the view on a whole texel", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 1000, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 4001 }),
        (startNs, span, widthPx) => {
          const range = pictureRange({ view: { startNs, endNs: startNs + span }, widthPx });
          const texels = ((startNs - range.startNs) / (range.endNs - range.startNs)) * range.widthPx;
          expect(Math.abs(texels - Math.round(texels))).toBeLessThan(1e-3);
          expect(range.widthPx).toBeGreaterThanOrEqual(widthPx * 2 - 1);
        },
      ),
    );
  });

  it("needs no second picture for the view it was made for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: durationNs }),
        fc.integer({ min: 100, max: 40_000 }),
        fc.integer({ min: 10, max: 800 }),
        (startNs, span, widthPx) => {
          const wanted = want(startNs, startNs + span, { widthPx });
          const strips = wanted.surroundings();
          const picture = createPicture(
            trace,
            { ...pictureRange(wanted), strips: strips.map((each) => each.strip), minBoxPx: 4 },
            null,
          );
          const cached = {
            picture: { generation: 1, slots: "name" as const, ...picture },
            stripOf: new Map(strips.map((each, index) => [each.key, index])),
            content: wanted.content,
          };
          expect(needsPicture(cached, wanted)).toBe(false);
        },
      ),
    );
  });
});
