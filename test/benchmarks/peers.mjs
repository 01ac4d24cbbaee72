// npm run bench:peers [-- --events=500000 --small=75000 --rounds=3 --write]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeKinetoLike } from "../../native-bench/generate/make-kineto-like.mjs";
import { browserPath } from "./browser.mjs";
import { loadInDevTools, loadInOurWindow, loadInSpeedscope, speedscopeVersion } from "./browser-peers.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, toTable } from "./report.mjs";

/** @typedef {{ ms: number, maxRssKb: number | null, spans?: number, version?: string }} Measurement */
/** @typedef {{ name: string, missing: string | null, load: (file: string) => Measurement | Promise<Measurement> }} Peer */
/** @typedef {{ peer: Peer, runs: Measurement[], stopped: string | null }} Entry */

const seed = 1;
const rounds = Number(option("rounds", "3"));
const limitMs = 120_000;
/** What takes longer runs once, so that the whole stays within minutes. */
const onceMs = 30_000;
const ours = await bundleSubject("import-ours");
const sealWorker = await bundleSubject("seal-worker", "electron/engine/workers/seal-worker.ts");
const readWorker = await bundleSubject("read-worker", "electron/engine/workers/read-worker.ts");
const subject = (/** @type {string} */ name) => fileURLToPath(new URL(`subjects/${name}`, import.meta.url));
const python = ["python3", "/usr/bin/python3"].find(
  (path) => spawnSync(path, ["-c", "import pandas"], { stdio: "ignore" }).status === 0,
);
const noBrowser = browserPath === undefined ? "not installed (Debian package chromium)" : null;

/** @param {string} program @param {readonly string[]} args @returns {Measurement} */
function run(program, args) {
  const output = execFileSync(program, args, {
    encoding: "utf8",
    cwd: repositoryFolder,
    timeout: limitMs,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
const node = (/** @type {readonly string[]} */ args) => run(process.execPath, args);
const oursHeadless = (/** @type {string} */ file) => node([ours, file, "cli", sealWorker, readWorker]);

/** @type {readonly Peer[]} */
const programs = [
  { name: "Deltaflame: file → sealed trace", missing: null, load: oursHeadless },
  { name: "`JSON.parse`, no model", missing: null, load: (file) => node([subject("json-parse.mjs"), file, "latin1"]) },
  {
    name: `@paulirish/trace_engine ${versionOf("@paulirish/trace_engine")}`,
    missing: null,
    load: (file) => node(["--max-old-space-size=8192", subject("trace-engine.mjs"), file]),
  },
  {
    name: "Python json + pandas",
    missing: python === undefined ? "not installed (Debian package python3-pandas)" : null,
    load: (file) => run(python ?? "", [subject("pandas-load.py"), file]),
  },
];

/** @param {number} spans @returns {readonly Peer[]} */
const viewers = (spans) => [
  { name: "Deltaflame: window, all spans", missing: noBrowser, load: (file) => loadInOurWindow(file, spans, limitMs) },
  { name: "Chromium DevTools, Performance panel", missing: noBrowser, load: (file) => loadInDevTools(file, limitMs) },
  {
    name: `speedscope ${speedscopeVersion ?? ""}`.trim(),
    missing: noBrowser ?? (speedscopeVersion === null ? "not installed (npm ci)" : null),
    load: (file) => loadInSpeedscope(file, limitMs),
  },
  {
    name: "Firefox Profiler",
    missing: "not run: it is the site profiler.firefox.com, not part of Firefox, and no npm package holds its importer",
    load: () => {
      throw new Error("not measured");
    },
  },
];

const large = await measure(Number(option("events", "500000")));
const small = await measure(Number(option("small", "75000")));
const date = new Date().toISOString().slice(0, 10);
const markdown = report();
process.stdout.write(`\n${markdown}`);
if (process.argv.includes("--write")) {
  const folder = join(repositoryFolder, "docs/benchmarks");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `peers-${date}.md`), markdown);
}
process.exit();

/**
 * All peers on one file, in turns.
 * @param {number} events
 */
async function measure(events) {
  mkdirSync(benchFolder, { recursive: true });
  const file = join(benchFolder, `kineto-like-${events}-${seed}.json`);
  if (!existsSync(file)) makeKinetoLike(file, { events, seed });
  readFileSync(file); // warms the page cache
  const spans = oursHeadless(file).spans ?? 0;
  /** @type {Entry[]} */
  const entries = [...programs, ...viewers(spans)].map((peer) => ({ peer, runs: [], stopped: peer.missing }));
  for (let round = 1; round <= rounds; round++) {
    for (const entry of entries) {
      if (entry.stopped !== null || entry.runs.some(({ ms }) => ms > onceMs)) continue;
      try {
        entry.runs.push(await entry.peer.load(file));
      } catch (error) {
        entry.stopped = explain(error);
      }
      process.stderr.write(
        `${events} events, round ${round}/${rounds}, ${entry.peer.name}: ${entry.stopped ?? `${format((entry.runs.at(-1)?.ms ?? 0) / 1000)} s`}\n`,
      );
    }
  }
  return { events, spans, bytes: statSync(file).size, entries };
}

/** @param {unknown} error */
function explain(error) {
  const text = error instanceof Error ? error.message : String(error);
  if (/ETIMEDOUT|Timeout \d+ms exceeded/.test(text)) return `not done after ${limitMs / 1000} s`;
  return `failed: ${text.split("\n")[0]?.slice(0, 120) ?? ""}`;
}

/** @param {string} name */
function versionOf(name) {
  return JSON.parse(readFileSync(join(repositoryFolder, "node_modules", name, "package.json"), "utf8")).version;
}

function report() {
  const chromium =
    browserPath === undefined
      ? {}
      : { Chromium: spawnSync(browserPath, ["--version"], { encoding: "utf8" }).stdout.split(" ")[1] ?? "" };
  const pandas =
    python === undefined ? {} : { pandas: large.entries.flatMap(({ runs }) => runs[0]?.version ?? [])[0] ?? "" };
  return [
    `# Peers, ${date}`,
    "",
    `Written by \`npm run bench:peers -- --write\`. The same generated Kineto trace for all, page cache warm, one process a measurement, peers in turns, median of ${rounds} (what takes more than ${onceMs / 1000} s runs once), ratios of the quickest; at most ${limitMs / 1000} s each. Programs: from the start of reading to their model; peak of the process. Viewers: from the choice of the file to the flame chart; peak of the largest process of the browser (ours keeps the trace in the engine, a process of its own, which the first line tells).`,
    ...[large, small].flatMap(({ events, spans, bytes, entries }) => [
      "",
      `## ${format(bytes / 1e6, 0)} MB, ${format(events, 0)} events, ${format(spans, 0)} spans`,
      "",
      toTable(
        ["", "s", "range", "peak MiB", "over ours"],
        entries.map((entry) => toRow(entry, entries)),
      ),
    ]),
    "",
    describeMachine({ ...chromium, ...pandas }),
    "",
  ].join("\n");
}

/** @param {Entry} entry @param {readonly Entry[]} entries */
function toRow({ peer, runs, stopped }, entries) {
  if (runs.length === 0) return [peer.name, stopped ?? "", "", "", ""];
  const isViewer = entries.findIndex((entry) => entry.peer === peer) >= programs.length;
  const [baseline] = isViewer ? entries.slice(programs.length) : entries;
  const timeOf = (/** @type {readonly Measurement[]} */ list) => median(list.map(({ ms }) => ms));
  const quickestOf = (/** @type {readonly Measurement[]} */ list) => Math.min(...list.map(({ ms }) => ms));
  const seconds = runs.map(({ ms }) => ms / 1000);
  const peaks = runs.flatMap(({ maxRssKb }) => (maxRssKb === null ? [] : [maxRssKb / 1024]));
  return [
    peer.name,
    format(timeOf(runs) / 1000),
    `${format(Math.min(...seconds))}–${format(Math.max(...seconds))}`,
    peaks.length === 0 ? "not told" : format(median(peaks), 0),
    baseline.runs.length === 0 ? "" : `${format(quickestOf(runs) / quickestOf(baseline.runs), 1)} ×`,
  ];
}
