interface BaseUnit {
  readonly unit: string;
  readonly factor: number;
}

/** Nsight Compute scales by thousands, bytes too: 1,024 bytes are 1.02 Kbyte. */
const prefixes: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  K: 1e3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Old versions write units out: "nsecond", "Kbyte/second". */
const spellings: readonly (readonly [pattern: RegExp, base: string, scale: number])[] = [
  [/^(n|u|m|)(?:s|sec|second|seconds)$/, "ns", 1e9],
  [/^([KMGT]|)(?:byte|bytes|B)$/, "byte", 1],
  [/^([KMGT]|)(?:byte|bytes|B)\/(?:s|sec|second)$/, "byte/s", 1],
  [/^([KMGT]|)(?:byte|bytes|B)\/block$/, "byte/block", 1],
  [/^([kKMGT]|)(?:hz|Hz)$/, "Hz", 1],
];

/** Unit in which values are kept, and what to multiply written values with. Units of no scale stay as they are. */
export function toBaseUnit(written: string): BaseUnit {
  for (const [pattern, unit, scale] of spellings) {
    const prefix = pattern.exec(written)?.[1];
    if (prefix !== undefined) return { unit, factor: prefixes[prefix] * scale };
  }
  // "cycle/nsecond" and "cycle/second" are frequencies.
  const cycles = /^cycle\/(n|u|m|)second$/.exec(written);
  if (cycles !== null) return { unit: "Hz", factor: 1 / prefixes[cycles[1]] };
  return { unit: written, factor: 1 };
}

/** Unit of a metric by its name, for files that write none: the container. */
export function unitOfMetric(id: string): string {
  if (/\.pct(?:_of|$)|\.ratio_pct$|_pct(?:\.|$)/.test(id)) return "%";
  if (/__time_duration/.test(id)) return "ns";
  if (/cycles_elapsed.*\.per_second$/.test(id)) return "Hz";
  if (/bytes.*\.per_second$/.test(id)) return "byte/s";
  if (/__bytes|shared_mem.*size|_size_bytes/.test(id) && !/per_|peak/.test(id)) return "byte";
  if (/__cycles_(?:elapsed|active)\.(?:avg|sum|min|max)$/.test(id)) return "cycle";
  return "";
}
