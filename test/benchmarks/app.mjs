import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron } from "playwright-core";
import { findLaunchFlags } from "../electron-runtime/launch-flags.mjs";
import { resolveRuntime } from "../electron-runtime/resolve-runtime.mjs";
import { repositoryFolder } from "./bundle.mjs";

/**
 * The app as built in `dist/`, on a profile of its own.
 * @param {readonly string[]=} files of its command line
 */
export async function startApp(files = []) {
  const runtime = await resolveRuntime({ say: () => undefined });
  const display = process.platform === "linux" && !process.env["DISPLAY"] ? await startXvfb() : null;
  const folder = await mkdtemp(join(tmpdir(), "deltaflame-bench-app-"));
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...findLaunchFlags(runtime.folder).flags, `--user-data-dir=${folder}`, repositoryFolder, ...files],
    env: { ...process.env, ...(display !== null && { DISPLAY: display.name }) },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState("load");
  return {
    app,
    page,
    folder,
    version: runtime.version,
    async close() {
      await app.close();
      display?.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** @returns {Promise<{ readonly name: string, close(): void }>} */
function startXvfb() {
  const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.stdio[3]?.once("data", (bytes) => resolve({ name: `:${String(bytes).trim()}`, close: () => child.kill() }));
  });
}
