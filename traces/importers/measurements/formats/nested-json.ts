import { createJsonExpectation } from "../../../io/json-expectation.ts";
import type { MeasurementReader } from "../reader.ts";
import { NestedReader } from "../nested/nested-reader.ts";

/*
 * Any JSON whose leaves are numbers, as benchmark scripts write it.
 *
 * | JSON                                                      | measurement                                          |
 * | --------------------------------------------------------- | ---------------------------------------------------- |
 * | object keys on the way                                    | path                                                 |
 * | list of objects                                           | path word "n_atoms=3", by a member that tells them apart, else "#2" |
 * | mean_time_ms, std_time_ms, p95_time_ms … beside each other | one measurement "time_ms" with a stated summary     |
 * | n_samples (num_samples, n, rounds …) beside a summary     | its n                                                |
 * | times_ms, all_times_ms, values …: a list of numbers       | repetitions                                          |
 * | any other number                                          | a measurement of one value                           |
 * | config, environment, platform, machine, metadata          | facts, by an allow list; their numbers are facts     |
 * | unit and which way is better                              | guessed from the words of the name                   |
 */

/** Keys of trace-event files whose list of events may follow behind the head. */
const traceKeys: ReadonlySet<string> = new Set([
  "traceEvents",
  "displayTimeUnit",
  "systemTraceEvents",
  "otherData",
  "stackFrames",
  "deviceProperties",
  "schemaVersion",
  "traceName",
  "baseTimeNanoseconds",
  "nodes",
  "$schema",
  "profiles",
  "profile",
  "libs",
  "ph",
]);

export const nestedJson: MeasurementReader = {
  id: "nested-json",
  label: "benchmark numbers in any JSON",
  sniff(head, text) {
    const { root, keys } = head;
    // Asked first: most files that are opened are traces.
    if (root === "object" && (keys.length === 0 || keys.some((key) => traceKeys.has(key)))) return 0;
    // One number alone, in nothing that says what it is of, is no result.
    const numberCount = text.match(/[:[,]\s*-?\d/g)?.length ?? 0;
    const isNested = text.indexOf("{") !== text.lastIndexOf("{");
    if (numberCount === 0 || (numberCount === 1 && !isNested)) return 0;
    if (root === "object") return 0.35;
    const { events } = head;
    return events.length > 0 && events.every((event) => !event.has("ph") && !event.has("cat")) ? 0.2 : 0;
  },
  read(root, book) {
    const expect = createJsonExpectation({ format: "nested-json", of: "the results", byteOffset: 0 });
    if (typeof root !== "object" || root === null) throw expect.error("the root", "an object or a list");
    const reader = new NestedReader(book);
    reader.read(root);
    if (reader.measurements.length === 0) throw expect.error("the root", "numbers of a benchmark");
    return {
      formatLabel: "benchmark numbers (JSON)",
      producer: null,
      facts: reader.facts,
      measurements: reader.measurements,
    };
  },
};
