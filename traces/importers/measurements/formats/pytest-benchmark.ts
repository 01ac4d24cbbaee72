import { createJsonExpectation, type JsonExpectation } from "../../../io/json-expectation.ts";
import type { Measurement } from "../../../measure/measurement.ts";
import { countNumbers, type NumberBook } from "../number-book.ts";
import type { MeasurementReader } from "../reader.ts";
import { isRecord, type JsonRecord, numberOr, statedSummary, textOr } from "../stated-summary.ts";

/*
 * | pytest-benchmark                                      | measurement                                      |
 * | ----------------------------------------------------- | ------------------------------------------------ |
 * | benchmarks[].fullname, else name                      | [fullname]                                       |
 * | stats.data                                            | repetitions, s; only when it was saved           |
 * | stats.rounds, mean, median, stddev, min, max, q1, q3  | stated summary, s                                |
 * | other statistics, options, extra_info, params         | left out, counted                                |
 * | machine_info                                          | facts, without "node", which is a host name      |
 */

const shownMachine = ["machine", "processor", "system", "release", "python_implementation", "python_version"];

export const pytestBenchmark: MeasurementReader = {
  id: "pytest-benchmark",
  label: "pytest-benchmark results (JSON)",
  sniff: ({ keys }, text) =>
    keys.includes("benchmarks") && (keys.includes("machine_info") || keys.includes("commit_info"))
      ? 0.9
      : keys.includes("benchmarks") && /"(?:machine_info|commit_info)"\s*:/.test(text)
        ? 0.85
        : 0,
  read(root, book) {
    const expect = createJsonExpectation({ format: "pytest-benchmark", of: "the results", byteOffset: 0 });
    const file = expect.object("the root", root);
    const measurements = expect.list("benchmarks", file["benchmarks"], (value, at) =>
      readBenchmark(expect.object(at, value), at, expect, book),
    );
    const machine = isRecord(file["machine_info"]) ? file["machine_info"] : {};
    const facts = shownMachine.flatMap((key) => {
      const value = textOr(machine[key]);
      return value === null ? [] : [[key.replaceAll("_", " "), value] as const];
    });
    book.leftOut("facts that are not shown", countNumbers([file["machine_info"], file["commit_info"]]));
    const date = textOr(file["datetime"]);
    const version = textOr(file["version"]);
    return {
      producer: version === null ? "pytest-benchmark" : `pytest-benchmark ${version}`,
      facts: date === null ? facts : [["date", date], ...facts],
      measurements,
    };
  },
};

function readBenchmark(entry: JsonRecord, at: string, expect: JsonExpectation, book: NumberBook): Measurement {
  const stats = expect.object(`${at}.stats`, entry["stats"]);
  const data =
    stats["data"] === undefined
      ? []
      : expect.list(`${at}.stats.data`, stats["data"], (value, where) => expect.number(where, value));
  book.value(data.length);
  const known = ["rounds", "mean", "median", "stddev", "min", "max", "q1", "q3"].filter(
    (key) => typeof stats[key] === "number",
  );
  book.statistic(known.length);
  const all = Object.values(stats).filter((value) => typeof value === "number").length;
  book.leftOut("further statistics of the benchmark program", all - known.length);
  book.leftOut("options and parameters of the benchmark program", countNumbers(entry) - countNumbers(stats));
  const [q1, q3] = [numberOr(stats["q1"]), numberOr(stats["q3"])];
  return {
    path: [textOr(entry["fullname"]) ?? expect.text(`${at}.name`, entry["name"])],
    values: data,
    warmups: [],
    stated: statedSummary({
      n: numberOr(stats["rounds"]),
      mean: numberOr(stats["mean"]),
      median: numberOr(stats["median"]),
      standardDeviation: numberOr(stats["stddev"]),
      min: numberOr(stats["min"]),
      max: numberOr(stats["max"]),
      quantiles: [...(q1 === null ? [] : [[0.25, q1] as const]), ...(q3 === null ? [] : [[0.75, q3] as const])],
    }),
    unit: { symbol: "s", source: "stated" },
    better: "lower",
  };
}
