// npm run bench:large-files [-- --only=xspace,perfetto --write]: needs 6 GB of disk, one file at a time
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeDenseFile } from "../../native-bench/generate/make-dense-file.mjs";
import { makeKinetoLike } from "../../native-bench/generate/make-kineto-like.mjs";
import { nsightLikeScript } from "../../native-bench/generate/make-nsight-like.mjs";
import { makePerfettoLike, makeXSpaceLike } from "../../native-bench/generate/make-protobuf-like.mjs";
import { repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, option, publish, toTable } from "./report.mjs";

/** @typedef {{ spans: number, ledger: { outcome: string, dropped: { code: string, count: number, firstBytes: number[] }[] } }} Info */

/**
 * @typedef {object} LargeFile
 * @property {string} id
 * @property {string} title
 * @property {string} name
 * @property {number} overBytes the file must be larger than this
 * @property {(path: string) => void} write
 * @property {(info: Info) => string | null} wrong what the numbers should be
 */

const gib = 2 ** 30;
const cli = join(repositoryFolder, "dist/cli/index.cjs");
if (!existsSync(cli)) throw new Error("expected a build in dist/: npm run build");
const hook = fileURLToPath(new URL("subjects/print-peak.cjs", import.meta.url));

/** @type {LargeFile[]} */
const files = [
  {
    id: "nsight",
    title: "Nsight Systems database, rows of events to its end",
    name: "large.sqlite",
    overBytes: 2 * gib,
    write: (path) => writeDatabase(path, { launches: 19_000_000 }),
    wrong: ({ spans }) => (spans >= 38_000_000 ? null : `${spans} spans`),
  },
  {
    id: "nsight-4",
    title: "Nsight Systems database, its events behind 4.2 GB of other rows",
    name: "far.sqlite",
    overBytes: 4 * gib,
    write: (path) => writeDatabase(path, { launches: 1_000_000, fillerBytes: 4.3e9 }),
    wrong: ({ spans }) => (spans >= 2_000_000 ? null : `${spans} spans`),
  },
  {
    id: "json",
    title: "Chrome JSON (PyTorch)",
    name: "large.json",
    overBytes: 2 * gib,
    write: (path) => void makeKinetoLike(path, { events: 9_000_000, seed: 1 }),
    wrong: ({ spans }) => (spans >= 6_500_000 ? null : `${spans} spans`),
  },
  {
    id: "json-4",
    title: "Chrome JSON (PyTorch)",
    name: "larger.json",
    overBytes: 4 * gib,
    write: (path) => void makeKinetoLike(path, { events: 18_000_000, seed: 1 }),
    wrong: ({ spans }) => (spans >= 13_000_000 ? null : `${spans} spans`),
  },
  {
    id: "spans-55",
    title: "Chrome JSON, 55 million short spans",
    name: "many.json",
    overBytes: 4e9,
    write: (path) => makeDenseFile(path, { spans: 55_000_000, seed: 1 }),
    wrong: ({ spans, ledger: { dropped } }) =>
      spans === 55_000_000 && dropped.length === 0 ? null : `${spans} spans, ${JSON.stringify(dropped)}`,
  },
  {
    id: "spans-64",
    title: "Chrome JSON, 64 million short spans: the first 60 million kept, the others counted",
    name: "too-many.json",
    overBytes: 4e9,
    write: (path) => makeDenseFile(path, { spans: 64_000_000, seed: 1 }),
    wrong: ({ spans, ledger: { outcome, dropped } }) =>
      spans === 60_000_000 && outcome === "partial" && dropped.length === 1 && dropped[0].count === 4_000_000
        ? null
        : `${spans} spans, ${outcome}, ${JSON.stringify(dropped)}`,
  },
  {
    id: "xspace",
    title: "XSpace",
    name: "large.xplane.pb",
    overBytes: 2 * gib,
    write: (path) => makeXSpaceLike(path, { launches: 24_000_000 }),
    wrong: ({ spans }) => (spans === 48_000_000 ? null : `${spans} spans`),
  },
  {
    id: "perfetto",
    title: "Perfetto",
    name: "large.pftrace",
    overBytes: 2 * gib,
    write: (path) => makePerfettoLike(path, { slices: 51_000_000 }),
    wrong: ({ spans }) => (spans === 51_000_000 ? null : `${spans} spans`),
  },
];

const wanted = option("only", files.map(({ id }) => id).join(",")).split(",");
const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "deltaflame-large-"));
/** @type {string[][]} */
const rows = [];
try {
  for (const file of files.filter(({ id }) => wanted.includes(id))) {
    if (file.id.startsWith("nsight") && !hasSqlite) process.stderr.write(`${file.name} needs the program sqlite3\n`);
    else rows.push(measure(file));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
publish("bench:large-files", report());

/** @param {string} path @param {{ launches: number, fillerBytes?: number }} options */
function writeDatabase(path, options) {
  execFileSync("sqlite3", [path], { input: nsightLikeScript(options) });
}

/** @param {LargeFile} file @returns {string[]} */
function measure({ title, name, overBytes, write, wrong }) {
  const path = join(folder, name);
  try {
    process.stderr.write(`writing ${name}\n`);
    write(path);
    const { size } = statSync(path);
    if (size <= overBytes) throw new Error(`expected ${name} to be above ${overBytes} bytes, made ${size}`);
    process.stderr.write(`reading ${name}, ${format(size / 1e9)} GB\n`);
    const { status, stdout, stderr, output } = spawnSync(
      process.execPath,
      ["--require", hook, cli, "info", "--json", path],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"], maxBuffer: 2 ** 28 },
    );
    if (status !== 0) throw new Error(`deltaflame info ended with ${status}: ${stderr}`);
    const info = JSON.parse(stdout);
    const problem = wrong(info);
    if (problem !== null) throw new Error(`${name}: found ${problem}`);
    const { ms, maxRssKb } = JSON.parse(output[3] ?? "");
    process.stderr.write(`${format(ms / 1000)} s, ${format(maxRssKb / 1024, 0)} MiB\n`);
    return [
      title,
      format(size / 1e9),
      format(info.spans, 0),
      format(ms / 1000, 1),
      format(size / 1000 / ms, 0),
      format(maxRssKb / 1024, 0),
      format((maxRssKb * 1024) / info.spans, 0),
    ];
  } finally {
    rmSync(path, { force: true });
  }
}

function report() {
  return [
    "## Files above 2 GiB and 4 GiB",
    "",
    "Generated, opened once each with `deltaflame info --json`, then deleted; time and memory of the whole process. The number of spans is checked, and that nothing is missing without being counted. Memory follows the spans, not the file.",
    "",
    toTable(["", "GB", "spans", "s", "MB/s", "peak RSS MiB", "B a span"], rows),
    "",
    describeMachine({}),
  ].join("\n");
}
