import { denseNames, denseTracks, makeDenseSpans } from "../../../native-bench/generate/dense-spans.mjs";
import { outlineTrace } from "../../../electron/engine/summary.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { spanKindNames, type SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeCallTree } from "../../../traces/query/call-tree.ts";
import { searchSpans } from "../../../traces/query/search.ts";
import { runSliced, type Sliced } from "../../../traces/model/sliced.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import { createTopTable, type TopPage } from "../../../traces/query/top-table.ts";
import { createPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks } from "../../../traces/timeline/row-blocks.ts";
import { peakRssKb } from "./peak-memory.mjs";

/** Device pixels: a window of 1,920 px asks for twice its width. */
const widthPx = 3840;
const minBoxPx = 4;
const seed = 1;

function buildTrace(spans: number): Trace {
  const builder = createTraceBuilder({ allocate: (byteLength) => new SharedArrayBuffer(byteLength) });
  const process = builder.addTrack({ kind: "process", name: "process" });
  const tracks = Array.from({ length: denseTracks }, (_, i) =>
    builder.addTrack({ kind: "thread", name: `thread ${i}`, parent: process }),
  );
  const names = denseNames.map((name) => builder.intern(name));
  const category = builder.category("dense");
  makeDenseSpans({ spans, seed }, (track, startNs, durationNs, name) => {
    builder.addSpan(
      tracks[track],
      startNs,
      durationNs,
      names[name],
      (name % spanKindNames.length) as SpanKind,
      category,
      0,
    );
  });
  builder.ledger.read(spans);
  return builder.seal({ name: "dense", format: "dense", formatLabel: "Dense", facts: [] });
}

/** Zooms in from the whole trace to single spans around several points, panning on the way, and out again. */
function* scriptedViews(trace: Trace): Generator<readonly [startNs: number, endNs: number]> {
  const total = trace.meta.durationNs;
  for (const center of [0.13, 0.37, 0.5, 0.71, 0.94]) {
    for (let zoom = 0; zoom < 48; zoom++) {
      const span = Math.max(total * 0.72 ** zoom, 1000);
      const start = Math.min(Math.max(0, total * center - span / 2), total - span);
      for (const pan of [0, 0.11]) yield [start + pan * span, start + pan * span + span];
    }
  }
}

const passes = 5;

/** Time of each view: the median of several passes over all of them, so that one wait for the processor is no slow view. */
function measureViews(trace: Trace): number[] {
  const runs = Array.from({ length: passes }, () => drawViews(trace));
  return runs[0].map((_, view) => runs.map((run) => run[view]).toSorted((a, b) => a - b)[(passes - 1) / 2]);
}

function drawViews(trace: Trace): number[] {
  const blocks = createRowBlocks(trace);
  const strips = Array.from({ length: trace.rows.length }, (_, row) => ({ kind: "rows" as const, rows: [row] }));
  const times: number[] = [];
  for (const [startNs, endNs] of scriptedViews(trace)) {
    const beforeMs = performance.now();
    createPicture(trace, { strips, startNs, endNs, widthPx, minBoxPx }, null, blocks);
    times.push(performance.now() - beforeMs);
  }
  return times;
}

/** Time of a whole query, and of its longest slice: what a view request may have to wait. */
function measureQuery<T>(work: Sliced<T>): { readonly ms: number; readonly longestSliceMs: number } {
  const startMs = performance.now();
  let longestSliceMs = 0;
  for (let beforeMs = startMs, done = false; !done;) {
    done = work.next().done === true;
    const nowMs = performance.now();
    longestSliceMs = Math.max(longestSliceMs, nowMs - beforeMs);
    beforeMs = nowMs;
  }
  return { ms: performance.now() - startMs, longestSliceMs };
}

/** Spans of a row in a pixel, on average over the rows, of each view. */
function spansPerPx(trace: Trace): number[] {
  const spansPerNs = trace.spans.length / trace.rows.length / trace.meta.durationNs;
  return Array.from(scriptedViews(trace), ([startNs, endNs]) => ((endNs - startNs) / widthPx) * spansPerNs);
}

const spans = Number(process.argv[2]);
const startMs = performance.now();
const trace = buildTrace(spans);
const buildMs = performance.now() - startMs;
drawViews(trace);
const views = measureViews(trace);
const table = runSliced(createTopTable(trace, {}, "name"));
/** What a box shows at once: its groups by self time, with percentiles. */
function* selectBox(scope: Scope): Sliced<TopPage> {
  const found = yield* createTopTable(trace, scope, "name");
  return yield* found.page({ sort: "selfNs", descending: true, first: 0, count: 50 });
}
const range = { startNs: trace.meta.durationNs * 0.4, endNs: trace.meta.durationNs * 0.5 };
const noPatterns = (): Uint8Array => new Uint8Array(0);
const typed = runSliced(searchSpans(trace, "mat", noPatterns));
const queries = {
  "top table by name": measureQuery(createTopTable(trace, {}, "name")),
  "its page with percentiles": measureQuery(table.page({ sort: "selfNs", descending: true, first: 0, count: 50 })),
  "top table by path": measureQuery(createTopTable(trace, {}, "path")),
  "box select of a tenth of the time": measureQuery(selectBox(range)),
  "box select of everything": measureQuery(selectBox({})),
  "call tree": measureQuery(
    computeCallTree(trace, {}, { direction: "topDown", byTrack: true, minShare: 0.0005, maxNodes: 20_000 }),
  ),
  "call tree, bottom-up": measureQuery(
    computeCallTree(trace, {}, { direction: "bottomUp", byTrack: false, minShare: 0.0005, maxNodes: 20_000 }),
  ),
  "search by name": measureQuery(searchSpans(trace, "mat", noPatterns)),
  "the same with one letter more": measureQuery(searchSpans(trace, "matm", noPatterns, [typed])),
};
process.stdout.write(
  JSON.stringify({
    spans: trace.spans.length,
    rows: trace.rows.length,
    buildMs,
    views,
    spansPerPx: spansPerPx(trace),
    queries,
    columnBytes: outlineTrace(trace).residentBytes,
    maxRssKb: peakRssKb(),
  }),
);
