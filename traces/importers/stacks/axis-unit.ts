/** What the axis of a sampled profile counts. */
export interface AxisUnit {
  /** For people: "ms", "bytes". */
  readonly label: string;
  /** One unit in ns of the trace. */
  readonly nsPerUnit: number;
  /** False: no time; each unit is drawn as a ns, so that shares are right. */
  readonly isTime: boolean;
}

const timeUnits: Readonly<Record<string, number>> = {
  nanoseconds: 1,
  ns: 1,
  microseconds: 1e3,
  us: 1e3,
  µs: 1e3,
  milliseconds: 1e6,
  ms: 1e6,
  seconds: 1e9,
  s: 1e9,
};

/** The unit behind a word of speedscope or pprof; unknown words count things. */
export function axisUnitOf(word: string): AxisUnit {
  const nsPerUnit = Object.hasOwn(timeUnits, word) ? timeUnits[word] : null;
  if (nsPerUnit !== null) return { label: word, nsPerUnit, isTime: true };
  return { label: word === "" || word === "none" ? "weights" : word, nsPerUnit: 1, isTime: false };
}

/** The name of a track with what its axis counts, where that is no time. */
export function withUnit(name: string, unit: AxisUnit): string {
  return unit.isTime ? name : `${name} (${unit.label})`;
}

/** The label of a format with what its axis counts, where that is no time. */
export function labelWithUnit(label: string, unit: AxisUnit): string {
  return unit.isTime ? label : `${label}, axis counts ${unit.label}`;
}

/** What people must know of an axis that is no time; null for one of time. */
export function axisFact(unit: AxisUnit): readonly [key: string, value: string] | null {
  return unit.isTime ? null : ["axis", `counts ${unit.label}, no time: one is drawn as 1 ns`];
}
