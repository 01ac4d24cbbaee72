import { createJsonExpectation, type JsonExpectation } from "../../../io/json-expectation.ts";
import { isBenchReport } from "../../../measure/bench-report.ts";
import { inspectJson, inspectReport } from "../../../measure/integrity/inspect.ts";
import type { Measurement } from "../../../measure/measurement.ts";
import type { NumberBook } from "../number-book.ts";
import type { MeasurementReader } from "../reader.ts";
import { isRecord, type JsonRecord, numberOr, statedSummary, textOr } from "../stated-summary.ts";

/*
 * | deltaflame bench --json (traces/measure/bench-report.ts)  | measurement                                            |
 * | ---------------------------------------------------------- | ------------------------------------------------------ |
 * | results[]: variant, backend, options                       | the first words of the path                            |
 * | samplesMs; medianMs, sampleCount                           | […, "time"], ms per item; repetitions, stated summary  |
 * | variant, backend, device, precision, warmupSteps, options  | labels of each, so that tables have a column for each  |
 * | itemsPerStep                                               | what turns the times back into those of steps          |
 * | facts.atoms                                                | how large an item is                                   |
 * | itemsPerSecond, loadMs, firstStepMs, peakBytes, baseBytes  | one value each; null is not collected                  |
 * | outcome other than "measured"                              | told in a note, with its reason                        |
 * | accuracy.checks[]                                          | […, "accuracy", label], in its own unit                |
 * | environment                                                | facts                                                  |
 */

const version = 1;
const singles = [
  ["itemsPerSecond", "items per second", "1/s", "higher"],
  ["loadMs", "load", "ms", "lower"],
  ["firstStepMs", "first step", "ms", "lower"],
  ["peakBytes", "peak memory", "B", "lower"],
  ["baseBytes", "memory before", "B", null],
] as const;

export const deltaflameBench: MeasurementReader = {
  id: "deltaflame-bench",
  label: "Deltaflame benchmark report (JSON)",
  sniff: ({ keys }, text) => (keys.includes("format") && /"format"\s*:\s*"deltaflame-bench"/.test(text) ? 1 : 0),
  inspect: (root) => (isBenchReport(root) ? inspectReport(root) : inspectJson(root)),
  read(root, book) {
    const expect = createJsonExpectation({ format: "deltaflame-bench", of: "the report", byteOffset: 0 });
    const file = expect.object("the root", root);
    const found = expect.number("version", file["version"]);
    if (found > version) throw expect.error("version", `${version}, which this program reads, not ${found}`);
    const measurements = expect.list("results", file["results"], (value, at) =>
      readResult(expect.object(at, value), at, expect, book),
    );
    const environment = isRecord(file["environment"]) ? file["environment"] : {};
    const facts = Object.entries(environment).flatMap(([key, value]) => {
      if (typeof value === "number") book.fact();
      return typeof value === "string" || typeof value === "number" ? [[key, String(value)] as const] : [];
    });
    return {
      producer: `Deltaflame ${textOr(environment["appVersion"]) ?? ""}`.trim(),
      facts,
      measurements: measurements.flat(),
    };
  },
};

function readResult(result: JsonRecord, at: string, expect: JsonExpectation, book: NumberBook): Measurement[] {
  const options = isRecord(result["options"]) ? Object.entries(result["options"]) : [];
  const path = [
    expect.text(`${at}.variant`, result["variant"]),
    expect.text(`${at}.backend`, result["backend"]),
    // An option that a configuration has no use for, or that nothing was chosen for, is null: no part of its name.
    ...options.flatMap(([key, value]) => (value === null ? [] : [`${key}=${String(value as string | number)}`])),
  ];
  const outcome = textOr(result["outcome"]);
  if (outcome !== "measured")
    book.note(`${path.join(" / ")}: ${outcome ?? "no outcome"}, ${textOr(result["reason"]) ?? "no reason told"}`);
  const samples = expect.list(`${at}.samplesMs`, result["samplesMs"] ?? [], (value, where) =>
    expect.number(where, value),
  );
  book.value(samples.length);
  const statistics = ["medianMs", "sampleCount"].filter((key) => typeof result[key] === "number");
  book.statistic(statistics.length);
  const items = readItems(result, book);
  const labels = readLabels(result, options, book);
  const measured: Measurement[] =
    samples.length === 0 && numberOr(result["medianMs"]) === null
      ? []
      : [
          {
            path: [...path, "time"],
            values: samples,
            warmups: [],
            stated: statedSummary({ n: numberOr(result["sampleCount"]), median: numberOr(result["medianMs"]) }),
            unit: { symbol: "ms", source: "stated" },
            better: "lower",
            labels: [["quantity", "time"], ...labels],
            ...items,
          },
        ];
  for (const [key, name, symbol, better] of singles) {
    const value = numberOr(result[key]);
    if (value === null) continue;
    if (key === "loadMs" && result["loadShared"] === true) {
      book.leftOut("loads that another configuration has told");
      continue;
    }
    book.value();
    measured.push({
      path: [...path, name],
      values: [value],
      warmups: [],
      stated: null,
      unit: { symbol, source: "stated" },
      better,
      labels: [["quantity", name], ...labels],
    });
  }
  return [...measured, ...readAccuracy(result["accuracy"], path, labels, book)];
}

/** How it was computed, and every option that has a value. */
function readLabels(
  result: JsonRecord,
  options: readonly (readonly [string, unknown])[],
  book: NumberBook,
): NonNullable<Measurement["labels"]> {
  const warmupSteps = numberOr(result["warmupSteps"]);
  const counted = ["warmupSteps", "warmupStepsWanted", "samplesWanted"];
  book.fact(counted.filter((key) => numberOr(result[key]) !== null).length);
  const device = textOr(result["device"]);
  const words: readonly (readonly [string, string | number | null])[] = [
    ["variant", textOr(result["variant"])],
    ["backend", textOr(result["backend"])],
    ["device", device === null ? null : `${device}${result["software"] === true ? ", software" : ""}`],
    ["precision", textOr(result["precision"])],
    ["warmup_steps", warmupSteps],
    ["outcome", textOr(result["outcome"])],
    ...options.map(
      ([id, value]) => [id, typeof value === "boolean" ? String(value) : (textOr(value) ?? numberOr(value))] as const,
    ),
  ];
  return words.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

/** How many items a step has, and how large one is. */
function readItems(result: JsonRecord, book: NumberBook): Pick<Measurement, "itemsPerStep" | "itemSize"> {
  const itemsPerStep = numberOr(result["itemsPerStep"]);
  const atoms = isRecord(result["facts"]) ? numberOr(result["facts"]["atoms"]) : null;
  if (itemsPerStep === null) return {};
  book.fact(atoms === null ? 1 : 2);
  return { itemsPerStep, ...(atoms === null ? {} : { itemSize: atoms / itemsPerStep }) };
}

function readAccuracy(
  accuracy: unknown,
  path: readonly string[],
  labels: NonNullable<Measurement["labels"]>,
  book: NumberBook,
): Measurement[] {
  if (!isRecord(accuracy) || !Array.isArray(accuracy["checks"])) return [];
  return accuracy["checks"].filter(isRecord).flatMap((check): Measurement[] => {
    const value = numberOr(check["value"]);
    if (value === null) return [];
    book.value();
    return [
      {
        path: [...path, "accuracy", textOr(check["label"]) ?? "check"],
        values: [value],
        warmups: [],
        stated: null,
        unit: { symbol: textOr(check["unit"]) ?? "", source: "stated" },
        better: "lower",
        labels: [["quantity", `accuracy: ${textOr(check["label"]) ?? "check"}`], ...labels],
      },
    ];
  });
}
