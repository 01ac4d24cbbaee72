import type { LaunchList } from "../../../../electron/contract/nsight-contract.ts";
import { largestOf, smallestOf } from "../../../../traces/model/extremes.ts";
import type { Precision, RooflinePoint } from "../../../../traces/query/roofline.ts";
import type { LineSeries } from "../../../charts/line-series.ts";

const titles: Readonly<Record<Precision, string>> = {
  half: "Half precision",
  single: "Single precision",
  double: "Double precision",
};

/** Kernels that can be placed: those that computed and moved something. The rest is counted by the caller. */
export function placeable(list: LaunchList): readonly RooflinePoint[] {
  return list.roofline.filter(
    ({ flopPerSecond, intensityFlopPerByte }) => flopPerSecond > 0 && (intensityFlopPerByte ?? 0) > 0,
  );
}

/** The roof of each precision that occurs, and its kernels below it. Peaks are the highest of the file: clocks vary. */
export function rooflineSeries(list: LaunchList): readonly LineSeries[] {
  const points = placeable(list);
  const intensities = points.map(({ intensityFlopPerByte }) => intensityFlopPerByte ?? 0);
  return (["half", "single", "double"] as const).flatMap((precision): LineSeries[] => {
    const own = points.filter((point) => point.precision === precision);
    if (own.length === 0) return [];
    const peakFlop = largestOf(own.map((point) => point.peakFlopPerSecond));
    const peakBytes = largestOf(own.map((point) => point.peakBytesPerSecond));
    const ridge = peakFlop / peakBytes;
    const low = Math.min(ridge / 10, smallestOf(intensities) / 2);
    const high = Math.max(ridge * 10, largestOf(intensities) * 2);
    return [
      {
        id: precision,
        title: titles[precision],
        role: "marks",
        points: own
          .map(({ launch, intensityFlopPerByte, flopPerSecond }) => ({
            x: intensityFlopPerByte ?? 0,
            y: flopPerSecond,
            label: `${launch + 1}: ${list.launches[launch]?.name ?? ""}`,
          }))
          .toSorted((a, b) => a.x - b.x),
      },
      {
        id: `${precision}-roof`,
        title: `Roof, ${titles[precision].toLowerCase()}`,
        partTitle: "roof",
        note: "peak of memory and of arithmetic",
        role: "model",
        kind: "roof",
        lookOf: precision,
        points: [
          { x: low, y: low * peakBytes },
          { x: ridge, y: peakFlop },
          { x: high, y: peakFlop },
        ],
      },
    ];
  });
}
