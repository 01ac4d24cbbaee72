import type { PublishedSeries } from "../../plan/catalog.ts";

/** Figures from the roadmap of 2025-11-24 and the first report on it, a GPU of 2022: for orientation, not measured here. */
export const published: readonly PublishedSeries[] = [
  {
    title: "roadmap, loop",
    source: "PyTorch eager, RTX 3080 Ti, roadmap of 2025-11-24",
    axis: "batch",
    points: [
      { size: 1, timeMs: 22.32, note: "single inference; the 0.79 ms stated for batch 1 is an answer from a cache" },
      { size: 2, timeMs: 43.64 },
      { size: 4, timeMs: 87.58 },
    ],
  },
  {
    title: "first report, batched",
    source: "PyTorch eager, RTX 3080 Ti, report of 2025-11-24",
    axis: "batch",
    points: [
      { size: 1, timeMs: 38.22, note: "single inference; the 0.79 ms stated for batch 1 is an answer from a cache" },
      { size: 2, timeMs: 38.53 },
      { size: 4, timeMs: 42.55 },
    ],
  },
  {
    title: "first report, single",
    source: "PyTorch eager, RTX 3080 Ti, report of 2025-11-24",
    axis: "atoms",
    points: [
      { size: 3, timeMs: 38.19 },
      { size: 4, timeMs: 37.67 },
      { size: 5, timeMs: 38.89 },
      { size: 8, timeMs: 38.13 },
      { size: 9, timeMs: 38.21 },
      { size: 11, timeMs: 38.65 },
      { size: 12, timeMs: 38.25 },
      { size: 60, timeMs: 38.14, note: "five benzenes" },
    ],
  },
];
