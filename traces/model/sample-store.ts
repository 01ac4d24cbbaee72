import type { Allocate } from "./column.ts";

const initialSize = 1024;

/** Points in time of several tracks, in push order: instants (name, category, scope, source) and counter samples (value). */
export class SampleStore {
  track: Uint32Array = new Uint32Array(initialSize);
  timeNs: Float64Array = new Float64Array(initialSize);
  value: Float64Array = new Float64Array(initialSize);
  name: Uint32Array = new Uint32Array(initialSize);
  category: Uint16Array = new Uint16Array(initialSize);
  scope: Uint8Array = new Uint8Array(initialSize);
  sourceLow: Uint32Array = new Uint32Array(initialSize);
  sourceHigh: Uint8Array = new Uint8Array(initialSize);
  length = 0;

  /** Adds a row of zeros for `track` at `timeNs` and returns its index. */
  add(track: number, timeNs: number): number {
    if (this.length === this.track.length) this.#grow();
    const index = this.length++;
    this.track[index] = track;
    this.timeNs[index] = timeNs;
    return index;
  }

  timeRange(): { readonly min: number; readonly max: number } {
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < this.length; i++) {
      if (this.timeNs[i] < min) min = this.timeNs[i];
      if (this.timeNs[i] > max) max = this.timeNs[i];
    }
    return { min, max };
  }

  #grow(): void {
    const size = this.track.length * 2;
    this.track = copyInto(new Uint32Array(size), this.track);
    this.timeNs = copyInto(new Float64Array(size), this.timeNs);
    this.value = copyInto(new Float64Array(size), this.value);
    this.name = copyInto(new Uint32Array(size), this.name);
    this.category = copyInto(new Uint16Array(size), this.category);
    this.scope = copyInto(new Uint8Array(size), this.scope);
    this.sourceLow = copyInto(new Uint32Array(size), this.sourceLow);
    this.sourceHigh = copyInto(new Uint8Array(size), this.sourceHigh);
  }
}

export interface SealedSamples {
  readonly length: number;
  /** First sample of each track; tracks + 1 values. */
  readonly firsts: Uint32Array;
  readonly timeNs: Float64Array;
  readonly value: Float64Array;
  readonly name: Uint32Array;
  readonly category: Uint16Array;
  readonly scope: Uint8Array;
  readonly sourceLow: Uint32Array;
  readonly sourceHigh: Uint8Array;
}

/** Orders by track, then time, then push order; times become relative to `originNs`. */
export function sealSamples(
  store: SampleStore,
  trackCount: number,
  originNs: number,
  allocate: Allocate,
): SealedSamples {
  const n = store.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const { track, timeNs } = store;
  let inOrder = true;
  for (let i = 1; i < n && inOrder; i++) {
    inOrder = track[i] > track[i - 1] || (track[i] === track[i - 1] && timeNs[i] >= timeNs[i - 1]);
  }
  if (!inOrder) order.sort((a, b) => track[a] - track[b] || timeNs[a] - timeNs[b] || a - b);
  const firsts = new Uint32Array(trackCount + 1);
  for (let i = 0; i < n; i++) firsts[track[i] + 1]++;
  for (let t = 0; t < trackCount; t++) firsts[t + 1] += firsts[t];
  const sealed: SealedSamples = {
    length: n,
    firsts,
    timeNs: new Float64Array(allocate(n * 8)),
    value: new Float64Array(allocate(n * 8)),
    name: new Uint32Array(allocate(n * 4)),
    category: new Uint16Array(allocate(n * 2)),
    scope: new Uint8Array(allocate(n)),
    sourceLow: new Uint32Array(allocate(n * 4)),
    sourceHigh: new Uint8Array(allocate(n)),
  };
  for (let i = 0; i < n; i++) {
    const from = order[i];
    sealed.timeNs[i] = timeNs[from] - originNs;
    sealed.value[i] = store.value[from];
    sealed.name[i] = store.name[from];
    sealed.category[i] = store.category[from];
    sealed.scope[i] = store.scope[from];
    sealed.sourceLow[i] = store.sourceLow[from];
    sealed.sourceHigh[i] = store.sourceHigh[from];
  }
  return sealed;
}

function copyInto<T extends { set(source: T): void }>(target: T, source: T): T {
  target.set(source);
  return target;
}
