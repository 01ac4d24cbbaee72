import { existsSync, readFileSync } from "node:fs";
import type { TestProject } from "vitest/node";

import { buildIfStale } from "../../electron/scripts/build.mjs";
import { findLaunchFlags } from "../electron-runtime/launch-flags.mjs";
import { resolveRuntime } from "../electron-runtime/resolve-runtime.mjs";
import { findRuntimeProblem } from "../electron-runtime/system-libraries.mjs";
import { type Display, openDisplay } from "./display.ts";

/** What the window tests of this run stand on, found once before the first of them. */
export interface WindowSetup {
  /** Why no Electron window can be had here; with CI=true the tests then fail instead of being skipped. */
  readonly problem: string | null;
  readonly executable: string;
  readonly runtimeFolder: string;
  readonly runtimeVersion: string;
  readonly flags: readonly string[];
  readonly display: string;
  readonly chromium: ChromiumSetup;
}

export interface ChromiumSetup {
  readonly problem: string | null;
  /** The distribution has no Chromium that can be driven: nothing to install, so no failure with CI=true either. */
  readonly isExcused: boolean;
  readonly executable: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly windowSetup: WindowSetup;
  }
}

const chromiumPaths = ["/usr/bin/chromium", "/usr/bin/google-chrome-stable", "/usr/bin/chromium-browser"];

/** Builds the app once, finds an Electron and a display, and hands all of it to the tests. */
export async function setup(project: TestProject): Promise<() => void> {
  await buildIfStale({ say: console.log });
  const display = await openDisplay();
  project.provide("windowSetup", await findWindowSetup(display));
  return () => display.close();
}

async function findWindowSetup(display: Display): Promise<WindowSetup> {
  const nothing = {
    executable: "",
    runtimeFolder: "",
    runtimeVersion: "",
    flags: [],
    display: display.name,
    chromium: findChromium(),
  };
  try {
    const runtime = await resolveRuntime({ say: console.log });
    const problem = findRuntimeProblem(runtime.executable) ?? display.problem;
    const what = runtime.kind === "evaluation" ? "test runtime" : runtime.kind;
    if (problem === null) console.log(`e2e runs in Electron ${runtime.version} (${what})`);
    const { flags } = findLaunchFlags(runtime.folder);
    return {
      ...nothing,
      problem,
      executable: runtime.executable,
      runtimeFolder: runtime.folder,
      runtimeVersion: runtime.version,
      flags,
    };
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}

function findChromium(): ChromiumSetup {
  const candidates = [process.env["CHROMIUM_PATH"] ?? "", ...chromiumPaths].filter(
    (path) => path !== "" && existsSync(path),
  );
  const executable = candidates.find((path) => !isSnapStub(path));
  if (executable !== undefined) return { problem: null, isExcused: false, executable };
  if (isUbuntu())
    return {
      problem: "Ubuntu's Chromium is a snap: set CHROMIUM_PATH to another one",
      isExcused: true,
      executable: "",
    };
  return { problem: "no Chromium: apt-get install chromium, or set CHROMIUM_PATH", isExcused: false, executable: "" };
}

function isUbuntu(): boolean {
  return existsSync("/etc/os-release") && /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Ubuntu's chromium package is a script that starts a snap, which cannot be driven from here. */
function isSnapStub(path: string): boolean {
  const start = readFileSync(path).subarray(0, 8192).toString("latin1");
  return start.startsWith("#!") && start.includes("/snap/");
}
