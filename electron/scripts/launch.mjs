import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

import { findLaunchFlags } from "../../test/electron-runtime/launch-flags.mjs";
import { resolveRuntime, RuntimeUnavailableError } from "../../test/electron-runtime/resolve-runtime.mjs";
import { findRuntimeProblem } from "../../test/electron-runtime/system-libraries.mjs";
import { buildIfStale } from "./build.mjs";
import { repositoryFolder } from "./bundles.mjs";

const displayHint = 'For the window: xvfb-run -a -s "-screen 0 1920x1200x24" npm start';

/**
 * What `npm start` does: builds what is stale, finds an Electron, opens the window with the files, waits for its end.
 * Where no window is possible it says why, and without a display does the main job in the terminal.
 * @param {readonly string[]} files relative to the working folder, or links to views
 * @returns {Promise<number>} the exit code
 */
export async function launch(files) {
  await buildIfStale({ say: console.log });
  if (!hasDisplay()) return runWithoutDisplay(files);
  try {
    const runtime = await resolveRuntime({
      allowEvaluation: process.env.DELTAFLAME_STRICT_RUNTIME !== "1",
      say: console.log,
    });
    return await openWindow(runtime, files);
  } catch (error) {
    if (!(error instanceof RuntimeUnavailableError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/**
 * @param {import("../../test/electron-runtime/resolve-runtime.mjs").ElectronRuntime} runtime
 * @param {readonly string[]} files
 */
async function openWindow(runtime, files) {
  const problem = findRuntimeProblem(runtime.executable);
  if (problem !== null) {
    console.error(problem);
    return 1;
  }
  if (runtime.kind === "evaluation") console.log(evaluationNotice(runtime.version));
  const { flags, notice } = findLaunchFlags(runtime.folder);
  if (notice !== null) console.log(notice);
  return run(runtime.executable, [
    ...flags,
    repositoryFolder,
    ...files.map((file) => (file.startsWith("deltaflame://") ? file : resolve(file))),
  ]);
}

function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** @param {readonly string[]} files */
async function runWithoutDisplay(files) {
  if (files.length > 0) {
    console.error(`No display: the window cannot open. In the terminal: npx deltaflame info FILE\n${displayHint}`);
    return 1;
  }
  console.log(`No display: running the main job in the terminal. ${displayHint}`);
  return run(process.execPath, [join(repositoryFolder, "dist/cli/index.cjs"), "demo"]);
}

/** @param {string} version */
function evaluationNotice(version) {
  return [
    "",
    `  Evaluation runtime: Electron ${version}, out of support. Do not open files you do not trust.`,
    "  For the supported one, allow the download of Electron or set ELECTRON_OVERRIDE_DIST_PATH;",
    "  DELTAFLAME_STRICT_RUNTIME=1 refuses this one.",
    "",
  ].join("\n");
}

/**
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @returns {Promise<number>}
 */
function run(command, commandArguments) {
  return new Promise((done, fail) => {
    const child = spawn(command, commandArguments, { stdio: "inherit" });
    const forward = () => child.kill("SIGTERM");
    process.once("SIGTERM", forward);
    child.on("error", fail);
    child.on("close", (code) => {
      process.off("SIGTERM", forward);
      done(code ?? 1);
    });
  });
}
