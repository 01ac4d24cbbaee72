import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startApp } from "./app.mjs";

/**
 * @typedef {object} LiveWindow
 * @property {string} runtime
 * @property {import("../../traces/measure/bench-report.ts").BenchResult} result
 * @property {number} kept spans of the trace at the end
 * @property {number} leftOut rows that the ledger of the trace counts as left out
 * @property {number[]} framesMs between two frames of the window
 * @property {number[]} pictures new pictures of the timeline, each second
 * @property {number[]} engineMb while it ran, each second
 * @property {number[]} windowMb
 * @property {number} sealMs from the last span to the whole trace in the window
 * @property {number} sealMb the largest of the engine from then on
 */

const slackMs = 120_000;

/**
 * Runs the recorder load in the app, its live timeline on the screen, and watches the window and the memory meanwhile.
 * @param {{ rate: number, seconds: number, load: number }} plan
 * @returns {Promise<LiveWindow>}
 */
export async function measureLiveWindow({ rate, seconds, load }) {
  const started = await startApp();
  const { app, page, folder } = started;
  try {
    await app.evaluate(stubSaveDialog, folder);
    await page.getByRole("button", { name: "Profile", exact: true }).click();
    await page.getByRole("combobox", { name: "Workload" }).selectOption({ label: "Recorder load" });
    await page.getByRole("textbox", { name: "Spans a second" }).fill(String(rate));
    await page.getByRole("textbox", { name: "Duration" }).fill(String(seconds));
    await page.getByText("More options").click();
    await page.getByRole("textbox", { name: "Work", exact: true }).fill(String(load));
    await page.waitForTimeout(1000);
    await page.keyboard.press("F5");
    await page.getByText("Still running").waitFor({ timeout: slackMs });
    await page.evaluate(watchWindow);

    const memory = watchMemory(app);
    const isSealing = page.getByText("putting the trace together");
    const isOver = page.getByRole("button", { name: "Start" });
    await isSealing
      .or(isOver)
      .first()
      .waitFor({ timeout: seconds * 1000 + slackMs });
    const sealedFromMs = performance.now();
    const { framesMs, pictures } = await page.evaluate(takeWindow);
    const during = memory.take();
    await isOver.waitFor({ timeout: slackMs });
    const sealMs = performance.now() - sealedFromMs;
    await page.waitForTimeout(2000);
    const after = memory.take();
    memory.stop();

    const { kept, leftOut } = await readLedger(page);
    return {
      runtime: `Electron ${started.version}`,
      result: await saveResult(page, folder),
      kept,
      leftOut,
      framesMs,
      pictures,
      engineMb: during.map(({ engineMb }) => engineMb),
      windowMb: during.map(({ windowMb }) => windowMb),
      sealMs,
      sealMb: Math.max(...after.map(({ engineMb }) => engineMb)),
    };
  } finally {
    await started.close();
  }
}

/** @param {import("playwright-core").Page} page @param {string} folder */
async function saveResult(page, folder) {
  await page.getByRole("button", { name: "Profile", exact: true }).click();
  await page.getByRole("button", { name: "Save results…" }).click();
  const announced = page.getByText(/^Report saved as /u);
  await announced.waitFor({ state: "attached" });
  const file = ((await announced.textContent()) ?? "").replace("Report saved as ", "");
  return JSON.parse(await readFile(join(folder, file), "utf8")).results[0];
}

/**
 * As the window tells it, in the panel "Import".
 * @param {import("playwright-core").Page} page
 */
async function readLedger(page) {
  await page.getByRole("button", { name: "Open the trace" }).click();
  await page.getByRole("tab", { name: "Import" }).click();
  const text = await page.getByRole("tabpanel").filter({ hasText: "events read" }).innerText();
  const numberAfter = (/** @type {string} */ label) => {
    const line = text.split("\n").find((each) => each.startsWith(`${label}\t`));
    if (line === undefined)
      throw new Error(`expected "${label}" in the panel of the import, found ${text.slice(0, 200)}`);
    return Number(line.replaceAll(/\D/gu, ""));
  };
  return { kept: numberAfter("spans"), leftOut: numberAfter("left out") };
}

/** @param {import("playwright-core").ElectronApplication} app */
function watchMemory(app) {
  /** @type {{ engineMb: number, windowMb: number }[]} */
  let seen = [];
  const look = async () => {
    const processes = await app.evaluate(listProcesses);
    const sizeOf = (/** @type {(process: { type: string, name: string }) => boolean} */ isIt) =>
      (processes.find(isIt)?.kb ?? 0) / 1024;
    seen.push({
      engineMb: sizeOf(({ name }) => name === "Deltaflame engine"),
      windowMb: sizeOf(({ type }) => type === "Tab"),
    });
  };
  const timer = setInterval(() => void look(), 1000);
  return {
    take: () => seen.splice(0),
    stop: () => clearInterval(timer),
  };
}

/* The functions below run in the main process. */

/** @param {typeof import("electron")} electron */
function listProcesses({ app }) {
  return app.getAppMetrics().map(({ type, name, memory }) => ({ type, name: name ?? "", kb: memory.workingSetSize }));
}

/** @param {typeof import("electron")} electron @param {string} folder */
function stubSaveDialog({ dialog }, folder) {
  dialog.showSaveDialog = (/** @type {unknown[]} */ ...values) => {
    const { defaultPath } = /** @type {{ defaultPath: string }} */ (values.at(-1));
    return Promise.resolve({ canceled: false, filePath: `${folder}/${defaultPath}` });
  };
}

/* The functions below run in the page. */

/** Counts frames, and pictures that came from the engine: each is put onto a canvas once. */
function watchWindow() {
  const seen = { framesMs: /** @type {number[]} */ ([]), pictures: /** @type {number[]} */ ([]), now: 0, on: true };
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const put = prototype.putImageData;
    prototype.putImageData = function (/** @type {any[]} */ ...values) {
      seen.now++;
      return Reflect.apply(put, this, values);
    };
  }
  const timer = setInterval(() => {
    seen.pictures.push(seen.now);
    seen.now = 0;
    if (!seen.on) clearInterval(timer);
  }, 1000);
  let last = 0;
  const onFrame = (/** @type {number} */ now) => {
    if (last > 0) seen.framesMs.push(now - last);
    last = now;
    if (seen.on) requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  Object.assign(globalThis, { deltaflameSeen: seen });
}

/** @returns {{ framesMs: number[], pictures: number[] }} */
function takeWindow() {
  const seen = Reflect.get(globalThis, "deltaflameSeen");
  seen.on = false;
  return { framesMs: seen.framesMs, pictures: seen.pictures };
}
