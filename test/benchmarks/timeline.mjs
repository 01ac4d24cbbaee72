// npm run bench:timeline [-- --spans=1000000,10000000 --window=yes|no --write]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeDenseFile } from "../../native-bench/generate/make-dense-file.mjs";
import { benchFolder, bundleSubject } from "./bundle.mjs";
import { describeMachine, format, option, percentile, publish, toTable } from "./report.mjs";
import { measureWindow } from "./window-frames.mjs";

/** @typedef {{ ms: number, longestSliceMs: number }} Query */
/** @typedef {{ spans: number, rows: number, buildMs: number, views: number[], spansPerPx: number[], queries: Record<string, Query>, columnBytes: number, maxRssKb: number }} EngineRun */
/** @typedef {Awaited<ReturnType<typeof measureWindow>>} WindowRun */

const seed = 1;
const sizes = option("spans", "1000000,10000000").split(",").map(Number);
const withWindow = option("window", "yes") === "yes";
const subject = await bundleSubject("timeline-engine");

/** @type {{ spans: number, engine: EngineRun, window: WindowRun }[]} */
const runs = [];
for (const spans of sizes) {
  const output = execFileSync(process.execPath, ["--max-old-space-size=8192", subject, String(spans)], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  /** @type {EngineRun} */
  const engine = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  process.stderr.write(`engine, ${format(spans, 0)} spans: done\n`);
  const window = withWindow ? await measureWindow(denseFile(spans), spans) : { missing: "not asked for" };
  process.stderr.write(`window, ${format(spans, 0)} spans: done\n`);
  runs.push({ spans, engine, window });
}
/** Zooms from far to near, by the spans of a row in a pixel: at least so many. */
const zooms = [16, 4, 1, 0.25, 0.0625, 0];

publish("bench:timeline", report());
process.exit();

/** @param {number} spans */
function denseFile(spans) {
  mkdirSync(benchFolder, { recursive: true });
  const file = join(benchFolder, `dense-${spans}-${seed}.json`);
  if (!existsSync(file)) makeDenseFile(file, { spans, seed });
  return file;
}

function report() {
  const head = ["", ...runs.map(({ spans }) => `${format(spans / 1e6, 0)} M spans`)];
  const row = (/** @type {string} */ name, /** @type {(run: typeof runs[number]) => string} */ cell) => [
    name,
    ...runs.map(cell),
  ];
  const milliseconds = (/** @type {number} */ ms) => `${format(ms, ms < 100 ? 1 : 0)} ms`;
  const view = (/** @type {number} */ percent) =>
    row(`picture, p${percent}`, ({ engine }) => milliseconds(percentile(engine.views, percent)));
  const zoom = (/** @type {number} */ band) => {
    const least = zooms[band];
    const below = zooms[band - 1] ?? Infinity;
    return row(
      least === 0 ? `fewer than ${below}` : below === Infinity ? `${least} or more` : `${least}–${below}`,
      ({ engine: { views, spansPerPx } }) => {
        const times = views.filter((_, view) => spansPerPx[view] >= least && spansPerPx[view] < below);
        return times.length === 0
          ? "–"
          : `${format(percentile(times, 50), 1)} / ${format(percentile(times, 95), 1)} ms (${times.length})`;
      },
    );
  };
  const inWindow = (
    /** @type {string} */ name,
    /** @type {(window: Extract<WindowRun, { frameMs: number[] }>) => string} */ cell,
  ) => row(name, ({ window }) => ("missing" in window ? window.missing : cell(window)));
  const queries = Object.keys(runs[0].engine.queries);
  return [
    "## Timeline",
    "",
    "Dense synthetic traces: eight tracks, 64 rows, spans nested eight deep. A picture is what the window asks for at every move: 64 rows × 3,840 device pixels; 480 of them zoom from the whole trace to single spans at five places and pan on the way.",
    "",
    toTable(head, [
      row("rows", ({ engine }) => format(engine.rows, 0)),
      row("spans pushed → sealed trace", ({ engine }) => `${format(engine.buildMs / 1000)} s`),
      row("columns and level of detail", ({ engine }) => `${format(engine.columnBytes / engine.spans, 1)} B/span`),
      view(50),
      view(95),
      view(99),
      inWindow("frame interval while zooming, panning and scrolling, p50", (window) =>
        milliseconds(percentile(window.frameMs, 50)),
      ),
      inWindow("frame interval while zooming, panning and scrolling, p95", (window) =>
        milliseconds(percentile(window.frameMs, 95)),
      ),
      inWindow("the longest of them", (window) => milliseconds(Math.max(...window.frameMs))),
      inWindow(
        "those above 50 ms",
        (window) => `${window.frameMs.filter((ms) => ms > 50).length} of ${window.frameMs.length}`,
      ),
      inWindow("longest task of the window while the file loads", (window) =>
        window.longestTaskWhileLoadingMs === 0 ? "< 50 ms" : milliseconds(window.longestTaskWhileLoadingMs),
      ),
    ]),
    "",
    "Pictures by zoom: spans of a row in a pixel, on average; p50 / p95, in brackets the number of pictures.",
    "",
    toTable(
      head,
      zooms.map((_, band) => zoom(band)),
    ),
    "",
    "Other questions, over all spans unless said; in brackets the longest time for which they keep the engine from answering a view.",
    "",
    toTable(
      head,
      queries.map((name) =>
        row(
          name,
          ({ engine }) =>
            `${milliseconds(engine.queries[name].ms)} (${milliseconds(engine.queries[name].longestSliceMs)})`,
        ),
      ),
    ),
    "",
    describeMachine(
      Object.fromEntries(runs.flatMap(({ window }) => ("browser" in window ? [["Chromium", window.browser]] : []))),
    ),
  ].join("\n");
}
