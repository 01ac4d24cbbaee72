import type { Sliced } from "../model/sliced.ts";

/** Times in one bucket that are sorted by insertion. */
const fewTimes = 32;

/** A list of times, start and end, that can be brought into the order of their starts. */
export class TimeList {
  length = 0;
  /** There was no room for one. */
  isFull = false;
  /** How many there is room for. */
  readonly most: number;
  /** Start and end side by side, so that both are in one line of memory. */
  readonly #times: Float64Array;
  /** The same by bucket, on their way. */
  readonly #sorted: Float64Array;
  /** By bucket: where the next one goes. */
  readonly #places: Uint32Array;
  #lastNs = -Infinity;
  #isInOrder = true;

  constructor(most: number) {
    this.most = most;
    this.#times = new Float64Array(2 * most);
    this.#sorted = new Float64Array(2 * most);
    this.#places = new Uint32Array(most);
  }

  startOf(at: number): number {
    return this.#times[2 * at];
  }

  endOf(at: number): number {
    return this.#times[2 * at + 1];
  }

  clear(): void {
    this.length = 0;
    this.isFull = false;
    this.#lastNs = -Infinity;
    this.#isInOrder = true;
  }

  /** False where there is no room. */
  add(startNs: number, endNs: number): boolean {
    const at = this.length;
    if (at === this.most) {
      this.isFull = true;
      return false;
    }
    if (startNs < this.#lastNs) this.#isInOrder = false;
    this.#lastNs = startNs;
    this.#times[2 * at] = startNs;
    this.#times[2 * at + 1] = endNs;
    this.length = at + 1;
    return true;
  }

  /** By start, all of which lie in [lowNs, highNs]; in a few steps a time, however they crowd. */
  *sort(lowNs: number, highNs: number): Sliced<void> {
    if (!this.#isInOrder) yield* this.#sortRange(0, this.length, [lowNs, highNs], this.#places);
  }

  /** As many buckets of equal width as times, then each bucket. `places`: room for one number a time. */
  *#sortRange(
    begin: number,
    end: number,
    [lowNs, highNs]: readonly [number, number],
    places: Uint32Array,
  ): Sliced<void> {
    if (lowNs === highNs) return;
    const buckets = { lowNs, perNs: (end - begin) / (highNs - lowNs + 1), last: end - begin - 1, places };
    const largest = this.#findPlaces(begin, end, buckets);
    yield;
    this.#fillBuckets(begin, end, buckets);
    yield;
    if (largest <= fewTimes) {
      this.#insert(begin, end);
      return;
    }
    for (let bucket = 0, first = begin; bucket <= buckets.last; bucket++) {
      const stop = places[bucket];
      if (stop - first <= fewTimes) this.#insert(first, stop);
      else {
        this.#times.set(this.#sorted.subarray(2 * first, 2 * stop), 2 * first);
        yield* this.#sortRange(first, stop, this.#limits(first, stop), new Uint32Array(stop - first));
      }
      first = stop;
    }
  }

  #limits(begin: number, end: number): [lowNs: number, highNs: number] {
    const times = this.#times;
    let low = Infinity;
    let high = -Infinity;
    for (let at = 2 * begin; at < 2 * end; at += 2) {
      if (times[at] < low) low = times[at];
      if (times[at] > high) high = times[at];
    }
    return [low, high];
  }

  /** Where each bucket begins; returns the size of the largest. */
  #findPlaces(begin: number, end: number, { lowNs, perNs, last, places }: Buckets): number {
    const times = this.#times;
    places.fill(0, 0, last + 1);
    for (let at = 2 * begin; at < 2 * end; at += 2) places[Math.min(Math.floor((times[at] - lowNs) * perNs), last)]++;
    let largest = 0;
    for (let bucket = 0, place = begin; bucket <= last; bucket++) {
      const count = places[bucket];
      if (count > largest) largest = count;
      places[bucket] = place;
      place += count;
    }
    return largest;
  }

  /** Leaves in `places` where each bucket ends. */
  #fillBuckets(begin: number, end: number, { lowNs, perNs, last, places }: Buckets): void {
    const times = this.#times;
    const sorted = this.#sorted;
    for (let at = 2 * begin; at < 2 * end; at += 2) {
      const place = 2 * places[Math.min(Math.floor((times[at] - lowNs) * perNs), last)]++;
      sorted[place] = times[at];
      sorted[place + 1] = times[at + 1];
    }
  }

  /** Takes buckets back, each time behind all that do not start later. */
  #insert(begin: number, end: number): void {
    const times = this.#times;
    const sorted = this.#sorted;
    for (let from = 2 * begin; from < 2 * end; from += 2) {
      const startNs = sorted[from];
      let at = from;
      for (; at > 2 * begin && times[at - 2] > startNs; at -= 2) {
        times[at] = times[at - 2];
        times[at + 1] = times[at - 1];
      }
      times[at] = startNs;
      times[at + 1] = sorted[from + 1];
    }
  }
}

interface Buckets {
  readonly lowNs: number;
  readonly perNs: number;
  /** Number of the last one. */
  readonly last: number;
  readonly places: Uint32Array;
}
