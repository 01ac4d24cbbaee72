import { createJsonExpectation, type JsonExpectation } from "../../../io/json-expectation.ts";
import type { Measurement } from "../../../measure/measurement.ts";
import type { MeasurementReader } from "../reader.ts";
import { isRecord, textOr } from "../stated-summary.ts";

/*
 * | pyperf                                    | measurement                                                  |
 * | ----------------------------------------- | ------------------------------------------------------------ |
 * | benchmarks[].metadata.name, else the file's | [name]                                                       |
 * | runs[].values, in run order               | repetitions, in metadata.unit ("second" by default)          |
 * | runs[].warmups: [loops, value]            | warm-ups                                                     |
 * | metadata                                  | facts: cpu_model_name, platform, python_version, python_implementation |
 */

const shownMetadata = ["cpu_model_name", "platform", "python_implementation", "python_version"];
const units: Readonly<Record<string, string>> = { second: "s", byte: "B", integer: "count" };

export const pyperf: MeasurementReader = {
  id: "pyperf",
  label: "pyperf results (JSON)",
  sniff: ({ keys }, text) => (keys.includes("benchmarks") && /"runs"\s*:\s*\[/.test(text) ? 0.85 : 0),
  read(root, book) {
    const expect = createJsonExpectation({ format: "pyperf", of: "the results", byteOffset: 0 });
    const file = expect.object("the root", root);
    const common = isRecord(file["metadata"]) ? file["metadata"] : {};
    const measurements = expect.list("benchmarks", file["benchmarks"], (value, at): Measurement => {
      const benchmark = expect.object(at, value);
      const metadata = { ...common, ...(isRecord(benchmark["metadata"]) ? benchmark["metadata"] : {}) };
      const { values, warmups } = readRuns(benchmark["runs"], `${at}.runs`, expect);
      book.value(values.length);
      book.warmup(warmups.length);
      book.leftOut("loops of warm-ups", warmups.length);
      return {
        path: [textOr(metadata["name"]) ?? at],
        values,
        warmups,
        stated: null,
        unit: { symbol: units[textOr(metadata["unit"]) ?? "second"] ?? "", source: "stated" },
        better: "lower",
      };
    });
    const facts = shownMetadata.flatMap((key) => {
      const text = textOr(common[key]);
      return text === null ? [] : [[key.replaceAll("_", " "), text] as const];
    });
    const version = textOr(common["perf_version"]) ?? textOr(common["pyperf_version"]);
    return { producer: version === null ? "pyperf" : `pyperf ${version}`, facts, measurements };
  },
};

function readRuns(
  value: unknown,
  at: string,
  expect: JsonExpectation,
): { readonly values: readonly number[]; readonly warmups: readonly number[] } {
  const values: number[] = [];
  const warmups: number[] = [];
  expect.list(at, value, (item, where) => {
    const run = expect.object(where, item);
    // A run that only calibrates has no values.
    if (run["values"] !== undefined)
      expect.list(`${where}.values`, run["values"], (number, place) => values.push(expect.number(place, number)));
    if (run["warmups"] !== undefined)
      expect.list(`${where}.warmups`, run["warmups"], (pair, place) => {
        const [, time] = expect.list(place, pair, (number) => expect.number(place, number));
        warmups.push(expect.number(place, time));
        return null;
      });
    return null;
  });
  return { values, warmups };
}
