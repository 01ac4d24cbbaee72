// npm run bench:live [-- --minutes=1 --rate=50000 --write]; the full run: --minutes=10
import { execFileSync } from "node:child_process";
import { bundleSubject } from "./bundle.mjs";
import { describeMachine, format, median, option, percentile, publish, toTable } from "./report.mjs";

/** @typedef {{ seconds: number, emitted: number, kept: number, lost: number, toldLost: number, ledgerCloses: boolean, recordedMs: number[], plainMs: number[], snapshotsMs: number[], rssMb: number[], cpuShare: number }} LiveRun */

const minutes = Number(option("minutes", "1"));
/** As in the program. */
const slotMs = 10;
const rate = Number(option("rate", "50000"));
const program = await bundleSubject("live-run");
const output = execFileSync(process.execPath, [program, String(minutes * 60), String(rate)], {
  encoding: "utf8",
  maxBuffer: 64 << 20,
  stdio: ["ignore", "pipe", "inherit"],
});
/** @type {LiveRun} */
const run = JSON.parse(output.trim().split("\n").at(-1) ?? "");
publish("bench:live", report());

function report() {
  const overhead = run.recordedMs.map((ms, index) => ms / run.plainMs[index] - 1);
  const gaps = run.snapshotsMs.map((ms, index) => ms - (index === 0 ? 0 : run.snapshotsMs[index - 1]));
  const third = Math.floor(run.rssMb.length / 3);
  const early = run.rssMb.slice(third, 2 * third);
  const late = run.rssMb.slice(2 * third);
  const uncounted = run.emitted - run.kept - run.toldLost;
  const verdict = (/** @type {boolean} */ holds) => (holds ? "holds" : "**missed**");
  const cost = median(overhead);
  const perSpanNs =
    (median(run.recordedMs.map((ms, index) => ms - run.plainMs[index])) * 1e6) / ((rate * slotMs) / 1000);
  const grown = median(late) / median(early) - 1;
  return [
    "## Live spans",
    "",
    `A thread that records ${format(rate, 0)} spans a second for ${format(minutes, 1)} min, watched as the window watches a run. Every fifth slot of 10 ms is done once with and once without a recorder, in turns; overhead is the median of their ratios, over work that fills 60 % of a core. Memory: the whole process, all threads.`,
    "",
    toTable(
      ["", "found", "wanted", ""],
      [
        [
          "spans recorded",
          format(run.emitted, 0),
          format(rate * minutes * 60, 0),
          verdict(run.emitted >= 0.98 * rate * minutes * 60),
        ],
        ["kept in the trace at the end", format(run.kept, 0), "", ""],
        [
          "overwritten, as the trace says",
          format(run.toldLost, 0),
          format(run.lost, 0),
          verdict(run.toldLost === run.lost),
        ],
        ["neither kept nor counted", format(uncounted, 0), "0", verdict(uncounted === 0 && run.ledgerCloses)],
        ["cost of a span", `${format(perSpanNs, 0)} ns`, "", ""],
        ["overhead on the work", `${format(cost * 100)} %`, "≤ 1 %", verdict(cost <= 0.01)],
        [
          "memory, last third over the one before",
          `${format(grown * 100, 1)} %`,
          "≤ 5 %",
          run.lost > 0 && minutes >= 4 ? verdict(grown <= 0.05) : "the ring was not full for long enough",
        ],
        ["memory, largest", `${format(Math.max(...run.rssMb), 0)} MB`, "", ""],
        ["snapshots shown", format(run.snapshotsMs.length, 0), "", ""],
        ["between two snapshots, p95", `${format(percentile(gaps, 95) / 1000, 1)} s`, "", ""],
        ["processors busy, work included", format(run.cpuShare), "", ""],
      ],
    ),
    "",
    describeMachine({}),
  ].join("\n");
}
