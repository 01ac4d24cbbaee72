import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { planMinimap } from "../../../renderer/timeline/minimap.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeCallTree } from "../../../traces/query/call-tree.ts";
import { searchSpans } from "../../../traces/query/search.ts";
import type { Sliced } from "../../../traces/model/sliced.ts";
import { createTopTable } from "../../../traces/query/top-table.ts";
import { createPartnerIndex } from "../../../traces/query/trace-index.ts";
import { createPicture, drawPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks } from "../../../traces/timeline/row-blocks.ts";
import { peakRssKb } from "./peak-memory.mjs";

const widthPx = 3840;
const minBoxPx = 4;
/** For the memory of a worker that ended to go back to the system. */
const settleMs = 500;
/** What a screen and its surroundings hold. */
const shownRows = 64;

/** Time of a whole query, and of its longest slice: what a view request may have to wait. */
function measureQuery<T>(work: Sliced<T>): {
  readonly ms: number;
  readonly longestSliceMs: number;
  readonly result: T;
} {
  const startMs = performance.now();
  let longestSliceMs = 0;
  for (let beforeMs = startMs; ;) {
    const step = work.next();
    const nowMs = performance.now();
    longestSliceMs = Math.max(longestSliceMs, nowMs - beforeMs);
    beforeMs = nowMs;
    if (step.done === true) return { ms: nowMs - startMs, longestSliceMs, result: step.value };
  }
}

/** Time of a query that was asked three times before. */
function measureCompiled(ask: () => Sliced<unknown>): number {
  for (let i = 0; i < 3; i++) measureQuery(ask());
  return measureQuery(ask()).ms;
}

/** Pictures of the first and the last rows, zooming in from the whole trace at three places. */
function measureViews(trace: Trace): number[] {
  const blocks = createRowBlocks(trace);
  const times: number[] = [];
  const total = trace.meta.durationNs;
  for (const first of [0, Math.max(0, trace.rows.length - shownRows)]) {
    const length = Math.min(shownRows, trace.rows.length);
    const strips = Array.from({ length }, (_, index) => ({ kind: "rows" as const, rows: [first + index] }));
    for (const center of [0.13, 0.5, 0.94]) {
      for (let zoom = 0; zoom < 48; zoom += 2) {
        const span = Math.max(total * 0.72 ** zoom, 1000);
        const startNs = Math.min(Math.max(0, total * center - span / 2), Math.max(0, total - span));
        const beforeMs = performance.now();
        createPicture(trace, { strips, startNs, endNs: startNs + span, widthPx, minBoxPx }, null, blocks);
        times.push(performance.now() - beforeMs);
      }
    }
  }
  return times;
}

/** The minimap: rows over each other. */
function drawOverview(trace: Trace, tracks: Parameters<typeof planMinimap>[0]): Sliced<unknown> {
  const { strips } = planMinimap(tracks);
  const request = { strips, startNs: 0, endNs: trace.meta.durationNs, widthPx: widthPx / 2, minBoxPx: widthPx };
  return drawPicture(trace, request, null, createRowBlocks(trace));
}

async function main(path: string, workerPath: string): Promise<void> {
  const imports = createWorkerImports({ workerPath, forWindow: false });
  const startMs = performance.now();
  const { trace, outline } = await imports.run(
    { path, fileName: "bench.json", importer: null, allowLargeInflate: false },
    { onProgress: () => undefined, onSnapshot: null },
    new AbortController().signal,
  );
  const importMs = performance.now() - startMs;
  await imports.close();
  const peakKb = peakRssKb();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  global.gc?.();
  const residentBytes = process.memoryUsage.rss();
  const { result: table, ...top } = measureQuery(createTopTable(trace, {}, "name"));
  const timed = <T>(work: Sliced<T>): { readonly ms: number; readonly longestSliceMs: number } => {
    const { ms, longestSliceMs } = measureQuery(work);
    return { ms, longestSliceMs };
  };
  const askTree = (): Sliced<unknown> =>
    computeCallTree(trace, {}, { direction: "topDown", byTrack: true, minShare: 0.0005, maxNodes: 20_000 });
  // In all names of all shapes: a search costs by what it finds.
  const askSearch = (): Sliced<unknown> => searchSpans(trace, "_", () => new Uint8Array(0));
  const askBottomUp = (): Sliced<unknown> =>
    computeCallTree(trace, {}, { direction: "bottomUp", byTrack: false, minShare: 0.0005, maxNodes: 20_000 });
  const queries = {
    "top table": top,
    "its page": timed(table.page({ sort: "selfNs", descending: true, first: 0, count: 50 })),
    "top by path": timed(createTopTable(trace, {}, "path")),
    "call tree": timed(askTree()),
    "bottom-up": timed(askBottomUp()),
    search: timed(askSearch()),
    partners: timed(createPartnerIndex(trace)),
  };
  // What a span costs is asked when the code is compiled, which takes as long as a small trace itself.
  const compiledMs = {
    "top table": measureCompiled(() => createTopTable(trace, {}, "name")),
    "top by path": measureCompiled(() => createTopTable(trace, {}, "path")),
    "call tree": measureCompiled(askTree),
    "bottom-up": measureCompiled(askBottomUp),
    search: measureCompiled(askSearch),
  };
  measureViews(trace);
  process.stdout.write(
    JSON.stringify({
      spans: trace.spans.length,
      rows: trace.rows.length,
      tracks: trace.tracks.length,
      importMs,
      peakKb,
      residentBytes,
      columnBytes: outline.residentBytes,
      notes: outline.ledger.notes.map(({ message, count }) => `${count} ${message}`),
      views: measureViews(trace),
      overview: timed(drawOverview(trace, outline.tracks)),
      queries,
      compiledMs,
    }),
  );
}

main(process.argv[2] ?? "", process.argv[3] ?? "").catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
