import { describe, expect, test } from "vitest";
import { drawCurves } from "../../../traces/report/writers/html/chart-curves.ts";

/** Time of a step over sizes, ns; the interval is 10 times as wide as the value where asked for. */
function curve(times: Readonly<Record<number, number>>, isWide = false) {
  const points = Object.entries(times).map(([size, y]) => ({
    x: Number(size),
    y,
    low: isWide ? y / 10 : null,
    high: isWide ? y * 10 : null,
  }));
  return { label: "before", points, fit: [] };
}
const words = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
const heights = (svg: string): readonly number[] =>
  [...svg.matchAll(/ (?:y1|y2|cy)="([\d.-]+)"/g)].map(([, at]) => Number(at));

describe("curves of a report", () => {
  test("have round times, and sizes as they are", () => {
    const svg = drawCurves("time", "batch", [curve({ 1: 772e3, 2: 1.5e6, 1024: 22.4e6 })]);
    expect(words(svg)).toEqual([
      "1\u2009ms",
      "2\u2009ms",
      "5\u2009ms",
      "10\u2009ms",
      "20\u2009ms",
      "1",
      "2",
      "1024",
      "● before",
      "batch",
    ]);
  });

  test("have fewer round times over many decades, and the ends where none is round", () => {
    const levels = (svg: string) => words(svg).filter((word) => word.endsWith("s"));
    expect(levels(drawCurves("time", "n", [curve({ 1: 1e3, 9: 9e9 })]))).toHaveLength(7);
    expect(levels(drawCurves("time", "n", [curve({ 1: 2.1e6, 2: 2.4e6 })]))).toEqual(["2.1\u2009ms", "2.4\u2009ms"]);
  });

  test("keep whiskers inside, and words of close sizes apart", () => {
    const sizes = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [i + 1, (i + 1) * 1e6]));
    const svg = drawCurves("time", "batch", [curve(sizes, true)]);
    for (const at of heights(svg)) {
      expect(at).toBeGreaterThanOrEqual(22);
      expect(at).toBeLessThanOrEqual(226);
    }
    const places = [...svg.matchAll(/<text x="([\d.]+)" y="242"/g)].map(([, x]) => Number(x));
    expect(places.length).toBeGreaterThan(8);
    for (const [i, x] of places.slice(1).entries()) expect(x - (places[i] ?? 0)).toBeGreaterThanOrEqual(44);
  });
});
