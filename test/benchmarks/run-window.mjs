import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startApp } from "./app.mjs";
import { measureMachinePauses } from "./machine-pauses.mjs";
import { percentile } from "./report.mjs";

/** @typedef {{ ms: number, cpuMs: number, inside: string }} Task */
/** `longest`: those with most processor time, `slowest`: with most wall time. @typedef {{ longest: readonly Task[], slowest: readonly Task[], overWall: number, overCpu: number, count: number }} Tasks */

const frameMs = 16;
const runLimitMs = 120_000;
const shownTasks = 3;
/** About as long as the run itself. */
const pausesWatchedMs = 20_000;
/** How often the event loop of the main process is asked. Each time takes 0.1 ms from what is watched. */
const askEveryMs = 10;

/**
 * Runs the student force field in the real app, live flame chart open, and watches who is busy: every task of the
 * window's main thread and of the main process (Chromium's own trace, with processor time, so that a task which had to
 * wait for a processor is told from one that computed), frames, and the delay of the main process's event loop.
 * @param {{ batches: string, seconds: string }} plan
 */
export async function measureRunWindow({ batches, seconds }) {
  const pauses = await measureMachinePauses(pausesWatchedMs);
  const { app, page, folder, version, close } = await startApp();
  try {
    await page.getByRole("button", { name: "Profile", exact: true }).click();
    await page.getByRole("textbox", { name: "Batch" }).fill(batches);
    await page.getByText("More options").click();
    await page.getByRole("textbox", { name: "Time", exact: true }).fill(seconds);
    await page.waitForTimeout(1500);
    await app.evaluate(startWatching, { categories: traceCategories, askEveryMs });
    await page.evaluate(countFrames);
    await page.keyboard.press("F5");
    await followRun(page);
    const frames = await page.evaluate(takeFrames);
    const { path, intervalMs } = await app.evaluate(stopWatching, join(folder, "trace.json"));
    const stopMs = await timeStop(page);
    const events = JSON.parse(await readFile(path, "utf8")).traceEvents;
    return {
      runtime: `Electron ${version}`,
      frameMs: { p50: percentile(frames, 50), p95: percentile(frames, 95), p99: percentile(frames, 99) },
      lateMs: { p99: intervalMs.p99 - askEveryMs, max: intervalMs.max - askEveryMs },
      stopMs,
      pauses,
      window: readTasks(events, "CrRendererMain"),
      main: readTasks(events, "CrBrowserMain"),
    };
  } finally {
    await close();
  }
}

/**
 * Waits for the start of a run, its first spans and its end. Looks at one element four times a second: the queries of
 * Playwright by role or text go through the whole page, and each is a task of 2 to 7 ms of the window that is measured.
 * @param {import("playwright-core").Page} page
 */
export async function followRun(page) {
  const button = 'form[aria-label="What to run"] button:last-of-type';
  await page.evaluate(untilShown, { selector: button, text: "Stop", limitMs: runLimitMs });
  await page.evaluate(untilShown, { selector: '[data-part="area"]', text: "Still running", limitMs: runLimitMs });
  await page.evaluate(untilShown, { selector: button, text: "Start", limitMs: runLimitMs });
}

/**
 * From the key to the end of a run that would go on for minutes.
 * @param {import("playwright-core").Page} page
 */
async function timeStop(page) {
  await page.getByRole("textbox", { name: "Batch" }).fill("64, 256");
  await page.getByRole("textbox", { name: "Time", exact: true }).fill("600");
  await page.keyboard.press("F5");
  await page.getByText("Still running: more spans will appear.").waitFor({ timeout: runLimitMs });
  await page.waitForTimeout(2000);
  const startMs = performance.now();
  await page.keyboard.press("Shift+F5");
  await page.getByRole("button", { name: "Start" }).waitFor({ timeout: runLimitMs });
  return performance.now() - startMs;
}

/** Few: with all that Chromium tells its developers, writing it down took a third of the processor time of the window. */
const traceCategories = ["toplevel", "devtools.timeline"];

/**
 * @param {readonly { ph: string, name: string, cat: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args: { name?: string } }[]} events
 * @param {string} thread
 * @returns {Tasks}
 */
function readTasks(events, thread) {
  const threads = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === thread)
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const own = events.filter(({ ph, pid, tid }) => ph === "X" && threads.has(`${pid} ${tid}`));
  const tasks = own.filter(({ name }) => name === "ThreadControllerImpl::RunTask");
  const found = tasks.map((task) => ({ ms: (task.dur ?? 0) / 1000, cpuMs: (task.tdur ?? 0) / 1000, task }));
  const most = (/** @type {"ms" | "cpuMs"} */ time) =>
    found
      .toSorted((a, b) => b[time] - a[time])
      .slice(0, shownTasks)
      .map(({ ms, cpuMs, task }) => ({ ms, cpuMs, inside: describe(task, own) }));
  return {
    longest: most("cpuMs"),
    slowest: most("ms"),
    overWall: found.filter(({ ms }) => ms > frameMs).length,
    overCpu: found.filter(({ cpuMs }) => cpuMs > frameMs).length,
    count: found.length,
  };
}

/** The longest things within a task. */
function describe(task, own) {
  const end = task.ts + (task.dur ?? 0);
  const parts = own.filter(
    ({ name, ts, dur = 0, tid, pid }) =>
      pid === task.pid && tid === task.tid && ts >= task.ts && ts + dur <= end && name !== task.name,
  );
  return parts
    .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 4)
    .map(({ name, dur = 0 }) => `${name} ${(dur / 1000).toFixed(1)}`)
    .join(", ");
}

/* The functions below run in the main process. */

/** @param {typeof import("electron")} electron @param {{ categories: readonly string[], askEveryMs: number }} how */
async function startWatching({ contentTracing }, { categories, askEveryMs }) {
  const { monitorEventLoopDelay } = process.mainModule.require("node:perf_hooks");
  const delay = monitorEventLoopDelay({ resolution: askEveryMs });
  delay.enable();
  Object.assign(globalThis, { deltaflameDelay: delay });
  await contentTracing.startRecording({ included_categories: [...categories] });
}

/** @param {typeof import("electron")} electron @param {string} path */
async function stopWatching({ contentTracing }, path) {
  const delay = Reflect.get(globalThis, "deltaflameDelay");
  delay.disable();
  const intervalMs = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
  return { intervalMs, path: await contentTracing.stopRecording(path) };
}

/* The functions below run in the page. */

/** @param {{ selector: string, text: string, limitMs: number }} wanted @returns {Promise<void>} */
function untilShown({ selector, text, limitMs }) {
  const endMs = performance.now() + limitMs;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (Array.from(document.querySelectorAll(selector)).some((found) => found.textContent?.includes(text))) resolve();
      else if (performance.now() > endMs) reject(new Error(`expected "${text}" in ${selector} within ${limitMs} ms`));
      else setTimeout(look, 250);
    };
    look();
  });
}

function countFrames() {
  const frames = /** @type {number[]} */ ([]);
  let last = 0;
  const onFrame = (/** @type {number} */ now) => {
    if (last > 0) frames.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  Object.assign(globalThis, { deltaflameFrames: frames });
}

/** @returns {number[]} */
function takeFrames() {
  return Reflect.get(globalThis, "deltaflameFrames");
}
