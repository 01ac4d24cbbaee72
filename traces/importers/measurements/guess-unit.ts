import type { Measurement, MeasurementUnit } from "../../measure/measurement.ts";

/** Words of names that tell a unit, the surest first; tried from the last word of a name to the first. */
const unitWords: Readonly<Record<string, string>> = {
  ns: "ns",
  nanoseconds: "ns",
  us: "us",
  microseconds: "us",
  ms: "ms",
  msec: "ms",
  milliseconds: "ms",
  s: "s",
  sec: "s",
  secs: "s",
  seconds: "s",
  b: "B",
  bytes: "B",
  kb: "kB",
  mb: "MB",
  mib: "MiB",
  gb: "GB",
  gib: "GiB",
  pct: "%",
  percent: "%",
  percentage: "%",
  hz: "1/s",
  fps: "1/s",
  throughput: "1/s",
  speedup: "x",
  ratio: "x",
  factor: "x",
  count: "count",
  calls: "count",
  parameters: "count",
  params: "count",
};

const timeSymbols: ReadonlySet<string> = new Set(["ns", "us", "ms", "s"]);
const memorySymbols: ReadonlySet<string> = new Set(["B", "kB", "MB", "MiB", "GB", "GiB"]);
const higherWords =
  /^(?:throughput|speedup|bandwidth|flops|gflops|tflops|accuracy|efficiency|utili[sz]ation|fps|improvement|savings|reduction)$/;
const lowerWords = /^(?:time|latency|duration|elapsed|error|mae|rmse|loss|overhead|memory)$/;

/** Words of a name: "time_per_structureMs" → time, per, structure, ms. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d%]+/)
    .filter((word) => word !== "");
}

/** The unit that a name tells; "" when it tells none. */
export function guessUnit(name: string): MeasurementUnit {
  const words = wordsOf(name);
  const perSecond = /(?:^|_)per_(?:s|sec|second)s?$/.test(words.join("_"));
  if (perSecond) return { symbol: "1/s", source: "guessed" };
  const per = words.indexOf("per");
  const counted = per > 0 && words[per + 1] !== undefined;
  const before = per > 0 ? words.slice(0, per) : words;
  for (const word of [...words.toReversed(), ...before.toReversed()]) {
    if (!Object.hasOwn(unitWords, word)) continue;
    const symbol = unitWords[word];
    // "ms_per_atom" counts ms by atom; "time_per_structure_ms" has its unit behind.
    return { symbol: counted && words.indexOf(word) < per ? `${symbol}/${words[per + 1]}` : symbol, source: "guessed" };
  }
  return { symbol: "", source: "unknown" };
}

/** Which way is better, by the words of a name and its unit; null when they do not tell. */
export function guessBetter(name: string, symbol: string): Measurement["better"] {
  const words = wordsOf(name);
  if (words.some((word) => higherWords.test(word)) || symbol === "1/s") return "higher";
  const base = symbol.split("/")[0];
  if (timeSymbols.has(base) || memorySymbols.has(base) || words.some((word) => lowerWords.test(word))) return "lower";
  return null;
}
