// npm run bench:optimizer-gpu [-- --rounds=5 --points=1000000 --python=python3 --write]: for a machine with a GPU
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchFolder, bundleSubject } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/**
 * @typedef {{ seconds: number, cost: number, H: number[], g: number[], engine: string, compileSeconds?: number, versions?: Record<string, string> }} Pass
 * @typedef {{ name: string, command: readonly [string, readonly string[]], runs: Pass[], missing: string | null }} Subject
 */

const rounds = Number(option("rounds", "5"));
const points = Number(option("points", "1000000"));
const python = option("python", "python3");
mkdirSync(benchFolder, { recursive: true });
const ours = await bundleSubject("optimizer-ours");
const generator = await bundleSubject("optimizer-generate");
const path = join(benchFolder, `xpcs-laminar-${points}.npy`);
if (!existsSync(path))
  execFileSync(process.execPath, [generator, path, String(points)], { stdio: ["ignore", "inherit", "inherit"] });
const jax = fileURLToPath(new URL("subjects/optimizer-jax.py", import.meta.url));

/** @type {readonly Subject[]} */
const subjects = [
  subject("Deltaflame, WebAssembly, float64, 1 thread", process.execPath, [ours, "pass-fma", path]),
  subject("Deltaflame, WGSL kernel by Dawn, float32", process.execPath, [ours, "pass-webgpu", path]),
  subject("Deltaflame, ONNX Runtime cross-check, float64", process.execPath, [ours, "pass-ort", path]),
  subject("JAX, our implementation, float64", python, [jax, path, "float64"]),
  subject("JAX, our implementation, float32", python, [jax, path, "float32"]),
];
for (let round = 1; round <= rounds; round++)
  for (const each of subjects) {
    if (each.missing !== null) continue;
    try {
      const [program, words] = each.command;
      const output = execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      each.runs.push(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
    } catch (error) {
      each.missing = reasonOf(error);
    }
    process.stderr.write(
      `round ${round}/${rounds} ${each.name}: ${each.missing ?? format(each.runs.at(-1)?.seconds ?? 0, 4)}\n`,
    );
  }
publish("bench:optimizer-gpu", report());

/** @param {string} name @param {string} program @param {readonly string[]} words @returns {Subject} */
function subject(name, program, words) {
  return { name, command: [program, words], runs: [], missing: null };
}

/** The last line that a program wrote before it failed. @param {unknown} error */
function reasonOf(error) {
  const { stderr = "", message = "" } = /** @type {{ stderr?: string, message?: string }} */ (error);
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => /error/i.test(line));
  return `not here: ${(lines.at(-1) ?? message).slice(0, 120)}`;
}

function report() {
  const [base] = subjects;
  const reference = base.runs[0];
  const rows = subjects.map((each) => {
    const { name, runs, missing } = each;
    const [run] = runs;
    if (run === undefined || reference === undefined) return [name, missing ?? "", "", "", "", ""];
    const seconds = median(runs.map((one) => one.seconds));
    return [
      name,
      run.engine,
      format(seconds * 1e3, 2),
      format(seconds / median(base.runs.map((one) => one.seconds)), 2),
      each === base ? "" : differenceOf(run, reference).toExponential(1),
      run.compileSeconds === undefined ? "" : format(run.compileSeconds, 2),
    ];
  });
  const versions = Object.assign({}, ...subjects.flatMap(({ runs }) => runs.map((run) => run.versions ?? {})));
  return [
    "## Streaming optimizer, one pass on a GPU",
    "",
    `Normal equations and cost of ${format(points, 0)} points or a few more, laminar flow, 9 parameters. Best of 12 passes in a process, median of ${rounds} processes in turns; points lie on the device. \`off\` is the largest difference of H, g and cost from the first line, |ΔH|/√(HᵢᵢHⱼⱼ) and alike.`,
    "",
    toTable(["", "device", "ms", "ratio", "off", "compile s"], rows),
    "",
    describeMachine(versions),
  ].join("\n");
}

/** @param {Pass} a @param {Pass} b */
function differenceOf(a, b) {
  const diagonal = (/** @type {number} */ row) => b.H[(row * (row + 3)) / 2] ?? 0;
  let worst = Math.abs(a.cost / b.cost - 1);
  for (const [row, value] of b.g.entries()) {
    worst = Math.max(worst, Math.abs((a.g[row] ?? 0) - value) / Math.sqrt(diagonal(row) * b.cost));
    for (let column = 0; column <= row; column++) {
      const at = (row * (row + 1)) / 2 + column;
      worst = Math.max(worst, Math.abs((a.H[at] ?? 0) - (b.H[at] ?? 0)) / Math.sqrt(diagonal(row) * diagonal(column)));
    }
  }
  return worst;
}
