import type { JsonExpectation } from "../../io/json-expectation.ts";
import { checkedIndex, checkedPrefix } from "./checked-index.ts";
import { readProcessedMarkers } from "./markers.ts";
import type { ThreadTables } from "./thread-tables.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * A thread as profiler.firefox.com saves it: a list a column. Tables and strings stand in the thread, in newer
 * versions in `shared`; times are absolute or, in newer versions, differences.
 */
export function readProcessedThread(
  thread: JsonRecord,
  samples: JsonRecord,
  sharedValue: unknown,
  categories: readonly string[],
  where: string,
  expect: JsonExpectation,
): ThreadTables {
  const shared: JsonRecord = sharedValue === undefined ? {} : expect.object("shared", sharedValue);
  const table = (name: string): JsonRecord => expect.object(`${where}.${name}`, thread[name] ?? shared[name]);
  const strings = expect.list(
    `${where}.stringArray`,
    thread["stringArray"] ?? thread["stringTable"] ?? shared["stringArray"],
    (text) => String(text),
  );
  const functionNames = readColumn(table("funcTable"), "name", `${where}.funcTable`, expect).map(
    (name, index) => strings[checkedIndex(name, strings.length, `${where}.funcTable.name[${index}]`, expect)],
  );
  const frameNames = readColumn(table("frameTable"), "func", `${where}.frameTable`, expect).map(
    (func, index) =>
      functionNames[checkedIndex(func, functionNames.length, `${where}.frameTable.func[${index}]`, expect)],
  );
  const stackTable = table("stackTable");
  return {
    sampleStacks: readColumn(samples, "stack", `${where}.samples`, expect).map((stack) =>
      typeof stack === "number" ? stack : null,
    ),
    sampleTimesMs: readTimes(samples, where, expect),
    stackFrames: readColumn(stackTable, "frame", `${where}.stackTable`, expect).map((frame, index) =>
      checkedIndex(frame, frameNames.length, `${where}.stackTable.frame[${index}]`, expect),
    ),
    stackPrefixes: readColumn(stackTable, "prefix", `${where}.stackTable`, expect).map((prefix, index) =>
      checkedPrefix(prefix, index, `${where}.stackTable.prefix[${index}]`, expect),
    ),
    frameNames,
    markers: readProcessedMarkers(thread, strings, categories, where, expect),
  };
}

function readTimes(samples: JsonRecord, where: string, expect: JsonExpectation): readonly (number | undefined)[] {
  if (samples["time"] !== undefined)
    return readColumn(samples, "time", `${where}.samples`, expect).map((time) =>
      typeof time === "number" ? time : undefined,
    );
  let time = 0;
  return readColumn(samples, "timeDeltas", `${where}.samples`, expect).map((delta) =>
    typeof delta === "number" ? (time += delta) : undefined,
  );
}

function readColumn(table: JsonRecord, name: string, where: string, expect: JsonExpectation): readonly unknown[] {
  return expect.list(`${where}.${name}`, table[name], (value) => value);
}
