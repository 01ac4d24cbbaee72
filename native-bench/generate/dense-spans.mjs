import { createRandom } from "../samples/seeded-random.mjs";

export const denseTracks = 8;
const deepest = 8;
export const denseNames = Array.from(
  { length: 320 },
  (_, i) => `${["forward", "matmul", "layer_norm", "copy", "softmax", "gather", "reduce", "gelu"][i % 8]}_${i}`,
);

/**
 * Calls `visit` with spans that nest eight deep on eight tracks, 64 rows in all: children before parents, most of them
 * at the bottom, with gaps from a nanosecond to milliseconds. Whole ns; the same for the same numbers.
 * @param {{ spans: number, seed: number }} options
 * @param {(track: number, startNs: number, durationNs: number, name: number) => void} visit
 */
export function makeDenseSpans({ spans, seed }, visit) {
  const random = createRandom(seed);
  const perTrack = Math.ceil(spans / denseTracks);
  for (let track = 0; track < denseTracks; track++) {
    const rest = { spans: Math.min(perTrack, spans - track * perTrack) };
    let nowNs = Math.floor(random() * 1000);
    /** @param {number} depth @param {number} name */
    const call = (depth, name) => {
      rest.spans--;
      const startNs = nowNs;
      nowNs += 20 + Math.floor(random() * 400);
      if (depth === deepest) nowNs += Math.floor(random() * random() * random() * 40_000);
      else {
        const children = 1 + Math.floor(random() * (depth < 5 ? 3.2 : 4.4));
        // What calls what is settled by the names, as in code: some 100,000 distinct paths, however many spans.
        for (let child = 0; child < children && rest.spans > 0; child++)
          call(depth + 1, (name * 31 + depth * 7 + child * 53 + 11) % denseNames.length);
      }
      nowNs += Math.floor(random() * 300);
      visit(track, startNs, nowNs - startNs, name);
      nowNs += random() < 0.002 ? Math.floor(random() * 2_000_000) : Math.floor(random() * 500);
    };
    while (rest.spans > 0) call(1, Math.floor(random() * 12));
  }
}
