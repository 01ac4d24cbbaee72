import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { TraceFormatError } from "../../../../../traces/model/errors.ts";
import type { ValueSource } from "../ingest.ts";

const partValues = 65_536;
/** Names under which the measured values are looked for; else the last column is taken. */
const valueNames = new Set(["g2", "c2", "y", "value"]);

/** Reads one column of comma-separated values, a line a point, in the order [angle][i][j]. The first line may name the columns. */
export async function readCsvValues(path: string): Promise<ValueSource> {
  let count = 0;
  for await (const _ of readLines(path)) count++;
  const first = (await readLines(path).next()).value ?? "";
  const names = first.split(",").map((name: string) => name.trim().toLowerCase());
  const named = names.findIndex((name: string) => valueNames.has(name));
  const column = named >= 0 ? named : names.length - 1;
  const hasHeader = named >= 0 || Number.isNaN(Number(names[column]));
  return {
    shape: [hasHeader ? count - 1 : count],
    layout: "full",
    parts: () => readColumn(path, column, hasHeader),
    close: () => undefined,
  };
}

async function* readLines(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== "") yield line;
}

async function* readColumn(path: string, column: number, hasHeader: boolean): AsyncGenerator<Float64Array> {
  const part = new Float64Array(partValues);
  let filled = 0;
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (hasHeader && lineNumber === 1) continue;
    const cell = line.split(",")[column];
    const value = Number(cell);
    if (cell === undefined || cell.trim() === "" || (Number.isNaN(value) && cell.trim().toLowerCase() !== "nan"))
      throw new TraceFormatError(
        `expected a number in column ${column + 1} of line ${lineNumber}, found "${(cell ?? "").slice(0, 32)}"`,
        { format: "csv" },
      );
    part[filled++] = value;
    if (filled < partValues) continue;
    yield part;
    filled = 0;
  }
  yield part.subarray(0, filled);
}
