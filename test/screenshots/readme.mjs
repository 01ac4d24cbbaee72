import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { _electron } from "playwright-core";

import { repositoryFolder } from "../../electron/scripts/bundles.mjs";
import { findLaunchFlags } from "../electron-runtime/launch-flags.mjs";
import { resolveRuntime } from "../electron-runtime/resolve-runtime.mjs";

/*
 * Takes docs/screenshot.png for the README: the real app with the bundled training sample, one kernel selected.
 * `npm run screenshot`, after `npm run build`. Linux with Xvfb, or any system with a display.
 */

const size = { width: 1600, height: 1000 };
const runtime = await resolveRuntime({ say: console.log });
const display = process.platform === "linux" ? await startXvfb() : null;
const profile = await mkdtemp(join(tmpdir(), "deltaflame-screenshot-"));
const app = await _electron.launch({
  executablePath: runtime.executable,
  args: [
    ...findLaunchFlags(runtime.folder).flags,
    `--user-data-dir=${profile}`,
    repositoryFolder,
    join(repositoryFolder, "traces/samples/training-step-gpu.pt.trace.json.gz"),
  ],
  // Bookmarks and results that this user keeps are no part of the picture.
  env: {
    ...process.env,
    XDG_DATA_HOME: join(profile, "data"),
    ...(display !== null && { DISPLAY: display.name }),
  },
});
try {
  const page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(bounds.width, bounds.height);
  }, size);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("tab", { name: "Top" }).waitFor();
  const notice = page.getByRole("button", { name: /dismiss/i });
  if ((await notice.count()) > 0) await notice.first().click();
  const search = page
    .getByRole("searchbox")
    .or(page.getByPlaceholder(/^Search/))
    .first();
  await search.fill("kind:kernel dur>1ms");
  await search.press("Enter");
  await page.waitForTimeout(600);
  await search.fill("");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(repositoryFolder, "docs/screenshot.png") });
  console.log("docs/screenshot.png");
} finally {
  await app.close();
  display?.close();
  await rm(profile, { recursive: true, force: true });
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
