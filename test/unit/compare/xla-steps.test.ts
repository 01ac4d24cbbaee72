import { describe, expect, it } from "vitest";
import { compareTraces } from "../../../traces/compare/compare-traces.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { importContent } from "../importers/import-text.ts";

const process = 3;
const lines = ["Steps", "XLA Ops"];

interface Steps {
  readonly first: number;
  readonly microseconds: number;
  /** What the operation of each step is called. */
  readonly op: string;
}

/** Twelve steps of a device as XLA writes them: their names are bare numbers. */
function xlaSteps({ first, microseconds, op }: Steps): string {
  const threads = lines.map((name, i) => ({
    ph: "M",
    pid: process,
    tid: i + 1,
    name: "thread_name",
    args: { name },
  }));
  const steps = Array.from({ length: 12 }, (_, i) => {
    const dur = microseconds + i;
    const ts = i * (microseconds + 50);
    return [
      { ph: "X", pid: process, tid: 1, name: String(first + i), ts, dur },
      { ph: "X", pid: process, tid: 2, name: op, ts: ts + 5, dur: 0.6 * dur },
    ];
  });
  const device = { ph: "M", pid: process, name: "process_name", args: { name: "/device:TPU:0" } };
  return JSON.stringify({ metadata: { "highres-ticks": true }, traceEvents: [device, ...threads, ...steps.flat()] });
}

/** Paths of the rows, and on which sides each is. */
async function rowsOf(before: Steps, after: Steps): Promise<readonly string[]> {
  const sideOf = async (steps: Steps): Promise<SideInput> => {
    const trace = await importContent(xlaSteps(steps));
    const part = { key: "0", fileName: "a.json", trace, startNs: -Infinity, endNs: Infinity };
    return { label: "", parts: [part], itemsPerStep: null };
  };
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 100, allowIncomparable: false };
  const comparison = runSliced(compareTraces(await sideOf(before), await sideOf(after), options));
  const { rows } = runSliced(
    comparison.rows({
      metric: "total",
      per: "step",
      sort: "absDelta",
      descending: true,
      search: "",
      significantOnly: false,
      minDeltaNs: 0,
      first: 0,
      count: 1000,
    }),
  );
  const sidesOf = (row: (typeof rows)[number]): string =>
    row.before === null ? "only after" : row.after === null ? "only before" : "both";
  return rows.map((row) => `${row.path.at(-1)}: ${sidesOf(row)}`).toSorted();
}

describe("steps that are called by bare numbers", () => {
  it("are one row in a comparison, whatever their numbers", async () => {
    const rows = await rowsOf(
      { first: 0, microseconds: 1000, op: "fusion" },
      { first: 400, microseconds: 1300, op: "fusion" },
    );
    expect(rows.filter((row) => row.includes("only"))).toEqual([]);
    expect(rows.filter((row) => /^(?:\d|step)/.test(row))).toEqual(["step: both"]);
  });

  it("stay apart where such a number names something else, too", async () => {
    const rows = await rowsOf(
      { first: 0, microseconds: 1000, op: "404" },
      { first: 400, microseconds: 1300, op: "404" },
    );
    expect(rows.filter((row) => /^\d+: only/.test(row)).length).toBeGreaterThan(2);
  });
});
