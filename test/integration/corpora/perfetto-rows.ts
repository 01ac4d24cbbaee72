import { readFileSync } from "node:fs";
import { join } from "node:path";
import { corporaRoot } from "./corpora.ts";

export type Row = Readonly<Record<string, string>>;

/** Rows that a test of Perfetto expects. */
export function expectedRows(test: string): Row[] {
  const text = readFileSync(join(corporaRoot, "expected/perfetto", `${test}.expected.csv`), "utf8");
  const [head = [], ...rows] = text
    .trim()
    .split("\n")
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map((match) => match[1] ?? match[2] ?? ""));
  return rows.map((row) => Object.fromEntries(head.map((key, i) => [key, row[i] ?? ""])));
}
