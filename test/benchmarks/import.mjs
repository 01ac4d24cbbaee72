// npm run bench:import [-- --events=500000 --rounds=5 --file=PATH --write]
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { makeKinetoLike } from "../../native-bench/generate/make-kineto-like.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, cpuMs?: number, maxRssKb: number, events?: number, spans?: number, firstSnapshotMs?: number, residentBytes?: number }} Measurement */
/** @typedef {{ name: string, arguments: string[], runs: Measurement[] }} Subject */
/** @typedef {{ firstPictureMs: number, scannedMs: number, ms: number }} StartedImport */
/** @typedef {{ inflatedMs: number, fromGzip: StartedImport, itself: StartedImport, maxRssKb: number }} StartedRound */

const seed = 1;
const events = Number(option("events", "500000"));
const rounds = Number(option("rounds", "5"));
const file = option("file", "") || generatedFile();
const ours = await bundleSubject("import-ours");
const scan = await bundleSubject("scan-alone");
const inputStage = await bundleSubject("input-stage");
const scanTogether = await bundleSubject("scan-together");
const started = await bundleSubject("import-started");
const importWorker = await bundleSubject("worker", "electron/engine/workers/import-worker.ts");
const sealWorker = await bundleSubject("seal-worker", "electron/engine/workers/seal-worker.ts");
const readWorker = await bundleSubject("read-worker", "electron/engine/workers/read-worker.ts");
const segmentWorker = await bundleSubject("segment-worker", "electron/engine/workers/segment-worker.ts");
const program = (/** @type {string} */ name) => fileURLToPath(new URL(`subjects/${name}.mjs`, import.meta.url));

/** Above it Node has no string for the file, so the peers cannot read it. */
const largestString = 2 ** 29 - 24;
/** `fs.readFile` refuses larger files. */
const largestRead = 2 ** 31;
const bytes = statSync(file).size;
const packed = await packedFile();

/** As `segmentThreadsFromBytes`: from here on the app scans with further threads. */
const isTogether = bytes >= 2 ** 28;
const segments = isTogether ? segmentWorker : "";

/** @type {Subject[]} */
const peers = [
  { name: "`JSON.parse`, utf8", arguments: [program("json-parse"), file, "utf8"], runs: [] },
  { name: "`JSON.parse`, latin1", arguments: [program("json-parse"), file, "latin1"], runs: [] },
  {
    name: "@paulirish/trace_engine",
    arguments: ["--max-old-space-size=8192", program("trace-engine"), file],
    runs: [],
  },
];

/** @type {Subject[]} */
const subjects = [
  {
    name: "Deltaflame: file → sealed trace",
    arguments: [ours, file, "cli", sealWorker, readWorker, segments],
    runs: [],
  },
  {
    name: "the same, with snapshots for a window",
    arguments: [ours, file, "window", sealWorker, readWorker, segments],
    runs: [],
  },
  { name: "the same from gzip", arguments: [ours, packed, "cli", sealWorker, readWorker], runs: [] },
  {
    name: "until the last byte is scanned, nothing sealed",
    arguments: [inputStage, file, readWorker, segments],
    runs: [],
  },
  { name: "the same from gzip", arguments: [inputStage, packed, readWorker], runs: [] },
  { name: "only scanning it, bytes in memory", arguments: [scan, file], runs: [] },
  ...(isTogether
    ? [{ name: "only reading and scanning it together", arguments: [scanTogether, file, segmentWorker], runs: [] }]
    : []),
  { name: "only reading the file, into one buffer", arguments: [program("read-alone"), file, "plain"], runs: [] },
  ...(bytes < largestRead
    ? [{ name: "only reading the file, `fs.readFile`", arguments: [program("read-alone"), file, "whole"], runs: [] }]
    : []),
  {
    name: "only reading the file, `fs.createReadStream`",
    arguments: [program("read-alone"), file, "stream"],
    runs: [],
  },
  { name: "only inflating it from gzip", arguments: [program("read-alone"), packed, "gzip"], runs: [] },
  ...(bytes < largestString ? peers : []),
];

// Warms the page cache.
for (const path of [file, packed])
  execFileSync(process.execPath, [program("read-alone"), path, "plain"], { stdio: "ignore" });
for (let round = 1; round <= rounds; round++) {
  for (const subject of subjects) {
    const output = execFileSync(process.execPath, subject.arguments, {
      encoding: "utf8",
      cwd: repositoryFolder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const last = output.trim().split("\n").at(-1) ?? "";
    subject.runs.push(JSON.parse(last));
    process.stderr.write(
      `round ${round}/${rounds} ${subject.name}: ${format((subject.runs.at(-1)?.ms ?? 0) / 1000)} s\n`,
    );
  }
}
const startedRounds = measureStarted();
publish(bytes < largestString ? "bench:import" : "bench:import-large", report());

/** @param {string} message @returns {never} */
function raise(message) {
  throw new Error(message);
}

function generatedFile() {
  mkdirSync(benchFolder, { recursive: true });
  const path = join(benchFolder, `kineto-like-${events}-${seed}.json`);
  if (!existsSync(path)) makeKinetoLike(path, { events, seed });
  return path;
}

async function packedFile() {
  const path = join(benchFolder, `import-${bytes}.json.gz`);
  if (!existsSync(path)) await pipeline(createReadStream(file), createGzip(), createWriteStream(path));
  return path;
}

/** All rounds in one engine, which is started once, as that of the app is. @returns {StartedRound[]} */
function measureStarted() {
  const output = execFileSync(process.execPath, [started, importWorker, packed, file, String(rounds)], {
    encoding: "utf8",
    cwd: repositoryFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.stderr.write(output);
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function report() {
  const [first, windowed, inflated, input, inflatedInput] = subjects;
  const alone = (/** @type {string} */ what) =>
    subjects.find(({ name }) => name === `only ${what}`) ?? raise(`no subject reads alone: ${what}`);
  const inflating = alone("inflating it from gzip");
  const scanning = alone("scanning it, bytes in memory");
  const timeOf = (/** @type {Subject} */ { runs }) => median(runs.map((run) => run.ms));
  const memoryOf = (/** @type {Subject} */ { runs }) => median(runs.map((run) => run.maxRssKb / 1024));
  const rows = subjects.map((subject) => {
    const times = subject.runs.map((run) => run.ms / 1000);
    return [
      subject.name,
      format(timeOf(subject) / 1000),
      `${format(Math.min(...times))}–${format(Math.max(...times))}`,
      format(bytes / 1000 / timeOf(subject), 0),
      format(memoryOf(subject), 0),
      subject === first ? "1" : `${format(timeOf(subject) / timeOf(first))} ×`,
      subject === first ? "1" : `${format(memoryOf(subject) / memoryOf(first))} ×`,
    ];
  });
  const cpuOf = (/** @type {Subject} */ { runs }) => median(runs.map((run) => run.cpuMs ?? 0));
  const speeds = subjects
    .filter(({ name }) => name.startsWith("only reading the file"))
    .map(
      (reading) => `${format(timeOf(reading) / timeOf(scanning))} × the speed of ${reading.name.replace(/^only /, "")}`,
    );
  const together = subjects.find(({ name }) => name === "only reading and scanning it together");
  const speedsTogether = subjects
    .filter(({ name }) => together !== undefined && name.startsWith("only reading the file"))
    .map((reading) => `${format(timeOf(reading) / timeOf(together ?? raise("nothing scans together")))} ×`);
  const ms = (/** @type {Subject} */ subject) => format(timeOf(subject), 0);
  const toInflating = (/** @type {number} */ scannedMs, /** @type {number} */ inflatedMs) =>
    `${format(scannedMs / inflatedMs)} ×`;
  const startedRow = (
    /** @type {string} */ name,
    /** @type {(round: StartedRound) => StartedImport} */ of,
    /** @type {boolean} */ isPacked,
  ) => {
    const medianOf = (/** @type {(each: StartedImport) => number} */ time) =>
      median(startedRounds.map((round) => time(of(round))));
    const scannedMs = medianOf((each) => each.scannedMs);
    const inflatedMs = median(startedRounds.map((round) => round.inflatedMs));
    return [
      name,
      format(
        medianOf((each) => each.firstPictureMs),
        0,
      ),
      format(scannedMs, 0),
      format(
        medianOf((each) => each.ms),
        0,
      ),
      isPacked ? format(inflatedMs, 0) : "",
      isPacked ? toInflating(scannedMs, inflatedMs) : "",
    ];
  };
  const version = JSON.parse(
    readFileSync(join(repositoryFolder, "node_modules/@paulirish/trace_engine/package.json"), "utf8"),
  ).version;
  const [sample] = first.runs;
  return [
    bytes < largestString ? "## Import" : "## Import of a large file",
    "",
    `Kineto-like JSON of ${format(bytes / 1e6, 0)} MB, ${format(sample.events ?? 0, 0)} events, ${format(sample.spans ?? 0, 0)} spans (seed ${seed}). One process a measurement, interleaved, page cache warm; median of ${rounds}.`,
    bytes < largestString
      ? "`JSON.parse` builds no trace; the faster of its two lines is the one to compare with."
      : "No peer is here: JavaScript has no string for a file of this size.",
    "",
    `First spans for a window ${format(median(windowed.runs.map((run) => run.firstSnapshotMs ?? 0)), 0)} ms after the start; ${format((sample.residentBytes ?? 0) / (sample.spans ?? 1), 1)} bytes a span in all tables, level of detail and arrows included; from gzip (${format(bytes / statSync(packed).size, 1)} : 1) it takes ${format(cpuOf(inflated) / 1000)} s of processor time until the trace is sealed.`,
    "",
    `The scanner alone runs at ${speeds.join(", ")}.${together === undefined ? "" : ` With the threads that an import of such a file has (up to four, one fewer than there are cores), reading it included, it is ${speedsTogether.join(", ")}.`}`,
    "",
    toTable(["", "s", "range", "MB/s", "peak RSS MiB", "ours faster", "ours leaner"], rows),
    "",
    `The same in an engine that was started as that of the app is: it waits with a worker that got ready by reading made-up traces, of ${format(median(startedRounds.map(({ maxRssKb }) => maxRssKb / 1024)), 0)} MiB at most over all rounds, and shows the first picture on the way. zlib alone runs in the same process, in turns with it. All in ms, medians of ${rounds}.`,
    "",
    toTable(
      ["", "first picture", "last byte scanned", "sealed", "zlib alone", "scanned ÷ zlib alone"],
      [
        [
          "from gzip, a process of its own",
          "",
          ms(inflatedInput),
          ms(inflated),
          ms(inflating),
          toInflating(timeOf(inflatedInput), timeOf(inflating)),
        ],
        startedRow("from gzip, in a started engine", ({ fromGzip }) => fromGzip, true),
        ["the file itself, a process of its own", "", ms(input), ms(first), "", ""],
        startedRow("the file itself, in a started engine", ({ itself }) => itself, false),
      ],
    ),
    "",
    describeMachine({ "@paulirish/trace_engine": version }),
  ].join("\n");
}
