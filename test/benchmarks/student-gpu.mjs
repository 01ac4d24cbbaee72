// npm run bench:gpu [-- --write --python=python3]; needs npm run build, a GPU, and PyTorch 2 for its half
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, option, publish, toTable } from "./report.mjs";

/*
 * The student force field on a GPU: naive and fast graphs by ONNX Runtime's WebGPU provider (and CUDA where it was
 * added), and the same network as a PyTorch module, eager, compiled and as a CUDA graph; batches of 1 to 64. Traces of
 * both come into .bench/gpu, ready to be opened and compared. Without a GPU it says so and writes nothing.
 */

/** @typedef {{ variant: string, backend: string, batch: number, medianMs: number | null, device: string | null, software: boolean, reason: string | null }} Result */
/** @typedef {{ mode: string, batch: number, medianMs?: number, loadMs?: number, error?: string }} Row */
/** @typedef {{ energyError: number, forceError: number, torch?: string, device?: string, cuda?: string, rows?: readonly Row[] }} Torch */

const batches = [1, 2, 4, 8, 16, 32, 64];
const folder = join(benchFolder, "gpu");
const script = fileURLToPath(new URL("gpu/student_torch.py", import.meta.url));
const python = option("python", "python3");
mkdirSync(folder, { recursive: true });

const ours = runOurs();
const torch = await runTorch();
const hasGpu = ours.some(({ medianMs, software }) => medianMs !== null && !software) || torch.report !== null;
if (hasGpu) publish("bench:gpu", report());
else process.stdout.write(`No GPU was measured, so nothing is written.\n${reasons().join("\n")}\n`);

/** @returns {readonly Result[]} */
function runOurs() {
  const json = join(folder, "student.json");
  const flags = ["--variant", "naive,fast", "--backend", "onnxruntime-webgpu,onnxruntime-cuda", "--structures", "mix"];
  const outputs = ["--run-budget", "2000", "--json", json, "--trace", join(folder, "student.dflame")];
  const cli = join(repositoryFolder, "dist/cli/index.cjs");
  spawnSync(process.execPath, [cli, "bench", "student", ...flags, "--batch", batches.join(","), ...outputs], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return JSON.parse(readFileSync(json, "utf8")).results;
}

/** @returns {Promise<{ report: Torch | null, note: string }>} */
async function runTorch() {
  execFileSync(process.execPath, [await bundleSubject("student-inputs"), folder]);
  const files = [script, join(folder, "inputs.json"), join(folder, "weights.safetensors"), folder];
  const found = spawnSync(python, files, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (found.status === 0) return { report: JSON.parse(found.stdout.trim().split("\n").at(-1) ?? ""), note: "" };
  const note = found.stderr?.trim().split("\n").at(-1) ?? `${python} could not be started`;
  return { report: null, note };
}

function reasons() {
  const refused = new Map(
    ours.map(({ backend, reason, device, software }) => [backend, reason ?? describe(device, software)]),
  );
  return [...[...refused].map(([backend, reason]) => `${backend}: ${reason}`), `PyTorch: ${torch.note}`];
}

/** @param {string | null} device @param {boolean} software */
function describe(device, software) {
  return software ? `${device}, software: no measure of a GPU` : String(device);
}

function report() {
  const hardware = ours.filter(({ medianMs, software }) => medianMs !== null && !software);
  const columns = [
    ...new Set(hardware.map(({ variant, backend }) => `${variant}, ${backend}`)),
    ...new Set((torch.report?.rows ?? []).map(({ mode }) => `PyTorch ${mode}`)),
  ];
  const timeOf = (/** @type {string} */ column, /** @type {number} */ batch) =>
    hardware.find((one) => one.batch === batch && `${one.variant}, ${one.backend}` === column)?.medianMs ??
    torch.report?.rows?.find((row) => row.batch === batch && `PyTorch ${row.mode}` === column)?.medianMs;
  const cell = (/** @type {number | undefined} */ ms) => (ms === undefined ? "–" : format(ms, 3));
  const failed = (torch.report?.rows ?? []).filter(({ error }) => error !== undefined);
  const { torch: version, cuda, device, energyError, forceError } = torch.report ?? {};
  return [
    "## Student force field on a GPU",
    "",
    "ms per structure of the mix of 3–12 atoms, median; energies and forces. ONNX Runtime: end to end with neighbor list and inputs. PyTorch: the network alone, edges given, positions copied to the device before every evaluation and not timed.",
    "",
    toTable(
      ["batch", ...columns],
      batches.map((batch) => [String(batch), ...columns.map((column) => cell(timeOf(column, batch)))]),
    ),
    "",
    ...(torch.report === null
      ? [`PyTorch was not measured: ${torch.note}.`, ""]
      : [
          `PyTorch ${version}, CUDA ${cuda}, ${device}; against the float64 reference ${energyError?.toExponential(1)} eV, ${forceError?.toExponential(1)} eV/Å.`,
          "",
        ]),
    ...failed.map(({ mode, batch, error }) => `PyTorch ${mode} at batch ${batch} did not run: ${error}`),
    ...new Set(hardware.map(({ backend, device: name }) => `${backend}: ${name}.`)),
    "",
    describeMachine({}),
  ].join("\n");
}
