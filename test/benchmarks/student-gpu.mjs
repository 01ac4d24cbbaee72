// npm run bench:gpu [-- --write --python=python3]; needs npm run build, a GPU, and PyTorch 2 for its half
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, option, publish, toTable } from "./report.mjs";

/*
 * The student force field on a GPU: naive and fast graphs by ONNX Runtime's WebGPU provider (and CUDA where it was
 * added), the fast one on the processor beside it, and the same network as a PyTorch module, eager, compiled and as a
 * CUDA graph; batches of 1 to 64. Traces of all come into .bench/gpu, ready to be opened and compared. Without a GPU it
 * says so and writes nothing. Two and a half minutes at most.
 */

/** @typedef {{ id: string, label: string, value: number, limit: number | null, unit: string, count?: boolean, note?: string }} Check */
/** @typedef {{ variant: string, backend: string, batch: number, outcome: string, medianMs: number | null, lowMs: number | null, highMs: number | null, sampleCount: number, samplesWanted?: number, placement: Readonly<Record<string, number>> | null, device: string | null, software: boolean, reason: string | null, accuracy: { checks: readonly Check[] } | null }} Result */
/** @typedef {{ mode: string, batch: number, medianMs?: number, lowMs?: number, highMs?: number, sampleCount?: number, launches?: number, kernels?: number, energyFromEager?: number, forceFromEager?: number, error?: string }} Row */
/** @typedef {{ energyError: number, forceError: number, torch: string, device: string, cuda: string | null, rows: readonly Row[] }} Torch */
/** @typedef {{ time: string, launches: string }} Cell */

const batches = [1, 2, 4, 8, 16, 32, 64];
/** The naive graph takes one structure after another: more sizes would tell the same. */
const naiveBatches = [1, 8, 64];
const gpuBackends = "onnxruntime-webgpu,onnxruntime-cuda";
const cpuBackend = "onnxruntime-cpu";
const folder = join(benchFolder, "gpu");
const script = fileURLToPath(new URL("gpu/student_torch.py", import.meta.url));
const python = option("python", "python3");
mkdirSync(folder, { recursive: true });

const ours = [
  ...runOurs("student-naive", "naive", gpuBackends, naiveBatches, 1000),
  ...runOurs("student", "fast", gpuBackends, batches, 2000),
  ...runOurs("student-cpu", "fast", cpuBackend, batches, 1000),
];
const torch = await runTorch();
const hardware = ours.filter(({ medianMs, software }) => medianMs !== null && !software);
if (hardware.some(({ backend }) => backend !== cpuBackend) || torch.report !== null) publish("bench:gpu", report());
else process.stdout.write(`No GPU was measured, so nothing is written.\n${reasons().join("\n")}\n`);

/**
 * @param {string} name of the report and the trace in .bench/gpu
 * @param {string} variant @param {string} backends @param {readonly number[]} sizes
 * @param {number} budgetMs of each configuration
 * @returns {readonly Result[]}
 */
function runOurs(name, variant, backends, sizes, budgetMs) {
  const json = join(folder, `${name}.json`);
  const what = ["--variant", variant, "--backend", backends, "--structures", "mix", "--batch", sizes.join(",")];
  const outputs = ["--run-budget", String(budgetMs), "--json", json, "--trace", join(folder, `${name}.dflame`)];
  const cli = join(repositoryFolder, "dist/cli/index.cjs");
  return timed(`${variant} on ${backends}`, () => {
    spawnSync(process.execPath, [cli, "bench", "student", ...what, ...outputs], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return JSON.parse(readFileSync(json, "utf8")).results;
  });
}

/** @returns {Promise<{ report: Torch | null, note: string }>} */
async function runTorch() {
  execFileSync(process.execPath, [await bundleSubject("student-inputs"), folder]);
  const files = [script, join(folder, "inputs.json"), join(folder, "weights.safetensors"), folder, "--seconds", "60"];
  const found = timed("PyTorch", () => spawnSync(python, files, { encoding: "utf8", maxBuffer: 2 ** 26 }));
  if (found.status === 0) return { report: JSON.parse(found.stdout.trim().split("\n").at(-1) ?? ""), note: "" };
  const note = found.stderr?.trim().split("\n").at(-1) ?? `${python} could not be started`;
  return { report: null, note };
}

/** @template T @param {string} what @param {() => T} work @returns {T} */
function timed(what, work) {
  const startMs = performance.now();
  const result = work();
  process.stderr.write(`${what}: ${format((performance.now() - startMs) / 1000, 0)} s\n`);
  return result;
}

function reasons() {
  const refused = new Map(
    ours.map(({ backend, reason, device, software }) => [backend, reason ?? describe(device, software)]),
  );
  refused.delete(cpuBackend);
  return [...[...refused].map(([backend, reason]) => `${backend}: ${reason}`), `PyTorch: ${torch.note}`];
}

/** @param {string | null} device @param {boolean} software */
function describe(device, software) {
  return software ? `${device}, software: no measure of a GPU` : String(device);
}

function report() {
  const rows = torch.report?.rows ?? [];
  const columns = [...new Set([...hardware.map(ourColumn), ...rows.map(torchColumn)])];
  const cells = new Map([
    ...hardware.map((one) => /** @type {const} */ ([`${ourColumn(one)}, ${one.batch}`, ourCell(one)])),
    ...rows.map((one) => /** @type {const} */ ([`${torchColumn(one)}, ${one.batch}`, torchCell(one)])),
  ]);
  const table = (/** @type {keyof Cell} */ part) =>
    toTable(
      ["batch", ...columns],
      batches.map((batch) => [
        String(batch),
        ...columns.map((column) => cells.get(`${column}, ${batch}`)?.[part] ?? "–"),
      ]),
    );
  return [
    "## Student force field on a GPU",
    "",
    "ms per structure of the mix of 3–12 atoms, median with its 95 % interval; energies and forces. ONNX Runtime: end to end with neighbor list and inputs. PyTorch: the network alone, edges given, positions copied to the device before every evaluation and not timed. “1 of 20”: samples that the budget allowed, of those that were wanted; others have enough. “excluded”: outside of the limits of accuracy, so no claim of speed. The naive graph takes one structure after another and was measured at three sizes.",
    "",
    table("time"),
    "",
    "Launches of a step: nodes that ONNX Runtime runs, there and on the CPU; calls of PyTorch that launch, and the kernels that they start.",
    "",
    table("launches"),
    "",
    ...torchNotes().map((note) => `${note}\n`),
    ...[...new Set(hardware.flatMap(ourNotes))].map((note) => `${note}\n`),
    describeMachine({}),
  ].join("\n");
}

/** @param {Result} result */
function ourColumn({ variant, backend }) {
  return `${variant}, ${backend}`;
}

/** @param {Row} row */
function torchColumn({ mode }) {
  return `PyTorch ${mode}`;
}

/** @param {Result} result @returns {Cell} */
function ourCell({ medianMs, lowMs, highMs, sampleCount, samplesWanted, outcome, placement, backend }) {
  const words = [timeWords(medianMs ?? NaN, lowMs, highMs)];
  if (samplesWanted !== undefined) words.push(`${sampleCount} of ${samplesWanted}`);
  if (outcome !== "measured") words.push(outcome);
  const { CPUExecutionProvider: onCpu = 0, ...others } = placement ?? {};
  const counts = Object.values(others);
  if (onCpu > 0) counts.push(onCpu);
  const isSplit = backend !== cpuBackend && counts.length > 1 && onCpu > 0;
  const total = counts.map((count) => format(count, 0)).join(" + ");
  return { time: words.join(", "), launches: isSplit ? `${total} on CPU` : total };
}

/** @param {Row} row @returns {Cell} */
function torchCell({ medianMs, lowMs = null, highMs = null, launches, kernels }) {
  if (medianMs === undefined) return { time: "–", launches: "–" };
  const counts =
    launches === undefined || kernels === undefined ? "–" : `${format(launches, 0)} → ${format(kernels, 0)}`;
  return { time: timeWords(medianMs, lowMs, highMs), launches: counts };
}

/** @param {number} median @param {number | null} low @param {number | null} high */
function timeWords(median, low, high) {
  return low === null || high === null
    ? format(median, 3)
    : `${format(median, 3)} [${format(low, 3)}, ${format(high, 3)}]`;
}

/** Device, why a column is excluded, and what is told of it without a limit. @param {Result} result */
function ourNotes(result) {
  const { backend, device, reason, outcome, accuracy } = result;
  const told = (accuracy?.checks ?? []).filter(
    ({ count, limit, value }) => count === true && limit === null && value > 0,
  );
  return [
    `${backend}: ${device}.`,
    ...(outcome !== "measured" ? [`${ourColumn(result)}: ${outcome}: ${reason}.`] : []),
    ...told.map(({ label, value, unit, note }) =>
      [`${ourColumn(result)}: ${label}: ${value} ${unit}`, ...(note === undefined ? [] : [note])]
        .join(", ")
        .concat("."),
    ),
  ];
}

function torchNotes() {
  if (torch.report === null) return [`PyTorch was not measured: ${torch.note}.`];
  const { torch: version, cuda, device, energyError, forceError, rows } = torch.report;
  const measured = rows.filter(({ error }) => error === undefined);
  const most = (/** @type {"energyFromEager" | "forceFromEager"} */ name) =>
    Math.max(...measured.map((row) => row[name] ?? 0)).toExponential(1);
  const samples = [...new Set(measured.map(({ sampleCount }) => sampleCount))].join(", ");
  return [
    `PyTorch ${version}, CUDA ${cuda}, ${device}, ${samples} samples each; eager against the float64 reference ${energyError.toExponential(1)} eV, ${forceError.toExponential(1)} eV/Å; the other modes against eager at most ${most("energyFromEager")} eV, ${most("forceFromEager")} eV/Å.`,
    ...rows
      .filter(({ error }) => error !== undefined)
      .map(({ mode, batch, error }) => `PyTorch ${mode} at batch ${batch} did not run: ${error}.`),
  ];
}
