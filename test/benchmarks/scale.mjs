// npm run bench:scale [-- --growth=100000,1000000,5000000,10000000 --spans=5000000 --shapes=all --rounds=3 --keep --write]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { adversarialFiles } from "../../native-bench/generate/adversarial-files.mjs";
import { benchFolder, bundleSubject } from "./bundle.mjs";
import { describeMachine, format, median, option, percentile, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, longestSliceMs: number }} Query */
/** @typedef {{ spans: number, rows: number, tracks: number, importMs: number, peakKb: number, residentBytes: number, columnBytes: number, views: number[], overviewMs: number, queries: Record<string, Query> }} Run */
/** @typedef {{ label: string, shape: string, spans: number, runs: Run[], stopped: string | null }} Subject */

const limitMs = 240_000;
/** What a span may cost above that of a typical trace. */
const mostTimesTypical = 3;
const flatWithin = 0.2;

const sizes = option("growth", "100000,1000000,5000000,10000000").split(",").filter(Boolean).map(Number);
const spans = Number(option("spans", "5000000"));
const asked = option("shapes", "all");
const shapes = Object.keys(adversarialFiles).filter((id) => asked === "all" || asked.split(",").includes(id));
const rounds = Number(option("rounds", "3"));
const keep = process.argv.includes("--keep");
const program = await bundleSubject("scale-engine");
const worker = await bundleSubject("import-worker", "electron/engine/workers/import-worker.ts");

/** @type {Subject[]} */
const growth = sizes.map((size) => ({
  label: format(size / 1e6, 1),
  shape: "typical",
  spans: size,
  runs: [],
  stopped: null,
}));
/** @type {Subject} */
const empty = { label: "empty", shape: "typical", spans: 1, runs: [], stopped: null };
/** @type {Subject[]} */
const adversarial = [...new Set(shapes.length > 0 ? ["typical", ...shapes] : [])].map((shape) => ({
  label: adversarialFiles[shape].label,
  shape,
  spans,
  runs: [],
  stopped: null,
}));

for (let round = 1; round <= rounds; round++)
  for (const subject of [empty, ...growth, ...adversarial]) if (subject.stopped === null) measure(subject, round);
publish("bench:scale", report());

/** @param {Subject} subject @param {number} round */
function measure(subject, round) {
  mkdirSync(benchFolder, { recursive: true });
  const file = join(benchFolder, `${subject.shape}-${subject.spans}.json`);
  if (!existsSync(file)) adversarialFiles[subject.shape].write(file, subject.spans);
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=8192", program, file, worker],
    { encoding: "utf8", maxBuffer: 64 << 20, timeout: limitMs },
  );
  if (!keep) rmSync(file);
  if (signal !== null) subject.stopped = `not done after ${limitMs / 1000} s`;
  else if (status === 0) subject.runs.push(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  else subject.stopped = stderr.trim().split("\n")[0] ?? "";
  process.stderr.write(`round ${round}/${rounds} ${subject.label}: ${subject.stopped ?? "done"}\n`);
}

/** @param {Subject} subject @param {(run: Run) => number} value */
function of(subject, value) {
  return median(subject.runs.map(value));
}

/** @param {Run} run */
function pictureMs(run) {
  return percentile(run.views, 95);
}

function report() {
  return [
    "## Scale",
    ...(growth.length > 0 ? growthTable() : []),
    ...(adversarial.length > 0 ? shapeTable() : []),
    "",
    describeMachine({}),
  ].join("\n");
}

function growthTable() {
  const floorKb = of(empty, (run) => run.peakKb);
  const floorBytes = of(empty, (run) => run.residentBytes);
  const largest = growth[growth.length - 1];
  /** @type {readonly (readonly [string, number, (run: Run) => number])[]} */
  const measures = [
    ["import, µs", 2, (run) => (run.importMs * 1000) / run.spans],
    ["peak above an empty trace, B", 0, (run) => ((run.peakKb - floorKb) * 1024) / run.spans],
    ["resident above an empty trace, B", 0, (run) => (run.residentBytes - floorBytes) / run.spans],
    ["columns and level of detail, B", 1, (run) => run.columnBytes / run.spans],
    ["top table, ns", 0, (run) => (run.queries["top table"].ms * 1e6) / run.spans],
    ["call tree, ns", 0, (run) => (run.queries["call tree"].ms * 1e6) / run.spans],
    ["search, ns", 1, (run) => (run.queries["search"].ms * 1e6) / run.spans],
  ];
  const flat = (/** @type {readonly number[]} */ values) => {
    const last = values[values.length - 1];
    return values.every((value) => value >= last * (1 - flatWithin) && value <= last * (1 + flatWithin));
  };
  return [
    "",
    `The dense trace at several sizes; what one span costs. Flat: within ${flatWithin * 100} % of the largest from a million spans on, where the start of a process no longer counts. Median of ${rounds}.`,
    "",
    toTable(
      ["million spans", ...growth.map(({ label }) => label), "flat"],
      measures.map(([name, digits, value]) => {
        const values = growth.map((subject) => of(subject, value));
        const judged = values.filter((_, index) => growth[index].spans >= 1e6);
        return [name, ...values.map((each) => format(each, digits)), flat(judged) ? "yes" : "**no**"];
      }),
    ),
    "",
    `${largest.label} million spans: ${format(of(largest, (run) => run.residentBytes) / 1e6, 0)} MB resident with everything (${format(floorBytes / 1e6, 0)} MB of them for an empty trace), ${format((of(largest, (run) => run.peakKb) * 1024) / 1e6, 0)} MB at the peak of the import, ${format(of(largest, pictureMs), 1)} ms a picture (p95).`,
  ];
}

function shapeTable() {
  const [typical] = adversarial;
  /** @type {readonly (readonly [string, (run: Run) => number])[]} */
  const measures = [
    ["import", (run) => run.importMs / run.spans],
    ...["top table", "top by path", "call tree", "bottom-up", "search"].map(
      (query) => /** @type {const} */ ([query, (/** @type {Run} */ run) => run.queries[query].ms / run.spans]),
    ),
  ];
  const slice = (/** @type {Run} */ run) =>
    Math.max(...Object.values(run.queries).map((query) => query.longestSliceMs));
  return [
    "",
    `${format(spans / 1e6, 1)} million spans in shapes that invite more work than there are spans. Time a span over that of the typical trace; more than ${mostTimesTypical} × is bold. Picture: 64 rows × 3,840 px at the top and at the end, p95 over zooms; slice: the longest time for which a question keeps a picture waiting.`,
    "",
    toTable(
      ["", ...measures.map(([name]) => name), "peak MB", "resident MB", "picture ms", "overview ms", "slice ms"],
      adversarial.map((subject) => {
        if (subject.runs.length === 0)
          return [subject.label, subject.stopped ?? "", ...Array.from({ length: measures.length + 4 }, () => "")];
        const ratios = measures.map(([, value]) => of(subject, value) / of(typical, value));
        return [
          subject.label,
          ...ratios.map((ratio) => (ratio > mostTimesTypical ? `**${format(ratio, 1)}**` : format(ratio, 1))),
          format((of(subject, (run) => run.peakKb) * 1024) / 1e6, 0),
          format(of(subject, (run) => run.residentBytes) / 1e6, 0),
          format(of(subject, pictureMs), 1),
          format(
            of(subject, (run) => run.overviewMs),
            0,
          ),
          format(of(subject, slice), 0),
        ];
      }),
    ),
  ];
}
