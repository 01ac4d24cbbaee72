import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const browserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is installed; undefined where it is not. */
export const browserPath = browserPaths.find((path) => existsSync(path));

/** @typedef {{ browser: import("playwright-core").Browser, peakRssKb: () => number | null, close: () => Promise<void> }} MeasuredBrowser */

/**
 * Chromium whose largest process can be told.
 * @param {readonly string[]=} args
 * @returns {Promise<MeasuredBrowser>}
 */
export async function launchBrowser(args = []) {
  const server = await chromium.launchServer({
    ...(browserPath !== undefined && { executablePath: browserPath }),
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...args],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const { pid } = server.process();
  return {
    browser,
    peakRssKb: () => (pid === undefined ? null : largestPeak(pid)),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * The largest peak of any process below `root`, in KiB; null where the system does not tell.
 * @param {number} root
 */
function largestPeak(root) {
  if (!existsSync("/proc/self/status")) return null;
  /** @type {Map<number, { parent: number, peakKb: number }>} */
  const processes = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const field = (/** @type {string} */ key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      processes.set(Number(name), { parent: field("PPid"), peakKb: field("VmHWM") });
    } catch {
      // It ended while we looked.
      processes.delete(Number(name));
    }
  }
  const isBelow = (/** @type {number} */ pid) => {
    for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  let peakKb = 0;
  for (const [pid, process] of processes) if (isBelow(pid)) peakKb = Math.max(peakKb, process.peakKb);
  return peakKb;
}
