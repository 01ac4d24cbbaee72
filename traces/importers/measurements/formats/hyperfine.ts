import { createJsonExpectation } from "../../../io/json-expectation.ts";
import type { Measurement } from "../../../measure/measurement.ts";
import type { MeasurementReader } from "../reader.ts";
import { isRecord, type JsonRecord, numberOr, statedSummary } from "../stated-summary.ts";

/*
 * | hyperfine --export-json                        | measurement                                                    |
 * | ---------------------------------------------- | -------------------------------------------------------------- |
 * | results[].command, parameters                  | first word of the path                                         |
 * | times[]; mean, median, stddev, min, max        | [command, "time"], s; repetitions and stated summary           |
 * | user, system                                   | [command, "user"], [command, "system"], s                      |
 * | memory_usage_byte[]                            | [command, "memory"], B                                         |
 * | exit_codes                                     | left out; those that are not 0 are told                        |
 */

export const hyperfine: MeasurementReader = {
  id: "hyperfine",
  label: "hyperfine results (JSON)",
  sniff: ({ keys }, text) =>
    keys.includes("results") && /"command"\s*:/.test(text) && /"(?:times|stddev|exit_codes)"\s*:/.test(text) ? 0.9 : 0,
  read(root, book) {
    const expect = createJsonExpectation({ format: "hyperfine", of: "the results", byteOffset: 0 });
    const measurements = expect
      .list("results", expect.object("the root", root)["results"], (value, at) => {
        const result = expect.object(at, value);
        const name = nameOf(expect.text(`${at}.command`, result["command"]), result);
        const numbers = (key: string): readonly number[] =>
          result[key] === undefined || result[key] === null
            ? []
            : expect.list(`${at}.${key}`, result[key], (time, where) => expect.number(where, time));
        const codes = Array.isArray(result["exit_codes"]) ? result["exit_codes"] : [];
        book.leftOut("exit codes", codes.filter((code) => typeof code === "number").length);
        const failures = codes.filter((code) => code !== 0).length;
        if (failures > 0) book.note(`${name} ended ${failures} times with an error`);
        const times = numbers("times");
        const memory = numbers("memory_usage_byte");
        book.value(times.length + memory.length);
        const keys = ["mean", "median", "stddev", "min", "max"];
        book.statistic(keys.filter((key) => typeof result[key] === "number").length);
        const seconds = { symbol: "s", source: "stated" } as const;
        const single = (key: string): Measurement[] => {
          const found = numberOr(result[key]);
          if (found === null) return [];
          book.value();
          return [{ path: [name, key], values: [found], warmups: [], stated: null, unit: seconds, better: "lower" }];
        };
        return [
          {
            path: [name, "time"],
            values: times,
            warmups: [],
            stated: statedSummary({
              n: times.length > 0 ? times.length : null,
              mean: numberOr(result["mean"]),
              median: numberOr(result["median"]),
              standardDeviation: numberOr(result["stddev"]),
              min: numberOr(result["min"]),
              max: numberOr(result["max"]),
            }),
            unit: seconds,
            better: "lower",
          },
          ...single("user"),
          ...single("system"),
          ...(memory.length === 0
            ? []
            : [
                {
                  path: [name, "memory"],
                  values: memory,
                  warmups: [],
                  stated: null,
                  unit: { symbol: "B", source: "stated" },
                  better: "lower",
                } satisfies Measurement,
              ]),
        ] satisfies Measurement[];
      })
      .flat();
    return { producer: "hyperfine", facts: [], measurements };
  },
};

function nameOf(command: string, result: JsonRecord): string {
  const parameters = isRecord(result["parameters"]) ? Object.entries(result["parameters"]) : [];
  const shown = parameters.map(([key, value]) => `${key}=${String(value as string | number)}`);
  return shown.every((text) => command.includes(text.split("=")[1])) ? command : `${command} (${shown.join(", ")})`;
}
