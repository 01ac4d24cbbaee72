// npm run bench:reopen [-- --spans=10000000 --rounds=3 --write]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeDenseFile } from "../../native-bench/generate/make-dense-file.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, cpuMs: number, maxRssKb: number, spans: number, wasKept: boolean }} Measurement */

const seed = 1;
const spans = Number(option("spans", "10000000"));
const rounds = Number(option("rounds", "3"));
const worker = join(repositoryFolder, "dist/engine/worker.cjs");
if (!existsSync(worker)) throw new Error("expected a build in dist/: npm run build");
const subject = await bundleSubject("reopen");
mkdirSync(benchFolder, { recursive: true });
const file = join(benchFolder, `dense-${spans}-${seed}.json`);
if (!existsSync(file)) makeDenseFile(file, { spans, seed });
const kept = join(benchFolder, "kept");
readFileSync(file); // warms the page cache

/** @type {Measurement[]} */
const first = [];
/** @type {Measurement[]} */
const again = [];
let keptBytes = 0;
for (let round = 1; round <= rounds; round++) {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept);
  first.push(measure());
  keptBytes = readdirSync(kept).reduce((sum, name) => sum + statSync(join(kept, name)).size, 0);
  again.push(measure());
  if (!again.at(-1)?.wasKept) throw new Error("the second opening read the file itself");
  process.stderr.write(`round ${round}/${rounds}: ${first.at(-1)?.ms.toFixed(0)}, ${again.at(-1)?.ms.toFixed(0)} ms\n`);
}
rmSync(kept, { recursive: true, force: true });
publish("bench:reopen", report());

/** @returns {Measurement} */
function measure() {
  const output = execFileSync(process.execPath, [subject, file, kept, worker], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

function report() {
  const secondsOf = (/** @type {Measurement[]} */ runs) => median(runs.map(({ ms }) => ms)) / 1000;
  const row = (/** @type {string} */ name, /** @type {Measurement[]} */ runs, /** @type {number} */ bytes) => [
    name,
    format(bytes / 1e6, 0),
    format(secondsOf(runs)),
    `${format(Math.min(...runs.map(({ ms }) => ms)) / 1000)}–${format(Math.max(...runs.map(({ ms }) => ms)) / 1000)}`,
    format(median(runs.map(({ cpuMs }) => cpuMs)) / 1000),
    format(median(runs.map(({ maxRssKb }) => maxRssKb)) / 1024, 0),
    runs === first ? "1" : `${format(secondsOf(runs) / secondsOf(first), 3)} ×`,
  ];
  return [
    "## Opening a trace again",
    "",
    `A generated Chrome trace of ${format(first[0]?.spans ?? 0, 0)} spans, opened through a worker as the app does; the first time it is read and kept, the second time the kept container is read and its checksums checked. CPU seconds count all threads; where they are far below the wall time, others used the machine. One process a measurement, page cache warm; median of ${rounds}. The goal is 0.5 s.`,
    "",
    toTable(
      ["", "MB read", "s", "range", "CPU s", "peak RSS MiB", "ratio"],
      [
        row("first opening: JSON → sealed trace", first, statSync(file).size),
        row("second opening: kept container → sealed trace", again, keptBytes),
      ],
    ),
    "",
    describeMachine({}),
  ].join("\n");
}
