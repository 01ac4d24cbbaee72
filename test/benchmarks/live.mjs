// npm run bench:live [-- --minutes=1 --rate=50000 --write]; the full run: --minutes=10
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryFolder } from "./bundle.mjs";
import { measureLiveWindow } from "./live-window.mjs";
import { describeMachine, format, median, option, percentile, publish, toTable } from "./report.mjs";

const minutes = Number(option("minutes", "1"));
const rate = Number(option("rate", "50000"));
/** Part of a core that the work fills: with a pause in each slot the rate is kept exactly, for as long as asked. */
const steadyLoad = 0.6;
/** Work that goes on without a pause: a second of it has as many spans as the rate says. */
const busyLoad = 1;
const overheadSeconds = 60;
/** The host takes the processor away more often in one minute than in another, so app and command line take turns. */
const turns = 2;
/** The window tells memory from here on whether it still grows. */
const steadyMinutes = 2;

const steadyInCommandLine = measureCommandLine(steadyLoad);
/** @type {import("../../traces/measure/bench-report.ts").BenchResult[]} */
const busyInCommandLine = [];
/** @type {typeof busyInCommandLine} */
const busyInApp = [];
for (let turn = 0; turn < turns; turn++) {
  busyInCommandLine.push(measureCommandLine(busyLoad));
  busyInApp.push((await measureLiveWindow({ rate, seconds: overheadSeconds, load: busyLoad })).result);
}
const live = await measureLiveWindow({ rate, seconds: minutes * 60, load: steadyLoad });
publish("bench:live", report());
process.exit();

/**
 * The same work without a window.
 * @param {number} load
 * @returns {import("../../traces/measure/bench-report.ts").BenchResult}
 */
function measureCommandLine(load) {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-bench-live-"));
  const path = join(folder, "report.json");
  const cli = join(repositoryFolder, "dist/cli/index.cjs");
  const options = { rate, seconds: overheadSeconds, load, json: path };
  const args = [
    "bench",
    "recorder",
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ];
  try {
    execFileSync(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    return JSON.parse(readFileSync(path, "utf8")).results[0];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import("../../traces/measure/bench-report.ts").BenchResult} result */
function describeOverhead({ facts }) {
  const [middle, low, high] = ["overheadPercent", "overheadLowPercent", "overheadHighPercent"].map((name) =>
    format(Number(facts[name])),
  );
  return `${middle} % (${low} to ${high})`;
}

function report() {
  const { framesMs, pictures, engineMb, windowMb, kept, leftOut, result } = live;
  const verdict = (/** @type {boolean} */ holds) => (holds ? "holds" : "**missed**");
  // The session itself is a span too.
  const emitted = Number(result.facts["spans"]) + 1;
  const uncounted = emitted - kept - leftOut;
  const overheadOf = (/** @type {typeof result} */ { facts }) => Number(facts["overheadPercent"]);
  const spanOf = (/** @type {typeof result} */ { facts }) => `${format(Number(facts["spanNs"]), 0)} ns`;
  const spansOf = (/** @type {typeof busyInApp} */ results) => results.map(spanOf).join(" and ");
  const overheadCells = (/** @type {typeof busyInApp} */ results) => [
    results.map(describeOverhead).join(", "),
    "≤ 1 %",
    verdict(results.every((each) => overheadOf(each) <= 1)),
  ];
  const third = Math.floor(engineMb.length / 3);
  const grown = median(engineMb.slice(2 * third)) / median(engineMb.slice(third, 2 * third)) - 1;
  const still = pictures.filter((count) => count === 0).length;
  const frame = (/** @type {number} */ percent) => `${format(percentile(framesMs, percent), 1)} ms`;
  return [
    "## Live spans",
    "",
    `The app (${live.runtime}) runs the workload "Recorder load": ${format(rate, 0)} spans a second for ${format(minutes, 1)} min, its live timeline on the screen. Of every fifth slot of 10 ms each batch (half a millisecond) is done once with and once without a recorder, in turns; overhead is the median over slots of the median of their ratios. Operations of a batch follow one another, so each ends and the next begins with one reading of the clock (\`next\`); batches and slots read it at both ends. Overhead at ${format(rate, 0)} spans a second of work is measured in ${turns} runs each of ${overheadSeconds} s whose work goes on without a pause, app and command line in turns, with the 95 % interval of each median; that of the long run has its ${format(rate, 0)} spans in ${format(steadyLoad * 100, 0)} % of each second and rests in the others, which keeps the rate: ${format(rate / steadyLoad, 0)} spans a second of work. Memory is told by the system, each second.`,
    "",
    toTable(
      ["", "found", "wanted", ""],
      [
        [
          "spans recorded",
          format(emitted, 0),
          format(rate * minutes * 60, 0),
          verdict(emitted >= 0.98 * rate * minutes * 60),
        ],
        ["kept in the trace at the end", format(kept, 0), "", ""],
        ["overwritten, as the trace says", format(leftOut, 0), "", ""],
        ["neither kept nor counted", format(uncounted, 0), "0", verdict(uncounted === 0)],
        [`overhead at ${format(rate, 0)} spans a second of work, in the app`, ...overheadCells(busyInApp)],
        ["the same, command line", ...overheadCells(busyInCommandLine)],
        [
          `overhead at ${format(rate / steadyLoad, 0)} spans a second of work: app, command line`,
          `${format(overheadOf(result))} %, ${format(overheadOf(steadyInCommandLine))} %`,
          "",
          "",
        ],
        ["cost of a span: app, command line", [busyInApp, busyInCommandLine].map(spansOf).join("; "), "", ""],
        ["the same in the long run", [result, steadyInCommandLine].map(spanOf).join(", "), "", ""],
        [
          "memory of the engine, last third over the one before",
          `${format(grown * 100, 1)} %`,
          "≤ 5 %",
          minutes >= steadyMinutes ? verdict(grown <= 0.05) : "not for long enough",
        ],
        [
          "memory of the engine, of the window: largest",
          `${format(Math.max(...engineMb), 0)}, ${format(Math.max(...windowMb), 0)} MiB`,
          "",
          "",
        ],
        ["frames: p50, p95, p99", [50, 95, 99].map(frame).join(", "), "", ""],
        [
          "frames above 50 ms",
          `${format(framesMs.filter((ms) => ms > 50).length, 0)} of ${format(framesMs.length, 0)}`,
          "",
          "",
        ],
        ["seconds without a new picture", `${format(still, 0)} of ${format(pictures.length, 0)}`, "", ""],
        [
          "from the last span to the whole trace",
          `${format(live.sealMs / 1000, 1)} s, ${format(live.sealMb, 0)} MiB`,
          "",
          "",
        ],
      ],
    ),
    "",
    describeMachine({}),
  ].join("\n");
}
