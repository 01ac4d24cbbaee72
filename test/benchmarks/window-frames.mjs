import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { runnerImport } from "vite";
import { browserPath } from "./browser.mjs";
import { repositoryFolder } from "./bundle.mjs";

const loadLimitMs = 300_000;
const wheelStep = 120;
const settleMs = 1000;

/**
 * Opens a file in the window, in Chromium with the engine in this process, and records the time between frames while
 * the view zooms, pans and scrolls, and the longest task of the page while the file loads.
 * @param {string} file @param {number} spans how many it holds
 * @returns {Promise<{ browser: string, frameMs: number[], longestTaskWhileLoadingMs: number, longestTaskMs: number } | { missing: string }>}
 */
export async function measureWindow(file, spans) {
  if (browserPath === undefined) return { missing: "no Chromium found" };
  const rendererDir = join(repositoryFolder, "dist/renderer");
  if (!existsSync(join(rendererDir, "index.html"))) return { missing: "no built window: npm run build" };
  const { module } = await runnerImport(join(repositoryFolder, "test/web-host/start-web-host.ts"), {
    root: repositoryFolder,
    configFile: false,
    logLevel: "warn",
  });
  const host = await module.startWebHost({
    rendererDir,
    workerPath: join(repositoryFolder, "dist/engine/worker.cjs"),
  });
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(startRecording);
    await page.goto(host.url);
    // The start of the window itself is no part of loading a file.
    await page.waitForFunction(isStarted);
    await page.waitForTimeout(settleMs);
    await page.evaluate(takeRecording);
    host.openInWindows(file);
    await page.waitForFunction(isLoaded, spans, { timeout: loadLimitMs, polling: 250 });
    const loading = await page.evaluate(takeRecording);
    await zoomPanAndScroll(page);
    const moving = await page.evaluate(takeRecording);
    return {
      browser: browser.version(),
      frameMs: moving.frameMs,
      longestTaskWhileLoadingMs: loading.longestTaskMs,
      longestTaskMs: moving.longestTaskMs,
    };
  } finally {
    await browser.close();
    await host.close();
  }
}

/** @param {import("playwright-core").Page} page */
async function zoomPanAndScroll(page) {
  const canvas = page.locator("canvas").last();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("no timeline on the page");
  await page.evaluate(takeRecording);
  for (const across of [0.2, 0.5, 0.8]) {
    await page.mouse.move(box.x + box.width * across, box.y + box.height * 0.5);
    for (const direction of [-1, 1]) {
      await page.keyboard.down("Control");
      for (let i = 0; i < 60; i++) await wheel(page, 0, direction * wheelStep);
      await page.keyboard.up("Control");
      await page.keyboard.down("Shift");
      for (let i = 0; i < 20; i++) await wheel(page, 0, (i < 10 ? 1 : -1) * wheelStep);
      await page.keyboard.up("Shift");
      for (let i = 0; i < 20; i++) await wheel(page, 0, (i < 10 ? 1 : -1) * wheelStep);
    }
  }
}

/** @param {import("playwright-core").Page} page @param {number} x @param {number} y */
async function wheel(page, x, y) {
  await page.mouse.wheel(x, y);
  await page.waitForTimeout(12);
}

/* The functions below run in the page. */

function startRecording() {
  const record = { frameMs: /** @type {number[]} */ ([]), longestTaskMs: 0 };
  let last = 0;
  const onFrame = (/** @type {number} */ now) => {
    if (last > 0) record.frameMs.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) record.longestTaskMs = Math.max(record.longestTaskMs, entry.duration);
  }).observe({ type: "longtask", buffered: true });
  Object.assign(globalThis, { deltaflameBench: record });
}

function takeRecording() {
  /** @type {{ frameMs: number[], longestTaskMs: number }} */
  const record = Reflect.get(globalThis, "deltaflameBench");
  const taken = { frameMs: record.frameMs.slice(), longestTaskMs: record.longestTaskMs };
  record.frameMs.length = 0;
  record.longestTaskMs = 0;
  return taken;
}

function isStarted() {
  return document.body.innerText !== "";
}

/** @param {number} spans */
function isLoaded(spans) {
  const text = document.body.innerText.replaceAll(/[^0-9a-z]/g, "");
  return text.includes(`${spans}spans`) && document.querySelector('[role="progressbar"]') === null;
}
