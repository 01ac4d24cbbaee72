import { performImport } from "../../../electron/engine/imports/perform-import.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { compareTraces, type Comparison } from "../../../traces/compare/compare-traces.ts";
import { diffPaths } from "../../../traces/compare/diff-paths.ts";
import { usualDraws } from "../../../traces/compare/draws.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { peakRssKb } from "./peak-memory.mjs";

/** Compares two files in this process, reading apart, and prints what each stage took. */
async function main(before: string, after: string): Promise<void> {
  const startMs = performance.now();
  const traces = [await read(before), await read(after)] as const;
  const importMs = performance.now() - startMs;
  const sides = [toSide(traces[0], "before"), toSide(traces[1], "after")] as const;
  const options = { tolerance: 0.05, alpha: 0.05, resamples: usualDraws, allowIncomparable: false };
  const compareMs = [1, 2, 3].map(() => {
    const began = performance.now();
    runSliced(compareTraces(...sides, options));
    return performance.now() - began;
  });
  const pathMs = [1, 2, 3].map(() => {
    const began = performance.now();
    runSliced(diffPaths(...sides));
    return performance.now() - began;
  });
  const comparison: Comparison = runSliced(compareTraces(...sides, options));
  const treeStart = performance.now();
  const tree = runSliced(comparison.tree(200_000, "total", "step"));
  const treeMs = performance.now() - treeStart;
  process.stdout.write(
    JSON.stringify({
      importMs,
      firstCompareMs: compareMs[0],
      compareMs: Math.min(...compareMs),
      pathMs: Math.min(...pathMs),
      treeMs,
      spans: traces.map((trace) => trace.spans.length),
      rows: comparison.summary.rowCount,
      nodes: tree.parent.length,
      coverage: Math.min(comparison.summary.before.coverage, comparison.summary.after.coverage),
      maxRssKb: peakRssKb(),
    }),
  );
}

async function read(path: string): Promise<Trace> {
  const source = await openByteSource(path);
  try {
    const job = { path, fileName: "bench.json", importer: null, allowLargeInflate: false };
    const { trace } = await performImport(
      source,
      job,
      { onProgress: () => undefined, onSnapshot: null },
      {
        allocate: (byteLength) => new SharedArrayBuffer(byteLength),
        throwIfCancelled: () => undefined,
        nowMs: () => performance.now(),
      },
    );
    return trace;
  } finally {
    source.close();
  }
}

function toSide(trace: Trace, key: string): SideInput {
  return { label: "", itemsPerStep: null, parts: [{ key, fileName: key, trace, startNs: -Infinity, endNs: Infinity }] };
}

main(process.argv[2] ?? "", process.argv[3] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
