import type { JsonExpectation } from "../../io/json-expectation.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

/** What a marker says of its own time, by the number in the file. */
export const MarkerPhase = { instant: 0, interval: 1, intervalStart: 2, intervalEnd: 3 } as const;
export type MarkerPhase = (typeof MarkerPhase)[keyof typeof MarkerPhase];

/** A note of the browser on a thread: a repaint, a collection of garbage, a mark of the page. */
export interface Marker {
  readonly name: string;
  readonly phase: MarkerPhase;
  /** Ms since the start of the process; undefined for a marker without the time that its phase needs. */
  readonly startMs: number | undefined;
  /** Of intervals alone. */
  readonly endMs: number | undefined;
  readonly category: string | null;
}

/** Markers as the browser writes them: rows whose positions the schema names. Empty where a thread has none. */
export function readGeckoMarkers(
  thread: JsonRecord,
  strings: readonly string[],
  categories: readonly string[],
  where: string,
  expect: JsonExpectation,
): readonly Marker[] {
  if (thread["markers"] === undefined) return [];
  const table = expect.object(`${where}.markers`, thread["markers"]);
  const schema = expect.object(`${where}.markers.schema`, table["schema"]);
  const names = Object.entries(schema);
  return expect.list(`${where}.markers.data`, table["data"], (row, at) => {
    if (!Array.isArray(row)) throw expect.error(at, "a row");
    const field = new Map(names.map(([name, place]): [string, unknown] => [name, row[Number(place)]]));
    return toMarker({
      name: nameOf(field.get("name"), strings),
      start: field.get("startTime") ?? field.get("time"),
      end: field.get("endTime"),
      phase: field.get("phase"),
      category: field.get("category"),
      data: field.get("data"),
      categories,
    });
  });
}

/** Markers as profiler.firefox.com saves them: a list a column. */
export function readProcessedMarkers(
  thread: JsonRecord,
  strings: readonly string[],
  categories: readonly string[],
  where: string,
  expect: JsonExpectation,
): readonly Marker[] {
  if (thread["markers"] === undefined) return [];
  const table = expect.object(`${where}.markers`, thread["markers"]);
  const column = (name: string): readonly unknown[] => (Array.isArray(table[name]) ? (table[name] as unknown[]) : []);
  const [starts, ends, phases, ofCategory, data] = ["startTime", "endTime", "phase", "category", "data"].map(column);
  // Old ones have one time, and no phase.
  const times = starts.length > 0 ? starts : column("time");
  return expect.list(`${where}.markers.name`, table["name"], (name, at) => {
    const index = Number(/\[(\d+)\]$/.exec(at)?.[1]);
    return toMarker({
      name: nameOf(name, strings),
      start: times[index],
      end: ends[index],
      phase: phases[index],
      category: ofCategory[index],
      data: data[index],
      categories,
    });
  });
}

interface RawMarker {
  readonly name: string;
  readonly start: unknown;
  readonly end: unknown;
  readonly phase: unknown;
  readonly category: unknown;
  readonly data: unknown;
  readonly categories: readonly string[];
}

function toMarker({ name, start, end, phase: rawPhase, category, data, categories }: RawMarker): Marker {
  const record: JsonRecord = typeof data === "object" && data !== null ? (data as JsonRecord) : {};
  const phase = phaseOf(rawPhase, record);
  // Before phases the interval stood among the data.
  const isOld = rawPhase === undefined || rawPhase === null;
  const [from, to] = isOld && phase === MarkerPhase.interval ? [record["startTime"], record["endTime"]] : [start, end];
  const at = phase === MarkerPhase.intervalEnd && !isOld ? to : from;
  const named = typeof category === "number" ? categories[category] : (category ?? record["category"]);
  return {
    name,
    phase,
    startMs: typeof at === "number" ? at : undefined,
    endMs: phase === MarkerPhase.interval && typeof to === "number" ? to : undefined,
    category: typeof named === "string" ? named : null,
  };
}

function phaseOf(phase: unknown, data: JsonRecord): MarkerPhase {
  if (phase === 0 || phase === 1 || phase === 2 || phase === 3) return phase;
  if (data["interval"] === "start") return MarkerPhase.intervalStart;
  if (data["interval"] === "end") return MarkerPhase.intervalEnd;
  const isInterval = typeof data["startTime"] === "number" && typeof data["endTime"] === "number";
  return isInterval ? MarkerPhase.interval : MarkerPhase.instant;
}

const nameOf = (index: unknown, strings: readonly string[]): string =>
  (typeof index === "number" ? strings[index] : null) ?? "(no name)";
