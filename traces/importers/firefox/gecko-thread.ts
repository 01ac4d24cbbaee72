import type { JsonExpectation } from "../../io/json-expectation.ts";
import { checkedIndex, checkedPrefix } from "./checked-index.ts";
import { readGeckoMarkers } from "./markers.ts";
import type { ThreadTables } from "./thread-tables.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

/** A thread as the browser writes it: tables of rows whose positions the schema names. */
export function readGeckoThread(
  thread: JsonRecord,
  samples: JsonRecord,
  categories: readonly string[],
  where: string,
  expect: JsonExpectation,
): ThreadTables {
  const strings = expect.list(`${where}.stringTable`, thread["stringTable"], (text) => String(text));
  const stackTable = expect.object(`${where}.stackTable`, thread["stackTable"]);
  const frameTable = expect.object(`${where}.frameTable`, thread["frameTable"]);
  const frameNames = readRows(frameTable, ["location"], `${where}.frameTable`, expect).map(
    ([location], index) =>
      strings[checkedIndex(location, strings.length, `${where}.frameTable.data[${index}]`, expect)],
  );
  const stackRows = readRows(stackTable, ["frame", "prefix"], `${where}.stackTable`, expect);
  const sampleRows = readRows(samples, ["stack", "time"], `${where}.samples`, expect);
  return {
    sampleStacks: sampleRows.map(([stack]) => (typeof stack === "number" ? stack : null)),
    sampleTimesMs: sampleRows.map(([, time]) => (typeof time === "number" ? time : undefined)),
    stackFrames: stackRows.map(([frame], index) =>
      checkedIndex(frame, frameNames.length, `${where}.stackTable.data[${index}]`, expect),
    ),
    stackPrefixes: stackRows.map(([, prefix], index) =>
      checkedPrefix(prefix, index, `${where}.stackTable.data[${index}]`, expect),
    ),
    frameNames,
    markers: readGeckoMarkers(thread, strings, categories, where, expect),
  };
}

/** The wanted columns of each row. */
function readRows(
  table: JsonRecord,
  columns: readonly string[],
  where: string,
  expect: JsonExpectation,
): readonly (readonly unknown[])[] {
  const schema = expect.object(`${where}.schema`, table["schema"]);
  const places = columns.map((column) => expect.count(`${where}.schema.${column}`, schema[column]));
  return expect.list(`${where}.data`, table["data"], (row, at) => {
    if (!Array.isArray(row)) throw expect.error(at, "a row");
    return places.map((place): unknown => row[place]);
  });
}
