/** A point along a direction: the value and the slope there. */
export interface LinePlace {
  readonly value: number;
  readonly slope: number;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
const mostEvaluations = 20;

/**
 * A step factor that meets the strong Wolfe conditions, from 1 on: Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 3.5
 * and 3.6. The place of the last evaluation is the one that is returned; null after 20 evaluations without one.
 */
export async function searchWolfe<Place extends LinePlace>(
  start: LinePlace,
  evaluate: (factor: number) => Promise<Place>,
): Promise<Place | null> {
  let count = 0;
  const visit = async (factor: number): Promise<Place | null> =>
    count++ < mostEvaluations ? await evaluate(factor) : null;
  const isLow = (factor: number, { value }: LinePlace): boolean =>
    value <= start.value + sufficientDecrease * factor * start.slope;
  const isFlat = ({ slope }: LinePlace): boolean => Math.abs(slope) <= curvature * Math.abs(start.slope);

  /** Between `low`, the lowest place so far, and `high`, beyond a minimum. */
  const zoom = async (
    low: { readonly factor: number; readonly place: LinePlace },
    high: { readonly factor: number },
  ): Promise<Place | null> => {
    for (let from = low, to = high; ;) {
      const factor = (from.factor + to.factor) / 2;
      const place = await visit(factor);
      if (place === null) return null;
      if (!isLow(factor, place) || place.value >= from.place.value) {
        to = { factor };
        continue;
      }
      if (isFlat(place)) return place;
      if (place.slope * (to.factor - from.factor) >= 0) to = from;
      from = { factor, place };
    }
  };

  let before: { readonly factor: number; readonly place: LinePlace } = { factor: 0, place: start };
  for (let factor = 1; ; factor *= 2) {
    const place = await visit(factor);
    if (place === null) return null;
    if (!isLow(factor, place) || (before.factor > 0 && place.value >= before.place.value))
      return await zoom(before, { factor });
    if (isFlat(place)) return place;
    if (place.slope >= 0) return await zoom({ factor, place }, before);
    before = { factor, place };
  }
}
