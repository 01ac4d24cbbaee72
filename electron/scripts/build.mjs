import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { createBundleConfigs, repositoryFolder } from "./bundles.mjs";

const distFolder = join(repositoryFolder, "dist");
const sourceFolders = ["electron", "native-bench", "renderer", "traces"];
const sourceFiles = ["package.json", "package-lock.json"];
const ignoredSource = /(?:\.md|tsconfig[^/]*\.json)$/;

/**
 * Builds the app into `dist/`, unless what is there already comes from these very sources.
 * The new tree replaces the old one at the end, so that an app that starts meanwhile never sees half of it.
 * @param {{ readonly force?: boolean, readonly say?: (line: string) => void }} [options]
 */
export async function buildIfStale({ force = false, say = () => undefined } = {}) {
  const digest = await digestSources();
  if (!force && isBuiltFrom(digest)) return;
  say("Building …");
  const startMs = performance.now();
  const work = join(repositoryFolder, "node_modules", ".cache", "deltaflame", `build-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await buildInto(join(work, "dist"));
    await writeFile(join(work, "dist", "sources.sha256"), digest);
    await replaceDist(join(work, "dist"), work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  say(`Built in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

/**
 * @param {string} built
 * @param {string} work
 */
async function replaceDist(built, work) {
  for (let attempt = 0; ; attempt += 1) {
    if (existsSync(distFolder)) await rename(distFolder, join(work, `previous-${attempt}`));
    try {
      return await rename(built, distFolder);
    } catch (error) {
      // Another build put its tree there in between; its turn to be replaced.
      if (attempt === 3 || !existsSync(distFolder)) throw error;
    }
  }
}

/** @param {string} outFolder */
async function buildInto(outFolder) {
  const { build } = await import("vite");
  // A test runner says "test", and vite would take React's development build: another app, several times slower.
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    for (const config of await createBundleConfigs(outFolder)) await build(config);
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
  await copySamples(join(outFolder, "samples"));
  await copyTfjsWasm(join(outFolder, "tfjs"));
  await cp(join(repositoryFolder, "electron", "icon", "icon.png"), join(outFolder, "icon.png"));
  await chmod(join(outFolder, "cli/index.cjs"), 0o755);
}

/**
 * WebAssembly that TensorFlow.js reads at run time, beside the bundles.
 * @param {string} target
 */
async function copyTfjsWasm(target) {
  const source = join(repositoryFolder, "node_modules", "@tensorflow", "tfjs-backend-wasm", "dist");
  const files = (await readdir(source)).filter((name) => name.endsWith(".wasm"));
  await mkdir(target, { recursive: true });
  await Promise.all(files.map((name) => cp(join(source, name), join(target, name))));
}

/** @param {string} target */
async function copySamples(target) {
  const source = join(repositoryFolder, "traces", "samples");
  /** @type {readonly { readonly file: string }[]} */
  const samples = JSON.parse(await readFile(join(source, "samples.json"), "utf8"));
  await mkdir(target, { recursive: true });
  await Promise.all(
    ["samples.json", ...samples.map(({ file }) => file)].map((name) => cp(join(source, name), join(target, name))),
  );
}

/** @param {string} digest */
function isBuiltFrom(digest) {
  const stamp = join(distFolder, "sources.sha256");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

/** Names, sizes and times of all sources; contents would take longer than the build they save. */
async function digestSources() {
  const hash = createHash("sha256");
  const files = sourceFiles.map((name) => join(repositoryFolder, name));
  for (const folder of sourceFolders) files.push(...(await listFiles(join(repositoryFolder, folder))));
  for (const file of files.toSorted()) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${relative(repositoryFolder, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @returns {Promise<readonly string[]>}
 */
async function listFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !ignoredSource.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildIfStale({ force: true, say: console.log });
