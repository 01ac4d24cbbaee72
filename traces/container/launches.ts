import type { JsonExpectation } from "../io/json-expectation.ts";
import type { Dimensions, Launch, LaunchMetric, LaunchTable } from "../model/launch-table.ts";

/** What the directory says of kernels without a time axis; their values are the column "launches.values". */
export type LaunchDirectory = Omit<LaunchTable, "values">;

export function describeLaunches(table: LaunchTable | undefined): LaunchDirectory | null {
  if (table === undefined) return null;
  const { launches, metrics, texts } = table;
  return { launches, metrics, texts };
}

/** Throws TraceFormatError; places of texts are checked against the metrics and launches. */
export function parseLaunches(value: unknown, expect: JsonExpectation): LaunchDirectory | null {
  if (value === null || value === undefined) return null;
  const root = expect.object("launches", value);
  const launches = expect.list("launches.launches", root["launches"], (entry, what) =>
    parseLaunch(entry, what, expect),
  );
  const metrics = expect.list("launches.metrics", root["metrics"], (entry, what) => parseMetric(entry, what, expect));
  const texts = expect.list("launches.texts", root["texts"], (entry, what) => {
    const [place, text] = expect.list(what, entry, (part) => part);
    const at = expect.count(what, place);
    if (at >= launches.length * metrics.length) throw expect.error(what, "a place among the values");
    return [at, expect.text(what, text)] as const;
  });
  return { launches, metrics, texts };
}

function parseLaunch(value: unknown, what: string, expect: JsonExpectation): Launch {
  const launch = expect.object(what, value);
  const textOrNone = (key: string): string | null =>
    launch[key] === null ? null : expect.text(`${what}.${key}`, launch[key]);
  const numberOrNone = (key: string): number | null =>
    launch[key] === null ? null : expect.number(`${what}.${key}`, launch[key]);
  const dimensions = (key: string): Dimensions => {
    const [x, y, z] = expect.list(`${what}.${key}`, launch[key], (size, where) => expect.count(where, size));
    if (x === undefined || y === undefined || z === undefined) throw expect.error(`${what}.${key}`, "three sizes");
    return [x, y, z];
  };
  return {
    name: expect.text(`${what}.name`, launch["name"]),
    signature: textOrNone("signature"),
    grid: dimensions("grid"),
    block: dimensions("block"),
    durationNs: numberOrNone("durationNs"),
    registersPerThread: numberOrNone("registersPerThread"),
    computeFraction: numberOrNone("computeFraction"),
    memoryFraction: numberOrNone("memoryFraction"),
    occupancyFraction: numberOrNone("occupancyFraction"),
    device: textOrNone("device"),
  };
}

function parseMetric(value: unknown, what: string, expect: JsonExpectation): LaunchMetric {
  const metric = expect.object(what, value);
  const text = (key: string): string => expect.text(`${what}.${key}`, metric[key]);
  return { id: text("id"), label: text("label"), section: text("section"), unit: text("unit") };
}
