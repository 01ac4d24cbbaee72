import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { resolveRuntime } from "../../test/electron-runtime/resolve-runtime.mjs";
import { buildIfStale } from "./build.mjs";
import { repositoryFolder } from "./bundles.mjs";

/**
 * Packs the app on the resolved runtime. With the evaluation runtime the result is for tests only: nothing but an unpacked folder.
 * @param {{ readonly target: string, readonly outFolder?: string, readonly quiet?: boolean }} options
 */
export async function packApp({ target, outFolder = join(repositoryFolder, "release"), quiet = false }) {
  const say = quiet ? () => undefined : console.log;
  await buildIfStale({ say });
  const runtime = await resolveRuntime({ say });
  if (runtime.kind === "evaluation" && target !== "dir") {
    throw new Error(
      `"${target}" would go to users: it needs the official Electron, only the evaluation runtime ${runtime.version} is here`,
    );
  }
  if (runtime.kind === "evaluation") say(`Packing Electron ${runtime.version} (evaluation runtime): for tests only`);
  const builder = fileURLToPath(new URL("../../node_modules/electron-builder/cli.js", import.meta.url));
  const builderArguments = [
    builder,
    platformFlag(),
    target,
    `-c.electronDist=${runtime.folder}`,
    `-c.electronVersion=${runtime.version}`,
    `-c.directories.output=${outFolder}`,
    "--publish",
    "never",
  ];
  await runBuilder(builderArguments, quiet);
}

function platformFlag() {
  if (process.platform === "darwin") return "--mac";
  return process.platform === "win32" ? "--win" : "--linux";
}

/**
 * @param {readonly string[]} builderArguments
 * @param {boolean} quiet
 * @returns {Promise<void>}
 */
function runBuilder(builderArguments, quiet) {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(process.execPath, builderArguments, {
      cwd: repositoryFolder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
        if (!quiet) process.stdout.write(text);
      });
    }
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`electron-builder ended with ${code}\n${output}`)),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await packApp({ target: process.argv[2] ?? "dir" }).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
