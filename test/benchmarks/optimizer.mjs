// npm run bench:optimizer [-- --rounds=5 --scale=small|full --write]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchFolder, bundleSubject } from "./bundle.mjs";
import { describeMachine, format, median, option, percentile, publish, toTable } from "./report.mjs";

/**
 * @typedef {{ method: string, seconds: number, cpuSeconds: number, iterations: number, cost: number, maxRssKb: number, popt: number[], perr?: number[], pcov?: number[], passes?: number, on?: number[], off?: number[], pointsPerChunk?: number, blockingMs?: number[], versions?: Record<string, string> }} Run
 * @typedef {{ name: string, command: () => readonly [string, readonly string[]], runs: Run[], missing?: string, rounds?: number }} Subject
 * @typedef {{ path: string, offset: number, angles: number, times: number }} Data
 */

const rounds = Number(option("rounds", "5"));
const full = option("scale", "full") === "full";
mkdirSync(benchFolder, { recursive: true });
const ours = await bundleSubject("optimizer-ours");
const instruments = await bundleSubject("optimizer-instruments");
const generator = await bundleSubject("optimizer-generate");
const cpp = buildPeers();
const python = findPython();

const million = generate(1_000_000);
const passes = [
  subject("Deltaflame, WebAssembly with FMA", () => [process.execPath, [ours, "pass-fma", million.path]]),
  subject("Deltaflame, WebAssembly without FMA", () => [process.execPath, [ours, "pass-plain", million.path]]),
  subject("Deltaflame, TypeScript", () => [process.execPath, [ours, "pass-js", million.path]]),
  subject("C++ -O2, scalar", () => cppCommand("pass", million), cpp.missing),
  subject("numpy", () => pythonCommand("pass", million), python.missing),
];
measure(passes, rounds);

const fits = [
  subject("Deltaflame", () => [process.execPath, [ours, "fit", million.path]]),
  subject("Ceres, 2 threads", () => cppCommand("ceres", million, 2), cpp.missing),
  subject("Ceres, 1 thread", () => cppCommand("ceres", million, 1), cpp.missing),
  subject("GSL multilarge, no bounds", () => cppCommand("gsl", million), cpp.missing, 2),
  subject("SciPy lm, no bounds", () => pythonCommand("lm", million), python.missing, 2),
  subject("SciPy trf", () => pythonCommand("trf", million), python.missing, 1),
];
measure(fits, rounds);

const exact = [
  subject("Deltaflame", () => [process.execPath, [ours, "fit-tight", million.path]]),
  subject("Ceres, its Covariance", () => cppCommand("ceres-tight", million, 2), cpp.missing),
  subject("GSL multilarge, its covar", () => cppCommand("gsl-tight", million), cpp.missing),
  subject("SciPy lm, (JᵀJ)⁻¹", () => pythonCommand("lm-tight", million), python.missing),
];
measure(exact, 1);
const spans = subject("spans", () => [process.execPath, [instruments, "spans", million.path]]);
const checkpoints = subject("checkpoints", () => [process.execPath, [instruments, "checkpoints", million.path]]);
measure([spans, checkpoints], Math.min(rounds, 3));

const tenMillion = full ? generate(10_000_000) : null;
const largeFits =
  tenMillion === null
    ? []
    : [
        subject("Deltaflame", () => [process.execPath, [ours, "fit", tenMillion.path]]),
        subject("Ceres, 2 threads", () => cppCommand("ceres", tenMillion, 2), cpp.missing, 2),
      ];
measure(largeFits, Math.min(rounds, 3));

const hundredMillion = full ? generate(100_000_000) : null;
const streamed =
  hundredMillion === null ? [] : [subject("Deltaflame", () => [process.execPath, [ours, "fit", hundredMillion.path]])];
measure(streamed, Math.min(rounds, 2));

publish("bench:optimizer", report());

/** @param {string} name @param {Subject["command"]} command @param {string=} missing @param {number=} most @returns {Subject} */
function subject(name, command, missing, most) {
  return {
    name,
    command,
    runs: [],
    ...(missing === undefined ? {} : { missing }),
    ...(most === undefined ? {} : { rounds: most }),
  };
}

/** @param {readonly Subject[]} subjects @param {number} count */
function measure(subjects, count) {
  for (let round = 1; round <= count; round++)
    for (const { name, command, runs, missing, rounds: most = count } of subjects) {
      if (missing !== undefined || round > most) continue;
      const [program, words] = command();
      const output = execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      runs.push(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
      process.stderr.write(`round ${round}/${count} ${name}: ${format(runs.at(-1)?.seconds ?? 0, 3)} s\n`);
    }
}

/** @param {number} points @returns {Data} */
function generate(points) {
  const path = join(benchFolder, `xpcs-laminar-${points}.npy`);
  if (!existsSync(path))
    execFileSync(process.execPath, [generator, path, String(points)], { stdio: ["ignore", "inherit", "inherit"] });
  const { experiment } = JSON.parse(readFileSync(path.replace(/npy$/, "json"), "utf8"));
  return { path, offset: 128, angles: experiment.anglesDegrees.length, times: experiment.timeCount };
}

/** @returns {{ readonly program: string, readonly missing?: string }} */
function buildPeers() {
  const program = join(benchFolder, "optimizer-peers");
  const source = fileURLToPath(new URL("subjects/optimizer-peers.cpp", import.meta.url));
  const words = `-O2 -std=c++17 -I/usr/include/eigen3 ${source} -o ${program} -lgsl -lgslcblas -lceres -lglog -lpthread`;
  try {
    execFileSync("g++", words.split(" "), { stdio: "pipe" });
    return { program };
  } catch {
    return { program, missing: "not installed: apt-get install g++ libceres-dev libgsl-dev" };
  }
}

/** @returns {{ readonly missing?: string }} */
function findPython() {
  try {
    execFileSync("python3", ["-c", "import numpy, scipy"], { stdio: "pipe" });
    return {};
  } catch {
    return { missing: "not installed: apt-get install python3-scipy" };
  }
}

/** @param {string} method @param {Data} data @param {number=} threads @returns {readonly [string, readonly string[]]} */
function cppCommand(method, { path, offset, angles, times }, threads = 1) {
  return [cpp.program, [method, path, offset, angles, times, threads].map(String)];
}

/** @param {string} method @param {Data} data @returns {readonly [string, readonly string[]]} */
function pythonCommand(method, { path }) {
  return ["python3", [fileURLToPath(new URL("subjects/optimizer-peers.py", import.meta.url)), method, path]];
}

function report() {
  const points = million.angles * million.times ** 2;
  return [
    "## Streaming optimizer",
    "",
    `Laminar flow, 9 parameters, synthetic maps of ${million.angles} angles with noise 0.02 (seed 1). One process a measurement, interleaved, medians; times are in-solver, after the data are open. \`ratio\` is the time of that line over ours.`,
    "",
    `One pass over ${format(points, 0)} points (normal equations and cost), one thread:`,
    "",
    toTable(
      ["", "ns/point", "ratio"],
      passes.map((each) => [each.name, ...passCells(each, points, timeOf(passes[0]))]),
    ),
    "",
    `Fit of ${format(points, 0)} points:`,
    "",
    fitTable(fits),
    "",
    "The same fit with tolerances of 1e-15 (GSL 1e-14), so that everybody ends at the minimum; distances from ours, parameters in standard errors, covariances relative to √(cᵢᵢ·cⱼⱼ):",
    "",
    exactTable(),
    "",
    instrumentLines(),
    ...(tenMillion === null
      ? []
      : ["", `Fit of ${format(tenMillion.angles * tenMillion.times ** 2, 0)} points:`, "", fitTable(largeFits)]),
    ...(hundredMillion === null
      ? []
      : [
          "",
          `Fit of ${format(hundredMillion.angles * hundredMillion.times ** 2, 0)} points, streamed from disk (800 MB):`,
          "",
          fitTable(streamed),
        ]),
    "",
    "Peers have the same analytic derivatives and start; Ceres and SciPy trf the same bounds, SciPy lm and GSL none. Ceres and GSL call the scalar libm; a vectorised C++ pass would be faster than either. `σ off` is the largest distance of a parameter from ours, in standard errors. Timed fits of all have tolerance 1e-8: Ceres then stops a few thousandths of a standard error before the minimum, as the table of exact fits shows. Peaks are those of each program alone (VmHWM).",
    "",
    describeMachine(versions()),
  ].join("\n");
}

/** @param {Subject} subject */
function timeOf({ runs }) {
  return median(runs.map(({ seconds }) => seconds));
}

/** @param {Subject} subject @param {number} points @param {number} base */
function passCells(subject, points, base) {
  if (subject.missing !== undefined) return [subject.missing, ""];
  return [format((timeOf(subject) * 1e9) / points), format(timeOf(subject) / base)];
}

/** @param {readonly Subject[]} subjects */
function fitTable(subjects) {
  const [first] = subjects;
  const [reference] = first.runs;
  return toTable(
    ["", "s", "range", "CPU s", "passes or iterations", "peak RSS MiB", "ratio", "σ off"],
    subjects.map((subject) => {
      const { name, runs, missing } = subject;
      if (missing !== undefined) return [name, missing, "", "", "", "", "", ""];
      const times = runs.map(({ seconds }) => seconds);
      const [run] = runs;
      const off = Math.max(
        ...run.popt.map((value, index) => Math.abs(value - reference.popt[index]) / (reference.perr?.[index] ?? 1)),
      );
      return [
        name,
        format(timeOf(subject), 3),
        `${format(Math.min(...times), 3)}–${format(Math.max(...times), 3)}`,
        format(median(runs.map(({ cpuSeconds }) => cpuSeconds)), 3),
        format(run.passes ?? run.iterations, run.passes === undefined ? 0 : 1),
        format(median(runs.map(({ maxRssKb }) => maxRssKb / 1024)), 0),
        subject === first ? "1" : format(timeOf(subject) / timeOf(first), 1),
        subject === first ? "" : off.toExponential(1),
      ];
    }),
  );
}

function exactTable() {
  const reference = exact[0].runs[0];
  const errors = reference.perr ?? [];
  return toTable(
    ["", "s", "iterations", "σ off", "covariance off"],
    exact.map((subject) => {
      const { name, missing, runs } = subject;
      if (missing !== undefined) return [name, missing, "", "", ""];
      const [run] = runs;
      const off = Math.max(...run.popt.map((value, k) => Math.abs(value - reference.popt[k]) / (errors[k] ?? 1)));
      const count = errors.length;
      const covarianceOff = Math.max(
        ...(run.pcov ?? []).map(
          (value, k) =>
            Math.abs(value - (reference.pcov?.[k] ?? 0)) /
            ((errors[Math.floor(k / count)] ?? 1) * (errors[k % count] ?? 1)),
        ),
      );
      const isReference = subject === exact[0];
      return [
        name,
        format(run.seconds, 3),
        format(run.iterations, 0),
        isReference ? "" : off.toExponential(1),
        isReference ? "" : covarianceOff.toExponential(1),
      ];
    }),
  );
}

/** What watching and saving cost. Of passes the lower quartile: it hardly moves with what else the machine does. */
function instrumentLines() {
  const on = spans.runs.flatMap((run) => run.on ?? []);
  const off = spans.runs.flatMap((run) => run.off ?? []);
  const blocking = checkpoints.runs.flatMap((run) => run.blockingMs ?? []);
  const [quick, plain] = [percentile(on, 25), percentile(off, 25)];
  const cost = (quick / plain - 1) * 100;
  return [
    `Spans: a quarter of the passes with the recorder take less than ${format(quick, 3)} ms, without it ${format(plain, 3)} ms: ${format(cost, 2)} % (${on.length} of each in turns, ${format(spans.runs[0]?.pointsPerChunk ?? 0, 0)} points a chunk; medians ${format(median(on), 3)} and ${format(median(off), 3)} ms, which other programs move more).`,
    `Checkpoints: one keeps the fit for ${format(median(blocking), 3)} ms in the median, ${format(percentile(blocking, 95), 3)} ms at the 95th percentile, ${format(Math.max(...blocking), 3)} ms at most (${blocking.length} of them); the disk is waited for elsewhere.`,
  ].join(" ");
}

function versions() {
  const fromPython =
    fits.flatMap(({ runs }) => runs.map(({ versions: found }) => found)).find((found) => found !== undefined) ?? {};
  return { ...fromPython, ...debianVersions(["libceres-dev", "libgsl-dev", "g++"]) };
}

/** @param {readonly string[]} packages @returns {Record<string, string>} */
function debianVersions(packages) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const name of packages)
    try {
      found[name] = execFileSync("dpkg-query", ["-W", "-f", "${Version}", name], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      found[name] = "not a Debian package here";
    }
  return found;
}
