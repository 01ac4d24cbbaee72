import { createJsonExpectation } from "../../../io/json-expectation.ts";
import type { Measurement } from "../../../measure/measurement.ts";
import { guessBetter, guessUnit } from "../guess-unit.ts";
import type { NumberBook } from "../number-book.ts";
import type { MeasurementReader } from "../reader.ts";
import { isRecord, type JsonRecord, numberOr, scalarText, statedSummary, textOr } from "../stated-summary.ts";

/*
 * | Google Benchmark                                   | measurement                                               |
 * | -------------------------------------------------- | --------------------------------------------------------- |
 * | benchmarks[].name, real_time, cpu_time, time_unit  | [name, "real_time"], [name, "cpu_time"]; unit stated      |
 * | entries of equal name, aggregates without a name   | repetitions, in file order                                |
 * | aggregates mean, median, stddev                    | stated summary, where there are no repetitions            |
 * | other numbers of an entry (counters)               | [name, counter]; unit guessed from its name               |
 * | aggregates BigO, RMS, cv; indexes and iterations   | left out, counted                                         |
 * | error_occurred                                     | left out, with its message                                |
 * | context                                            | facts; host_name and executable are not read              |
 */

const bookkeeping: ReadonlySet<string> = new Set([
  "iterations",
  "repetitions",
  "repetition_index",
  "threads",
  "family_index",
  "per_family_instance_index",
]);
const times: ReadonlySet<string> = new Set(["real_time", "cpu_time"]);
const shownContext = [
  "date",
  "num_cpus",
  "mhz_per_cpu",
  "library_version",
  "library_build_type",
  "cpu_scaling_enabled",
];

export const googleBenchmark: MeasurementReader = {
  id: "google-benchmark",
  label: "Google Benchmark results (JSON)",
  sniff: ({ keys }) => (keys.includes("context") && keys.includes("benchmarks") ? 0.9 : 0),
  read(root, book) {
    const expect = createJsonExpectation({ format: "google-benchmark", of: "the results", byteOffset: 0 });
    const file = expect.object("the root", root);
    const groups = new Map<string, Group>();
    expect.list("benchmarks", file["benchmarks"], (value, at) => {
      const entry = expect.object(at, value);
      addEntry(entry, expect.text(`${at}.name`, entry["name"]), groups, book);
      return null;
    });
    const context = isRecord(file["context"]) ? file["context"] : {};
    const facts = shownContext.flatMap((key) => {
      const value = context[key];
      if (typeof value === "number") book.fact();
      const text = scalarText(value);
      return text === null ? [] : [[key, text] as const];
    });
    return {
      producer: null,
      facts,
      measurements: [...groups].flatMap(([name, group]) => toMeasurements(name, group, book)),
    };
  },
};

interface Group {
  readonly values: Map<string, number[]>;
  readonly aggregates: Map<string, Map<string, number>>;
  unit: string;
}

function addEntry(entry: JsonRecord, name: string, groups: Map<string, Group>, book: NumberBook): void {
  const numbers = Object.entries(entry).filter((pair): pair is [string, number] => typeof pair[1] === "number");
  if (entry["error_occurred"] === true) {
    book.leftOut("numbers of benchmarks that failed", numbers.length);
    book.note(`${name} failed: ${textOr(entry["error_message"]) ?? "no message"}`);
    return;
  }
  // Old files call every entry of some benchmarks an aggregate and do not say of what: the tool takes them as runs.
  const aggregate = entry["run_type"] === "aggregate" ? textOr(entry["aggregate_name"]) : null;
  if (aggregate !== null && !["mean", "median", "stddev"].includes(aggregate)) {
    book.leftOut(`aggregates that are no mean, median or deviation`, numbers.length);
    return;
  }
  const key = aggregate === null ? name : (textOr(entry["run_name"]) ?? name);
  const group = groups.get(key) ?? { values: new Map(), aggregates: new Map(), unit: "ns" };
  groups.set(key, group);
  group.unit = textOr(entry["time_unit"]) ?? group.unit;
  const counters = numbers.filter(([counter]) => !bookkeeping.has(counter));
  book.leftOut("counts and indexes of the benchmark program", numbers.length - counters.length);
  for (const [counter, value] of counters) {
    if (aggregate === null) group.values.set(counter, [...(group.values.get(counter) ?? []), value]);
    else {
      const stated = group.aggregates.get(counter) ?? new Map<string, number>();
      group.aggregates.set(counter, stated.set(aggregate, value));
    }
  }
}

function toMeasurements(name: string, { values, aggregates, unit }: Group, book: NumberBook): Measurement[] {
  const counters = [...new Set([...values.keys(), ...aggregates.keys()])];
  return counters.map((counter): Measurement => {
    const found = values.get(counter) ?? [];
    const stated = aggregates.get(counter);
    book.value(found.length);
    book.statistic(stated?.size ?? 0);
    const symbol = times.has(counter) ? ({ symbol: unit, source: "stated" } as const) : guessUnit(counter);
    return {
      path: [name, counter],
      values: found,
      warmups: [],
      stated:
        stated === undefined
          ? null
          : statedSummary({
              mean: numberOr(stated.get("mean")),
              median: numberOr(stated.get("median")),
              standardDeviation: numberOr(stated.get("stddev")),
            }),
      unit: symbol,
      better: times.has(counter) ? "lower" : guessBetter(counter, symbol.symbol),
    };
  });
}
