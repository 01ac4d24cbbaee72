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
const commandSeconds = 60;
/** The window tells memory from here on whether it still grows. */
const steadyMinutes = 2;

const inCommandLine = measureCommandLine();
const live = await measureLiveWindow({ rate, seconds: minutes * 60 });
publish("bench:live", report());
process.exit();

/** @returns {import("../../traces/measure/bench-report.ts").BenchResult} the same work without a window */
function measureCommandLine() {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-bench-live-"));
  const path = join(folder, "report.json");
  const cli = join(repositoryFolder, "dist/cli/index.cjs");
  const args = ["bench", "recorder", "--rate", String(rate), "--seconds", String(commandSeconds), "--json", path];
  try {
    execFileSync(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    return JSON.parse(readFileSync(path, "utf8")).results[0];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report() {
  const { framesMs, pictures, engineMb, windowMb, kept, leftOut, result } = live;
  const verdict = (/** @type {boolean} */ holds) => (holds ? "holds" : "**missed**");
  // The session itself is a span too.
  const emitted = Number(result.facts["spans"]) + 1;
  const uncounted = emitted - kept - leftOut;
  const overheadOf = (/** @type {typeof result} */ { facts }) => Number(facts["overheadPercent"]);
  const spanOf = (/** @type {typeof result} */ { facts }) => `${format(Number(facts["spanNs"]), 0)} ns`;
  const third = Math.floor(engineMb.length / 3);
  const grown = median(engineMb.slice(2 * third)) / median(engineMb.slice(third, 2 * third)) - 1;
  const still = pictures.filter((count) => count === 0).length;
  const frame = (/** @type {number} */ percent) => `${format(percentile(framesMs, percent), 1)} ms`;
  return [
    "## Live spans",
    "",
    `The app (${live.runtime}) runs the workload "Recorder load": ${format(rate, 0)} spans a second for ${format(minutes, 1)} min, its live timeline on the screen. Every fifth slot of 10 ms is done once with and once without a recorder, in turns; overhead is the median of their ratios, over work that fills 60 % of a core. Operations of a batch follow one another, so each ends and the next begins with one reading of the clock (\`next\`); batches and slots read it at both ends. The second overhead is that of the command line in ${commandSeconds} s. Memory is told by the system, each second.`,
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
        [
          "overhead on the work, in the app",
          `${format(overheadOf(result))} %`,
          "≤ 1 %",
          verdict(overheadOf(result) <= 1),
        ],
        [
          "overhead on the work, command line",
          `${format(overheadOf(inCommandLine))} %`,
          "≤ 1 %",
          verdict(overheadOf(inCommandLine) <= 1),
        ],
        ["cost of a span: app, command line", `${spanOf(result)}, ${spanOf(inCommandLine)}`, "", ""],
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
