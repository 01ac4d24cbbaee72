// npm run bench:import [-- --launches=3600000 --rounds=5 --write]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeNsightLike } from "../../native-bench/generate/make-nsight-like.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, cpuMs: number, maxRssKb: number, events: number, spans: number }} Measurement */

const launches = Number(option("launches", "3600000"));
const rounds = Number(option("rounds", "5"));
const file = await generatedFile();
const ours = await bundleSubject("import-ours");
const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;

/** What the reading of the same columns costs, without a trace. */
const sums = ["CUPTI_ACTIVITY_KIND_RUNTIME", "CUPTI_ACTIVITY_KIND_KERNEL", "CUPTI_ACTIVITY_KIND_MEMCPY"]
  .map((table) => `SELECT count(*), sum(start), sum("end"), sum(correlationId) FROM ${table};`)
  .join(" ");

readFileSync(file); // warms the page cache
/** @type {Measurement[]} */
const runs = [];
/** @type {number[]} */
const baselineMs = [];
for (let round = 1; round <= rounds; round++) {
  const output = execFileSync(process.execPath, [ours, file, "terminal"], {
    encoding: "utf8",
    cwd: repositoryFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  runs.push(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
  if (hasSqlite) {
    const startMs = performance.now();
    execFileSync("sqlite3", [`file:${file}?immutable=1`, sums]);
    baselineMs.push(performance.now() - startMs);
  }
  process.stderr.write(`round ${round}/${rounds}: ${format((runs.at(-1)?.ms ?? 0) / 1000)} s\n`);
}
publish("bench:import-nsight", report());

async function generatedFile() {
  mkdirSync(benchFolder, { recursive: true });
  const path = join(benchFolder, `nsight-like-${launches}.sqlite`);
  if (!existsSync(path)) await makeNsightLike(path, { launches });
  return path;
}

function report() {
  const ms = median(runs.map((run) => run.ms));
  const [{ events, spans }] = runs;
  const times = runs.map((run) => run.ms / 1000);
  const rows = [
    [
      "Deltaflame: database → sealed trace, as `deltaflame info` reads it",
      format(ms / 1000),
      `${format(Math.min(...times))}–${format(Math.max(...times))}`,
      format(median(runs.map((run) => run.cpuMs)) / 1000),
      format(events / ms / 1000),
      format(median(runs.map((run) => run.maxRssKb)) / 1024, 0),
    ],
  ];
  if (hasSqlite) {
    const baseline = baselineMs.map((each) => each / 1000);
    rows.push([
      "`sqlite3`: sums over three of its tables, no trace",
      format(median(baseline)),
      `${format(Math.min(...baseline))}–${format(Math.max(...baseline))}`,
      "",
      "",
      "",
    ]);
  }
  return [
    "## Import of Nsight Systems databases",
    "",
    `Generated database of ${format(statSync(file).size / 1e6, 0)} MB: ${format(launches, 0)} API rows, as many kernels and copies, NVTX ranges around them; ${format(events, 0)} rows, ${format(spans, 0)} spans. One process a measurement, interleaved, page cache warm; median of ${rounds}. CPU seconds count all threads of the process; where they are far below the wall time, others used the machine.`,
    "",
    toTable(["", "s", "range", "CPU s", "M rows/s", "peak RSS MiB"], rows),
    "",
    describeMachine({}),
  ].join("\n");
}
