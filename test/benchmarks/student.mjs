// npm run bench:student [-- --rounds=12 --write --no-window | -- --only=window]; the window needs npm run build, and Xvfb on Linux
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, option, publish, toTable } from "./report.mjs";
import { medianRatio, outsideSentences, perStructure, raceTable } from "./race-tables.mjs";
import { measureRunWindow } from "./run-window.mjs";
import { atMost, describeRunWindow, mark, runWindowRows } from "./run-window-report.mjs";

/** @typedef {import("./race-tables.mjs").Race} Race */
/** @typedef {{ name: string, halfMs: readonly number[], cellsMs: readonly number[], same: boolean }} Neighbors */
/** @typedef {{ id: string, label: string, value: number, limit: number }} Check */

const [loadBefore] = loadavg();
const watch = () => measureRunWindow({ batches: "1, 16, 64", seconds: "3" });
if (option("only", "") === "window") {
  const seen = await watch();
  const rows = toTable(["", "found", "wanted", ""], runWindowRows(seen));
  process.stdout.write(`${rows}\n\n${describeRunWindow(seen)}\n\nLoad average before: ${format(loadBefore)}.\n`);
  process.exit();
}
const rounds = Number(option("rounds", "12"));
const subject = await bundleSubject("student");
/** @type {readonly Check[]} */
const checks = run(["check"]);
/** @type {{ races: readonly Race[], outside: Readonly<Record<string, string>>, neighbors: readonly Neighbors[] }} */
const { races, outside, neighbors } = run(["race", String(rounds)]);
/** @type {readonly (number | null)[]} */
const memory = ["fast-loop", "fast-blocked"].map((variant) => run(["memory", variant, "water648"]).addedBytes);
const spanCosts = run(["spans"]);
const watched = process.argv.includes("--no-window") ? null : await watch();
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

/** Of one race. @param {string} race @param {string} slow @param {string} quick */
function ratio(race, slow, quick) {
  return medianRatio(timing(race, slow).roundMs, timing(race, quick).roundMs);
}

function report() {
  const version = JSON.parse(
    readFileSync(join(repositoryFolder, "node_modules/onnxruntime-node/package.json"), "utf8"),
  ).version;
  return [
    "## Student force field",
    "",
    `Energies and forces end to end: neighbor list, inputs, \`session.run\`, assembly. One thread unless said otherwise; seeded weights. Contenders of a race take turns in a random order, positions change before every evaluation (the same for all); ${rounds} rounds. A ratio is the median of the rounds' ratios, each of the least turns of the two in that round.`,
    "",
    "### What must hold",
    "",
    toTable(["", "found", "wanted", ""], [...claims(), ...checkRows(), ...watchRows()]),
    "",
    describeMemory(),
    "",
    `A recorded span (begin and end) costs ${format(spanCosts.recordedNs, 0)} ns, with the null recorder ${format(spanCosts.nullNs, 1)} ns: medians of 31 batches.`,
    "",
    ...(watched === null ? [] : [describeRunWindow(watched), ""]),
    "### Races",
    "",
    "ms per structure, minimum (median); speed-up over the naive graph of the same race, of contenders within the tolerances of the product.",
    "",
    ...outsideSentences(outside),
    ...races.filter(({ name }) => !name.includes(",")).flatMap((race) => raceTable(race, outside)),
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
  const [open, periodic] = neighbors.map(({ halfMs, cellsMs }) => medianRatio(halfMs, cellsMs));
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
    ...(watched === null ? [] : runWindowRows(watched)),
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
