import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { runnerImport } from "vite";
import { launchBrowser } from "./browser.mjs";
import { repositoryFolder } from "./bundle.mjs";

/** @typedef {{ ms: number, maxRssKb: number | null }} Loading */

const speedscopeFolder = join(repositoryFolder, "node_modules/speedscope/dist/release");
const contentTypes = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/**
 * From the start of the page to its flame chart: speedscope gives no other moment, and its start is short.
 * @param {string} file @param {number} limitMs
 * @returns {Promise<Loading>}
 */
export async function loadInSpeedscope(file, limitMs) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const found = path === "/trace.json" ? file : join(speedscopeFolder, path);
    if (!existsSync(found)) return void response.writeHead(404).end();
    const type = Reflect.get(contentTypes, extname(found)) ?? "application/octet-stream";
    response.setHeader("content-type", type);
    createReadStream(found).pipe(response);
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const origin = `http://127.0.0.1:${address.port}`;
  const { browser, peakRssKb, close } = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    const startMs = performance.now();
    await page.goto(`${origin}/index.html#profileURL=${encodeURIComponent(`${origin}/trace.json`)}`);
    await page.getByText("Time Order").waitFor({ timeout: limitMs });
    return { ms: performance.now() - startMs, maxRssKb: peakRssKb() };
  } finally {
    await close();
    server.close();
  }
}

/**
 * From the choice of the file in the Performance panel of Chromium's own DevTools to its flame chart. The panel runs as
 * a page of the debugging port, where a script can reach it.
 * @param {string} file @param {number} limitMs
 * @returns {Promise<Loading>}
 */
export async function loadInDevTools(file, limitMs) {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const { browser, peakRssKb, close } = await launchBrowser([
    `--remote-debugging-port=${port}`,
    "--remote-allow-origins=*",
  ]);
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    await page.goto(`http://127.0.0.1:${port}/devtools/devtools_app.html?panel=timeline`);
    const input = page.locator("input[type=file][accept*=cpuprofile]");
    await input.waitFor({ state: "attached", timeout: 30_000 });
    await page.waitForTimeout(1000);
    const startMs = performance.now();
    await input.setInputFiles(file);
    await page.getByText("Bottom-up").first().waitFor({ timeout: limitMs });
    return { ms: performance.now() - startMs, maxRssKb: peakRssKb() };
  } finally {
    await close();
  }
}

/**
 * From the choice of the file in our window to the last span. The engine runs in this process.
 * @param {string} file @param {number} spans @param {number} limitMs
 * @returns {Promise<Loading>}
 */
export async function loadInOurWindow(file, spans, limitMs) {
  const rendererDir = join(repositoryFolder, "dist/renderer");
  if (!existsSync(join(rendererDir, "index.html"))) throw new Error("no built window: npm run build");
  const { module } = await runnerImport(join(repositoryFolder, "test/web-host/start-web-host.ts"), {
    root: repositoryFolder,
    configFile: false,
    logLevel: "warn",
  });
  const host = await module.startWebHost({ rendererDir, workerPath: join(repositoryFolder, "dist/engine/worker.cjs") });
  const { browser, peakRssKb, close } = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    await page.goto(host.url);
    await page.waitForFunction(() => document.body.innerText !== "");
    await page.waitForTimeout(1000);
    const startMs = performance.now();
    host.openInWindows(file);
    await page.waitForFunction(
      (count) => document.body.innerText.replaceAll(/[^0-9a-z]/g, "").includes(`${count}spans`),
      spans,
      { timeout: limitMs, polling: 20 },
    );
    return { ms: performance.now() - startMs, maxRssKb: peakRssKb() };
  } finally {
    await close();
    await host.close();
  }
}

export const speedscopeVersion = existsSync(speedscopeFolder)
  ? JSON.parse(readFileSync(join(repositoryFolder, "node_modules/speedscope/package.json"), "utf8")).version
  : null;
