// npm run bench:student [-- --rounds=12 --write --no-window]; the window needs npm run build, and Xvfb on Linux
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { bundleSubject, repositoryFolder } from "./bundle.mjs";
import { measureRunWindow } from "./run-window.mjs";
import { describeMachine, format, option, publish, toTable } from "./report.mjs";

/** @typedef {{ contender: string, minMs: number, medianMs: number, p95Ms: number, count: number }} Timing */
/** @typedef {{ name: string, structureCount: number, timings: Timing[] }} Race */
/** @typedef {{ name: string, halfMs: number, cellsMs: number, same: boolean }} Neighbors */
/** @typedef {{ id: string, label: string, value: number, limit: number }} Check */

const [loadBefore] = loadavg();
const rounds = Number(option("rounds", "12"));
const subject = await bundleSubject("student");
/** @type {readonly Check[]} */
const checks = run(["check"]);
/** @type {{ races: readonly Race[], neighbors: readonly Neighbors[] }} */
const { races, neighbors } = run(["race", String(rounds)]);
/** @type {readonly (number | null)[]} */
const memory = ["fast-loop", "fast-blocked"].map((variant) => run(["memory", variant, "water648"]).addedBytes);
const spanCosts = run(["spans"]);
const watched = process.argv.includes("--no-window")
  ? null
  : await measureRunWindow({ batches: "1, 16, 64", seconds: "3" });
publish("bench:student", report());

/** @param {readonly string[]} words */
function run(words) {
  const output = execFileSync(process.execPath, [subject, ...words], {
    encoding: "utf8",
    cwd: repositoryFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

/** @param {string} race @param {string} contender */
function timing(race, contender) {
  const found = races.find(({ name }) => name === race)?.timings.find((one) => one.contender === contender);
  if (found === undefined) throw new Error(`${contender} did not run in ${race}`);
  return found;
}

/** Ratio of minima of one race. @param {string} race @param {string} slow @param {string} quick */
function ratio(race, slow, quick) {
  return timing(race, slow).minMs / timing(race, quick).minMs;
}

function report() {
  const version = JSON.parse(
    readFileSync(join(repositoryFolder, "node_modules/onnxruntime-node/package.json"), "utf8"),
  ).version;
  return [
    "## Student force field",
    "",
    `Energies and forces end to end: neighbor list, inputs, \`session.run\`, assembly. One thread unless said otherwise; seeded weights. Contenders of a race take turns in a random order, positions change before every evaluation (the same for all); ${rounds} rounds. Ratios are of minima within one race.`,
    "",
    "### What must hold",
    "",
    toTable(["", "found", "wanted", ""], [...claims(), ...checkRows(), ...watchRows()]),
    "",
    describeMemory(),
    "",
    ...describeWindow(),
    "### Races",
    "",
    "ms per structure, minimum (median); speed-up over the naive graph of the same race.",
    "",
    ...races.filter(({ name }) => !name.includes(",")).flatMap(raceTable),
    "### Planned micro-batches against a loop, by batch size",
    "",
    toTable(
      ["mix of 3–12 atoms", "planned, ms", "loop, ms", "loop / planned"],
      races
        .filter(({ name }) => name.includes(","))
        .map(({ name, structureCount }) => [
          `${structureCount}`,
          perStructure(timing(name, "fast"), structureCount),
          perStructure(timing(name, "fast-loop"), structureCount),
          `${format(ratio(name, "fast-loop", "fast"))} ×`,
        ]),
    ),
    "",
    `${describeMachine({ "onnxruntime-node": version })} Load average before: ${format(loadBefore)}.`,
  ].join("\n");
}

function claims() {
  const batches = races.filter(({ name }) => name.includes(","));
  const worst = Math.min(...batches.map(({ name }) => ratio(name, "fast-loop", "fast")));
  const [open, periodic] = neighbors.map(({ halfMs, cellsMs }) => halfMs / cellsMs);
  const mix = "mix × 64";
  const perSecond = (64 * 1000) / timing(mix, "fast").minMs;
  return [
    times("fast over naive, C60", ratio("c60", "naive", "fast"), 8),
    times("fast over naive, C6H6", ratio("c6h6", "naive", "fast"), 4.5),
    times("fast over naive, 64 of 3–12 atoms", ratio(mix, "naive", "fast"), 5),
    times("the same with two workers", ratio(mix, "naive", "fast-pool"), 9),
    times("planned over one padded batch, 64 of 3–12 atoms", ratio(mix, "fast-padded", "fast"), 1.3),
    times("planned over loop, worst batch size", worst, 0.95),
    times("cell list over half pairs, 10,125 atoms", open, 10),
    times("the same, periodic", periodic, 20),
    times("blocked over unblocked, 648 atoms", ratio("water648", "fast-loop", "fast-blocked"), 1.6),
    times("memory: unblocked over blocked, 648 atoms", Number(memory[0]) / Number(memory[1]), 10),
    atMost("H2O, ms", timing("h2o", "fast").minMs, 0.3),
    atMost("C6H6, ms", timing("c6h6", "fast").minMs, 0.8),
    atMost("C60, ms", timing("c60", "fast").minMs, 6),
    ["structures a second on one core, 64 of 3–12 atoms", format(perSecond, 0), "≥ 3,000", mark(perSecond >= 3000)],
  ];
}

function describeMemory() {
  const [unblocked, blocked] = memory.map((bytes) => (bytes === null ? "?" : `${format(bytes / 2 ** 20, 0)} MiB`));
  return `Memory of 648 atoms: ${unblocked} unblocked, ${blocked} blocked: the kernel's peak of resident memory (VmHWM), reset once the session is loaded and has run a small molecule, less what was resident then. One process each.`;
}

/** Spans and the window. */
function watchRows() {
  return [
    atMost("a recorded span, ns", spanCosts.recordedNs, 250, 0),
    ...(watched === null
      ? []
      : [
          atMost("longest task of the window during a run, processor ms", watched.window.longest[0]?.cpuMs ?? 0, 16, 1),
          atMost("the same of the main process", watched.main.longest[0]?.cpuMs ?? 0, 16, 1),
          atMost("from Stop to stopped, ms", watched.stopMs, 1000, 0),
        ]),
  ];
}

/** What was seen in the real app. */
function describeWindow() {
  if (watched === null) return [];
  const { runtime, frameMs, loopMs, window, main } = watched;
  const tasks = window.longest.map(({ cpuMs, ms, inside }) => `${format(cpuMs, 1)} of ${format(ms, 1)} ms (${inside})`);
  return [
    "### The window while a run is live",
    "",
    `naive and fast at batches of 1, 16 and 64, flame chart open; ${runtime}, drawn in software. A task's processor time is what the app asks for; its wall time includes waiting for a processor, which the benchmark and the drawing share.`,
    "",
    toTable(
      ["", "tasks", "longest, processor ms", "above 16 ms, processor", "longest, wall ms", "above 16 ms, wall"],
      [
        ["window, main thread", window],
        ["main process", main],
      ].map(([name, { count, longest, overCpu, wallMs, overWall }]) => [
        name,
        format(count, 0),
        format(longest[0]?.cpuMs ?? 0, 1),
        String(overCpu),
        format(wallMs, 1),
        String(overWall),
      ]),
    ),
    "",
    `Frames: median ${format(frameMs.p50, 1)}, p95 ${format(frameMs.p95, 1)}, p99 ${format(frameMs.p99, 1)} ms. Event loop of the main process: p99 ${format(loopMs.p99, 1)} ms late, ${format(loopMs.max, 1)} ms at most. Most processor time of the window: ${tasks.join("; ")}.`,
    "",
    `A recorded span (begin and end) costs ${format(spanCosts.recordedNs, 0)} ns, with the null recorder ${format(spanCosts.nullNs, 1)} ns: medians of 31 batches.`,
    "",
  ];
}

function checkRows() {
  return checks.map(({ label, value, limit }) => [
    label,
    value.toExponential(1),
    limit === 0 ? "0" : `≤ ${limit.toExponential(0)}`,
    mark(value <= limit),
  ]);
}

/** @param {string} label @param {number} value @param {number} least */
function times(label, value, least) {
  if (!Number.isFinite(value)) return [label, "not measurable", `≥ ${least} ×`, "not shown"];
  return [label, `${format(value)} ×`, `≥ ${least} ×`, mark(value >= least)];
}

/** @param {string} label @param {number} value @param {number} most @param {number=} digits */
function atMost(label, value, most, digits = 3) {
  return [label, format(value, digits), `≤ ${most}`, mark(value <= most)];
}

/** @param {boolean} holds */
function mark(holds) {
  return holds ? "holds" : "**missed**";
}

/** @param {Race} race */
function raceTable({ name, structureCount, timings }) {
  const naive = timings.find(({ contender }) => contender === "naive");
  const rows = timings.map((one) => [
    one.contender,
    perStructure(one, structureCount),
    naive === undefined ? "" : `${format(naive.minMs / one.minMs)} ×`,
    String(one.count),
  ]);
  return [toTable([name, "ms", "over naive", "evaluations"], rows), ""];
}

/** @param {Timing} timing @param {number} structureCount */
function perStructure({ minMs, medianMs }, structureCount) {
  return `${format(minMs / structureCount, 3)} (${format(medianMs / structureCount, 3)})`;
}
