import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corporaRoot, corpusPath, hasCorpora, importPath, skipNote, threadSpans } from "./corpora.ts";

interface Operator {
  readonly name: string;
  readonly calls: number;
  readonly host_total_duration: number;
}

interface KernelTable {
  readonly data: {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  };
}

/** What another front end shows of two training runs: five lines of JSON each. */
const lines = hasCorpora
  ? readFileSync(join(corporaRoot, "expected/kineto_result_check_file.txt"), "utf8").trim().split("\n")
  : [];

describe.skipIf(!hasCorpora)(`tables of another front end${skipNote}`, () => {
  it.each([
    ["kineto_resnet50_workers0_span1.pt.trace.json.gz", 0],
    ["kineto_resnet50_workers4_span1.pt.trace.json.gz", 5],
  ])("%s: operators and kernels", async (file, firstLine) => {
    const trace = await importPath(corpusPath("kineto", file));
    const { name: names, parent } = trace.spans;
    // That front end counts an operator that calls itself once.
    const rows = threadSpans(trace).filter(({ span }) => parent[span] < 0 || names[parent[span]] !== names[span]);
    const sums = (category: string): Map<string, { calls: number; micros: number; max: number; min: number }> => {
      const byName = new Map<string, { calls: number; micros: number; max: number; min: number }>();
      for (const row of rows) {
        if (row.category !== category) continue;
        const micros = row.durationNs / 1e3;
        const sum = byName.get(row.name) ?? { calls: 0, micros: 0, max: -Infinity, min: Infinity };
        byName.set(row.name, {
          calls: sum.calls + 1,
          micros: sum.micros + micros,
          max: Math.max(sum.max, micros),
          min: Math.min(sum.min, micros),
        });
      }
      return byName;
    };
    const { data: operators } = JSON.parse(lines[firstLine + 2] ?? "") as { readonly data: readonly Operator[] };
    const ours = sums("Operator");
    for (const { name, calls, host_total_duration } of operators)
      expect([name, ours.get(name)?.calls, ours.get(name)?.micros]).toEqual([name, calls, host_total_duration]);
    const { columns, rows: kernels } = (JSON.parse(lines[firstLine + 3] ?? "") as KernelTable).data;
    const places = ["Name", "Calls", "Total Duration (us)", "Max Duration (us)", "Min Duration (us)"].map((name) =>
      columns.findIndex((column) => column.name === name),
    );
    const found = [...sums("Kernel")].map(([name, { calls, micros, max, min }]) => [name, calls, micros, max, min]);
    const byName = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(found.toSorted(byName)).toEqual(kernels.map((row) => places.map((place) => row[place])).toSorted(byName));
  });
});
