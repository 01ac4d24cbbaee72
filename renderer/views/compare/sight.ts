/** What is in sight, as parts of the longer step (of each step, when stretched). */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

export const wholeSight: Sight = { from: 0, to: 1 };

export const zoomStep = 1.25;
const smallestPart = 1e-5;

/** What a key makes of it; null for keys that mean nothing here. */
export function sightOf(key: string, sight: Sight): Sight | null {
  const part = (sight.to - sight.from) / 10;
  switch (key) {
    case "W":
      return zoomed(sight, zoomStep, 0.5);
    case "S":
      return zoomed(sight, 1 / zoomStep, 0.5);
    case "A":
      return panned(sight, -part / (sight.to - sight.from));
    case "D":
      return panned(sight, part / (sight.to - sight.from));
    case "0":
      return wholeSight;
    default:
      return null;
  }
}

/** `at`: the place that stays, as a part of what is in sight. */
export function zoomed({ from, to }: Sight, factor: number, at: number): Sight {
  const size = Math.min(1.1, Math.max(smallestPart, (to - from) / factor));
  const center = from + (to - from) * Math.min(1, Math.max(0, at));
  const start = center - size * Math.min(1, Math.max(0, at));
  return { from: start, to: start + size };
}

/** `by`: a part of what is in sight. */
export function panned({ from, to }: Sight, by: number): Sight {
  const shift = (to - from) * by;
  return { from: from + shift, to: to + shift };
}
