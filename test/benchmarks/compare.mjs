// npm run bench:compare [-- --steps=225 --samples=1000 --rounds=3 --write]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildIfStale } from "../../electron/scripts/build.mjs";
import { makeTrainingStep } from "../../native-bench/samples/make-training-step.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/** @typedef {{ name: string, pairs: number, tolerance: number, found: number, verdicts: Record<string, number> }} Group */
/** @typedef {{ importMs: number, firstCompareMs: number, compareMs: number, pathMs: number, treeMs: number, spans: number[], rows: number, nodes: number, coverage: number, maxRssKb: number }} Timing */

const steps = Number(option("steps", "225"));
const samples = Number(option("samples", "1000"));
const rounds = Number(option("rounds", "3"));
const cli = join(repositoryFolder, "dist/cli/index.cjs");

mkdirSync(benchFolder, { recursive: true });
await buildIfStale({ say: (line) => process.stderr.write(`${line}\n`) });
const groups = judgePairs(await bundleSubject("compare-pairs"));
const files = [1, 2].map(trainingFile);
const timings = timeComparisons(await bundleSubject("compare-two"));
publish("bench:compare", report());

/**
 * Step times of the built-in workloads, measured now by the command line.
 * @param {string} workload @param {readonly string[]} words
 */
function runLive(workload, words) {
  const file = join(benchFolder, `live-${workload}.json`);
  const budget = ["--samples", `${samples}`, "--least-samples", `${samples}`, "--run-budget", "120000"];
  execFileSync(process.execPath, [cli, "bench", workload, ...words, ...budget, "--no-spans", "--json", file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  return results
    .filter((/** @type {{ samplesMs: number[] }} */ result) => result.samplesMs.length >= 40)
    .map(
      (/** @type {{ variant: string, backend: string, samplesMs: number[] }} */ { variant, backend, samplesMs }) => ({
        name: `${workload} ${variant}, ${backend}`,
        samplesMs,
      }),
    );
}

/**
 * @param {string} program
 * @returns {Group[]}
 */
function judgePairs(program) {
  const series = [
    ...runLive("student", ["--variant", "fast"]),
    ...runLive("optimizer", ["--variant", "fused", "--points", "20000"]),
  ];
  const file = join(benchFolder, "live-series.json");
  writeFileSync(file, JSON.stringify(series));
  const output = execFileSync(process.execPath, [program, file], { encoding: "utf8" });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** @param {number} seed */
function trainingFile(seed) {
  const path = join(benchFolder, `training-${steps}-${seed}.json`);
  if (!existsSync(path)) writeFileSync(path, makeTrainingStep({ layers: 24, steps, seed }));
  return path;
}

/**
 * @param {string} program
 * @returns {{ inProcess: Timing[], wholeMs: number[] }}
 */
function timeComparisons(program) {
  /** @type {Timing[]} */
  const inProcess = [];
  const wholeMs = [];
  for (let round = 0; round < rounds; round++) {
    inProcess.push(JSON.parse(execFileSync(process.execPath, [program, ...files], { encoding: "utf8" })));
    const startMs = performance.now();
    execFileSync(process.execPath, [cli, "compare", files[0], "--vs", files[1]], { stdio: "ignore" });
    wholeMs.push(performance.now() - startMs);
  }
  return { inProcess, wholeMs };
}

function report() {
  const { inProcess, wholeMs } = timings;
  const [first] = inProcess;
  const ofAll = (/** @type {(timing: Timing) => number} */ value) => format(median(inProcess.map(value)) / 1000);
  const same = groups.filter(({ name }) => !name.includes("+"));
  const gated = same.reduce((sum, { verdicts }) => sum + verdicts.regressed, 0);
  const pairs = same.reduce((sum, group) => sum + group.pairs, 0);
  return [
    "## Compare",
    "",
    `Pairs of 20 steps a side. Of ${pairs} pairs of the same program ${gated} were called regressed (${format((100 * gated) / pairs)} %).`,
    "Live series are step times of the built-in workloads, blocks of ten steps dealt to both sides in turn; resampled ones draw blocks of five.",
    "",
    toTable(
      ["pairs of", "pairs", "tolerance", "regressed", "improved", "equivalent", "inconclusive", "increase found"],
      groups.map(({ name, pairs: count, tolerance, found, verdicts }) => [
        name,
        `${count}`,
        `${100 * tolerance} %`,
        ...["regressed", "improved", "equivalent", "inconclusive"].map((verdict) => `${verdicts[verdict]}`),
        `${found}`,
      ]),
    ),
    "",
    `Two training runs of ${format(first.spans[0], 0)} spans each (${format(first.rows, 0)} rows, ${format(100 * first.coverage, 1)} % of the time matched); median of ${rounds}, s. The whole is a process of its own, from its start to the printed verdict with 10,000 draws.`,
    "",
    toTable(
      ["", "s"],
      [
        ["files → verdict, `deltaflame compare` as a whole", format(median(wholeMs) / 1000)],
        ["reading both files, one after the other, one thread", ofAll(({ importMs }) => importMs)],
        ["comparing, first time", ofAll(({ firstCompareMs }) => firstCompareMs)],
        ["comparing, warm", ofAll(({ compareMs }) => compareMs)],
        ["of it: steps, paths of both sides and their matching, warm", ofAll(({ pathMs }) => pathMs)],
        ["tree of the differential flame graph", ofAll(({ treeMs }) => treeMs)],
      ],
    ),
    "",
    describeMachine({}),
  ].join("\n");
}
