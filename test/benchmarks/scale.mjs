// npm run bench:scale [-- --growth=100000,1000000,5000000,10000000 --spans=1000000 --shapes=all --large-spans=5000000
//   --large-shapes=oneTrack,manyTracks,deep,manyNames,equal --rounds=3 --keep --write]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { adversarialFiles } from "../../native-bench/generate/adversarial-files.mjs";
import { benchFolder, bundleSubject } from "./bundle.mjs";
import { describeMachine, format, median, option, percentile, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, longestSliceMs: number }} Query */
/** @typedef {{ spans: number, rows: number, tracks: number, importMs: number, peakKb: number, residentBytes: number, columnBytes: number, views: number[], overview: Query, queries: Record<string, Query>, compiledMs: Record<string, number> }} Run */
/** @typedef {{ label: string, shape: string, spans: number, runs: Run[], stopped: string | null }} Subject */

const limitMs = 240_000;
/** What a span may cost above that of a typical trace. */
const mostTimesTypical = 3;
const flatWithin = 0.2;
/** What is asked of every shape. */
const questions = ["top table", "top by path", "call tree", "bottom-up", "search"];
/** Smaller traces are over before the compiler is done. */
const judgedFrom = 1e6;

const sizes = option("growth", "100000,1000000,5000000,10000000").split(",").filter(Boolean).map(Number);
const rounds = Number(option("rounds", "3"));
const keep = process.argv.includes("--keep");
const program = await bundleSubject("scale-engine");
const worker = await bundleSubject("import-worker", "electron/engine/workers/import-worker.ts");
// Beside the import worker, where that one looks for them.
for (const name of ["read-worker", "seal-worker", "segment-worker"])
  await bundleSubject(name, `electron/engine/workers/${name}.ts`);

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
const adversarial = shapesAt(Number(option("spans", "1000000")), option("shapes", "all"));
/** Shapes that are to cost no more a span where there are many. */
const large = shapesAt(
  Number(option("large-spans", "5000000")),
  option("large-shapes", "oneTrack,manyTracks,deep,manyNames,equal"),
);

for (let round = 1; round <= rounds; round++)
  for (const subject of [empty, ...growth, ...adversarial, ...large])
    if (subject.stopped === null) measure(subject, round);
publish("bench:scale", report());

/**
 * The typical trace and the asked shapes, of so many spans each; nothing where none is asked.
 * @param {number} spans
 * @param {string} asked ids, joined by commas, or "all"
 * @returns {Subject[]}
 */
function shapesAt(spans, asked) {
  const shapes = Object.keys(adversarialFiles).filter((id) => asked === "all" || asked.split(",").includes(id));
  return [...new Set(shapes.length > 0 ? ["typical", ...shapes] : [])].map((shape) => ({
    label: adversarialFiles[shape].label,
    shape,
    spans,
    runs: [],
    stopped: null,
  }));
}

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
    ...(adversarial.length > 0 ? shapeTable(adversarial) : []),
    ...(large.length > 0 ? shapeTable(large) : []),
    "",
    describeMachine({}),
  ].join("\n");
}

/**
 * What the whole of a trace costs in a unit that is small for one span, and how many of it are the unit of what is fixed.
 * @typedef {{ name: string, digits: number, total: (run: Run) => number, fixed: readonly [perUnit: number, unit: string] }} Measure
 */

/** @returns {readonly Measure[]} */
function growthMeasures() {
  const floorKb = of(empty, (run) => run.peakKb);
  const floorBytes = of(empty, (run) => run.residentBytes);
  const query = (/** @type {string} */ name, /** @type {number} */ digits) => ({
    name: `${name}, ns`,
    digits,
    total: (/** @type {Run} */ run) => run.compiledMs[name] * 1e6,
    fixed: /** @type {const} */ ([1e6, "ms"]),
  });
  return [
    { name: "import, µs", digits: 2, total: (run) => run.importMs * 1000, fixed: [1000, "ms"] },
    {
      name: "peak above an empty trace, B",
      digits: 0,
      total: (run) => (run.peakKb - floorKb) * 1024,
      fixed: [1e6, "MB"],
    },
    {
      name: "resident above an empty trace, B",
      digits: 0,
      total: (run) => run.residentBytes - floorBytes,
      fixed: [1e6, "MB"],
    },
    { name: "columns and level of detail, B", digits: 1, total: (run) => run.columnBytes, fixed: [1e6, "MB"] },
    query("top table", 0),
    query("call tree", 0),
    query("search", 1),
  ];
}

/**
 * Costs a span, and a further span: the difference to the next smaller trace, over that of the spans. The start of
 * threads and the warming up of the compiler are in the first alone, so the second tells whether costs grow evenly.
 * @param {Measure} measure
 */
function growthRows({ name, digits, total, fixed: [perUnit, unit] }) {
  const totals = growth.map((subject) => of(subject, total));
  const counts = growth.map((subject) => of(subject, (run) => run.spans));
  const further = totals.slice(1).map((value, i) => (value - totals[i]) / (counts[i + 1] - counts[i]));
  const last = further[further.length - 1];
  const judged = further.filter((_, i) => growth[i].spans >= judgedFrom);
  const flat = judged.every((value) => value >= last * (1 - flatWithin) && value <= last * (1 + flatWithin));
  return [
    [name, ...totals.map((value, i) => format(value / counts[i], digits)), "", ""],
    [
      "a further span",
      "",
      ...further.map((value) => format(value, digits)),
      further.length > 0 ? `${format((totals[0] - last * counts[0]) / perUnit, 1)} ${unit}` : "",
      judged.length < 2 ? "" : flat ? "yes" : "**no**",
    ],
  ];
}

function growthTable() {
  const floorBytes = of(empty, (run) => run.residentBytes);
  const largest = growth[growth.length - 1];
  return [
    "",
    `The dense trace at several sizes: what a span costs on average, and below it what each further span costs, the difference to the next smaller trace over that of the spans. The average holds a part that does not grow (threads start, code is compiled while it runs); "fixed" is what is left of the smallest trace at the last cost of a further span. Questions are asked four times and the last counts: the first ones run while their code is compiled, which costs the less a span the more there are, and made further spans look cheaper. Flat is judged by further spans, from ${format(judgedFrom / 1e6, 0)} million on: within ${flatWithin * 100} % of the last. Median of ${rounds}.`,
    "",
    toTable(
      ["million spans", ...growth.map(({ label }) => label), "fixed", "flat"],
      growthMeasures().flatMap(growthRows),
    ),
    "",
    `${largest.label} million spans: ${format(of(largest, (run) => run.residentBytes) / 1e6, 0)} MB resident with everything (${format(floorBytes / 1e6, 0)} MB of them for an empty trace), ${format((of(largest, (run) => run.peakKb) * 1024) / 1e6, 0)} MB at the peak of the import, ${format(of(largest, pictureMs), 1)} ms a picture (p95).`,
  ];
}

/** @param {readonly Subject[]} subjects */
function shapeTable(subjects) {
  const [typical] = subjects;
  /** @type {readonly (readonly [string, (run: Run) => number])[]} */
  const measures = [
    ["import", (run) => run.importMs / run.spans],
    ...questions.map(
      (query) => /** @type {const} */ ([query, (/** @type {Run} */ run) => run.compiledMs[query] / run.spans]),
    ),
  ];
  const first = (/** @type {Run} */ run) => Math.max(...questions.map((query) => run.queries[query].ms));
  const slice = (/** @type {Run} */ run) =>
    Math.max(...[...Object.values(run.queries), run.overview].map((query) => query.longestSliceMs));
  return [
    "",
    `${format(typical.spans / 1e6, 1)} million spans in shapes that invite more work than there are spans. Time a span over that of the typical trace; more than ${mostTimesTypical} × is bold. Questions are asked four times and the last counts, since each shape waits for the compiler in other parts of the code; first: the longest of them when it is asked for the first time. Picture: 64 rows × 3,840 px at the top and at the end, p95 over zooms; slice: the longest time for which a question keeps a picture waiting.`,
    "",
    toTable(
      [
        "",
        ...measures.map(([name]) => name),
        "first ms",
        "peak MB",
        "resident MB",
        "picture ms",
        "overview ms",
        "slice ms",
      ],
      subjects.map((subject) => {
        if (subject.runs.length === 0)
          return [subject.label, subject.stopped ?? "", ...Array.from({ length: measures.length + 5 }, () => "")];
        const ratios = measures.map(([, value]) => of(subject, value) / of(typical, value));
        return [
          subject.label,
          ...ratios.map((ratio) => (ratio > mostTimesTypical ? `**${format(ratio, 1)}**` : format(ratio, 1))),
          format(of(subject, first), 0),
          format((of(subject, (run) => run.peakKb) * 1024) / 1e6, 0),
          format(of(subject, (run) => run.residentBytes) / 1e6, 0),
          format(of(subject, pictureMs), 1),
          format(
            of(subject, (run) => run.overview.ms),
            0,
          ),
          format(of(subject, slice), 0),
        ];
      }),
    ),
  ];
}
