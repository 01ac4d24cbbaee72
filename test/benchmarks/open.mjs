// npm run bench:open [-- --events=500000 --rounds=5 --write]
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { makeKinetoLike } from "../../native-bench/generate/make-kineto-like.mjs";
import { startApp } from "./app.mjs";
import { benchFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/**
 * Times from the key, and of the key on the clock of the wall.
 * @typedef {{ keyAtMs: number, tabMs: number, pictureMs: number, wholeMs: number, longestTaskMs: number }} Opening
 */

const events = Number(option("events", "500000"));
const rounds = Number(option("rounds", "5"));
const seed = 1;
const limitMs = 120_000;
const restMs = 1000;

mkdirSync(benchFolder, { recursive: true });
const file = join(benchFolder, `kineto-like-${events}-${seed}.json`);
if (!existsSync(file)) makeKinetoLike(file, { events, seed });
readFileSync(file); // warms the page cache

/** @type {Opening[]} */
const first = [];
/** @type {Opening[]} */
const again = [];
/** From the first bytes that were read to the first picture. @type {number[]} */
const fromBytesMs = [];
/** @type {number[]} */
const cancelMs = [];
const started = await startApp();
const { app, page } = started;
const kept = join(started.folder, "trace-cache");
try {
  await app.evaluate(stubOpenDialog, file);
  await page.evaluate(watchPage, basename(file));
  await page.waitForTimeout(restMs);
  for (let round = 1; round <= rounds; round++) {
    forgetLastRead();
    const opening = await open();
    first.push(opening);
    fromBytesMs.push(opening.keyAtMs + opening.pictureMs - statSync(file).atimeMs);
    await waitUntilKept();
    await closeTab();
    again.push(await open());
    await closeTab();
    rmSync(kept, { recursive: true, force: true });
    cancelMs.push(await cancel());
    await closeTab();
    process.stderr.write(`round ${round}/${rounds}: ${JSON.stringify(first.at(-1))} ${JSON.stringify(again.at(-1))}\n`);
  }
} finally {
  await started.close();
}
publish("bench:open", report());

/** From the key to the first picture, and to the last span. @returns {Promise<Opening>} */
async function open() {
  await page.evaluate(startWatch);
  await page.keyboard.press("Control+O");
  await page.waitForFunction(isWhole, null, { polling: 10, timeout: limitMs });
  const opening = await page.evaluate(takeOpening);
  await page.waitForTimeout(restMs);
  return opening;
}

/** From the click to the word that it was cancelled, while the file is read. */
async function cancel() {
  await page.evaluate(startWatch);
  await page.keyboard.press("Control+O");
  const button = page.getByRole("button", { name: "Cancel", exact: true });
  await button.waitFor();
  const startMs = performance.now();
  await button.click();
  await page.getByText("was cancelled").first().waitFor();
  const ms = performance.now() - startMs;
  await page.waitForTimeout(restMs);
  return ms;
}

/**
 * The system notes when a file is read, once after each change of it, at the tick of its clock before: times from the
 * first bytes are up to 4 ms too long. Called before a copy is kept, which is known by the times of its file.
 */
function forgetLastRead() {
  const { mtimeMs } = statSync(file);
  utimesSync(file, new Date(mtimeMs - 60_000), new Date(mtimeMs));
}

async function waitUntilKept() {
  const isKept = () => existsSync(kept) && readdirSync(kept).some((name) => name.endsWith(".dflame"));
  for (const endMs = performance.now() + limitMs; !isKept() && performance.now() < endMs;)
    await page.waitForTimeout(100);
  if (!isKept()) throw new Error("expected a kept copy of the trace, found none");
}

async function closeTab() {
  await page.keyboard.press("Control+W");
  await page.waitForTimeout(restMs);
}

function report() {
  const spread = (/** @type {number[]} */ ms) =>
    `${format(median(ms), 0)} (${format(Math.min(...ms), 0)}–${format(Math.max(...ms), 0)})`;
  // Some file systems note no reads.
  const fromBytes = fromBytesMs.every((ms) => ms < 10_000) ? spread(fromBytesMs) : "not told here";
  const row = (
    /** @type {string} */ title,
    /** @type {Opening[]} */ openings,
    /** @type {string} */ fromFirstBytes,
    /** @type {string} */ wanted,
  ) => {
    return [
      title,
      spread(openings.map(({ pictureMs }) => pictureMs)),
      spread(openings.map(({ tabMs, pictureMs }) => pictureMs - tabMs)),
      fromFirstBytes,
      wanted,
      format(median(openings.map(({ wholeMs }) => wholeMs)), 0),
      format(median(openings.map(({ longestTaskMs }) => longestTaskMs)), 0),
    ];
  };
  return [
    "## Opening in the app",
    "",
    `A Kineto trace of ${format(statSync(file).size / 1e6, 0)} MB and ${format(events, 0)} events, chosen in the dialog (answered at once). Time from the key press, so that the way through main process, dialog, window and engine is in it; from the tab: since the window shows its tab and asks the engine to read it, before the first bytes are there; from the first bytes: since the system noted that the file was read. All in ms, median of ${rounds}, with the range. Longest task: of the window's main thread, 0 where none took 50 ms.`,
    "",
    toTable(
      ["", "first picture", "from the tab", "from the first bytes", "wanted", "last span", "longest task"],
      [
        row("the file itself", first, fromBytes, "≤ 150"),
        row("again, from the kept copy", again, "", "≤ 100 from the tab"),
      ],
    ),
    "",
    `Cancelled while it was read: ${format(median(cancelMs), 0)} ms from the click to the word that it was.`,
    "",
    describeMachine({ Electron: started.version }),
  ].join("\n");
}

/* The function below runs in the main process. */

/** @param {typeof import("electron")} electron @param {string} path */
function stubOpenDialog({ dialog }, path) {
  dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
}

/* The functions below run in the page. */

/** A picture from the engine is put onto a canvas once. @param {string} name */
function watchPage(name) {
  const seen = { keyAtMs: 0, startMs: 0, tabMs: 0, pictureMs: 0, tasksMs: /** @type {number[]} */ ([]) };
  const { prototype } = OffscreenCanvasRenderingContext2D;
  const put = prototype.putImageData;
  prototype.putImageData = function (/** @type {any[]} */ ...values) {
    if (seen.pictureMs === 0) seen.pictureMs = performance.now() - seen.startMs;
    return Reflect.apply(put, this, values);
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasksMs.push(duration);
  }).observe({ entryTypes: ["longtask"] });
  const onChange = () => {
    if (seen.tabMs === 0 && document.body.textContent.includes(name)) seen.tabMs = performance.now() - seen.startMs;
  };
  new MutationObserver(onChange).observe(document.body, { childList: true, subtree: true, characterData: true });
  Object.assign(globalThis, { deltaflameSeen: seen });
}

function startWatch() {
  const seen = Reflect.get(globalThis, "deltaflameSeen");
  Object.assign(seen, { keyAtMs: Date.now(), startMs: performance.now(), tabMs: 0, pictureMs: 0, tasksMs: [] });
}

function isWhole() {
  const seen = Reflect.get(globalThis, "deltaflameSeen");
  const isReading = [...document.querySelectorAll('[role="progressbar"]')].length > 0;
  if (seen.pictureMs === 0 || isReading) return false;
  seen.wholeMs = performance.now() - seen.startMs;
  return true;
}

/** @returns {Opening} */
function takeOpening() {
  const { keyAtMs, tabMs, pictureMs, wholeMs, tasksMs } = Reflect.get(globalThis, "deltaflameSeen");
  return { keyAtMs, tabMs, pictureMs, wholeMs, longestTaskMs: Math.max(0, ...tasksMs) };
}
