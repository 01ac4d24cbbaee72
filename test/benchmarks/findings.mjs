// npm run bench:findings [-- --rounds=3 --points=200000 --write], after npm run build
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/*
 * What findings promise against what the change brings. The advisor sees only the trace of the slow side of a before/after
 * case; then both sides are measured in turns. Only cases whose cause a rule looks for: values are computed again unseen
 * where spans do not say what they computed from.
 */

/** @typedef {{ before: string, after: string, rule: string }} Case */
/** @typedef {{ rule: string, saving: { lowNs: number, midNs: number, highNs: number } }} Finding */
/** @typedef {{ steps: { rule: string, count: number, meanNs: number }, findings: readonly Finding[] }} Advice */

/** @type {readonly Case[]} */
const cases = [
  { before: "compile-per-chunk/per-chunk", after: "compile-per-chunk/once", rule: "R06" },
  { before: "scan-loop/rebuilt", after: "scan-loop/host", rule: "R06" },
  { before: "redundant-passes/three", after: "redundant-passes/one", rule: "R07" },
  { before: "blocking-checkpoint/blocking", after: "blocking-checkpoint/async", rule: "R10" },
];

const cli = join(repositoryFolder, "dist/cli/index.cjs");
const rounds = Number(option("rounds", "3"));
const points = option("points", "200000");
const folder = mkdtempSync(join(tmpdir(), "deltaflame-findings-"));
try {
  publish("bench:findings", report(cases.map((one) => ({ one, ...measure(one) }))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {Case} one */
function measure({ before, after }) {
  /** @type {{ before: Advice[], after: Advice[] }} */
  const seen = { before: [], after: [] };
  for (let round = 0; round < rounds; round++) {
    seen.before.push(adviceOf(before));
    seen.after.push(adviceOf(after));
  }
  const stepNs = (/** @type {readonly Advice[]} */ all) => median(all.map(({ steps }) => steps.meanNs));
  return { advice: seen.before[0], mended: seen.after[0], beforeNs: stepNs(seen.before), afterNs: stepNs(seen.after) };
}

/** @param {string} variant @returns {Advice} */
function adviceOf(variant) {
  const file = join(folder, `${variant.replace("/", "-")}.json`);
  rmSync(file, { force: true });
  const budget = ["--samples", "12", "--least-samples", "8", "--run-budget", "20000", "--run-warmup", "200"];
  run(["bench", "optimizer", "--variant", variant, "--points", points, ...budget, "--trace", file]);
  return JSON.parse(run(["findings", file, "--json"]));
}

/** @param {readonly string[]} words */
function run(words) {
  return execFileSync(process.execPath, [cli, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** @param {readonly ({ one: Case } & ReturnType<typeof measure>)[]} results */
function report(results) {
  const version = JSON.parse(readFileSync(join(repositoryFolder, "package.json"), "utf8")).version;
  return [
    "## Findings: promised and measured",
    "",
    `The advisor reads the trace of the slow side alone; then both sides run in turns, ${rounds} rounds of at least eight steps, ${Number(points).toLocaleString("en-US")} points, wasm-f64 on the CPU, kernels compiled and warmed up unless that is the case. Savings are shares of the slow side's mean step; measured is the median over rounds.`,
    "",
    toTable(
      ["case", "rule", "promised", "range", "measured", "in range", "findings left after"],
      results.map(({ one, advice, mended, beforeNs, afterNs }) => {
        const finding = advice.findings.find(({ rule }) => rule === one.rule);
        const measured = 1 - afterNs / beforeNs;
        const share = (/** @type {number} */ ns) => `${format((100 * ns) / advice.steps.meanNs, 1)} %`;
        const { lowNs, midNs, highNs } = finding?.saving ?? { lowNs: 0, midNs: 0, highNs: 0 };
        const isInside =
          measured >= lowNs / advice.steps.meanNs - 0.05 && measured <= highNs / advice.steps.meanNs + 0.05;
        return [
          `${one.before} → ${one.after.split("/")[1]}`,
          finding === undefined ? `${one.rule} silent` : one.rule,
          finding === undefined ? "–" : share(midNs),
          finding === undefined ? "–" : `${share(lowNs)} – ${share(highNs)}`,
          `${format(100 * measured, 1)} %`,
          finding === undefined ? "–" : isInside ? "yes" : "no",
          mended.findings.map(({ rule }) => rule).join(", ") || "none",
        ];
      }),
    ),
    "",
    "In range: within the promised range or five points of it.",
    "",
    describeMachine({ Deltaflame: version }),
  ].join("\n");
}
