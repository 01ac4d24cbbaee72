import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ElectronApplication, _electron, errors, type Page } from "playwright-core";
import { inject, onTestFinished } from "vitest";

import { repositoryFolder } from "../../electron/scripts/bundles.mjs";
import type { WindowSetup } from "./window-setup.ts";

/** Twice this stays below the time of a test, so that a start that hangs says what it printed. */
const launchLimitMs = 15_000;
const closeLimitMs = 20_000;

export interface LaunchOptions {
  /** Files of the command line. */
  readonly files?: readonly string[];
  /** What the window finds as its settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** An earlier profile, to see what a second start remembers; kept by `close`. */
  readonly profile?: string;
}

/** The app, running in its own window on a fresh profile. */
export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly profile: string;
  /** May be called again. */
  close(): Promise<void>;
}

/** Why window tests cannot run here, for `describe.skipIf`; null with CI=true, where they must fail instead. */
export function windowSkipReason(): string | null {
  return isCi() ? null : inject("windowSetup").problem;
}

/** The same for tests in Chromium. */
export function chromiumSkipReason(): string | null {
  const { problem, isExcused } = inject("windowSetup").chromium;
  return isCi() && !isExcused ? null : problem;
}

/** Starts the app as built in `dist/` and waits for its page. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const setup = requireWindowSetup();
  const profile = options.profile ?? (await createProfile(options.settings));
  const app = await takeHold({
    executablePath: setup.executable,
    args: [...setup.flags, `--user-data-dir=${profile}`, repositoryFolder, ...(options.files ?? [])],
    // Else bookmarks and results of whoever runs the tests would be in the window, and those of the tests in theirs.
    env: windowEnvironment(setup, { XDG_DATA_HOME: join(profile, "data"), ...options.env }),
    cwd: tmpdir(),
    timeout: launchLimitMs,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState("load");
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await closeWithin(app, closeLimitMs);
    if (options.profile === undefined)
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { app, page, profile, close: () => (closing ??= close()) };
}

/**
 * Starts the app under the driver. About once in 200 starts on a busy machine the driver connects to the app and then
 * waits without end for an answer to its own first calls; such a start is killed and told, and made anew once.
 */
async function takeHold(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    console.warn(`the driver did not get hold of the app, which is started anew: ${error.message}`);
    return _electron.launch(options);
  }
}

/** An app that does not end is killed and reported: without a limit it would use up the time of the whole test. */
async function closeWithin(app: ElectronApplication, limitMs: number): Promise<void> {
  const process = app.process();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      process.kill("SIGKILL");
      reject(new Error(`the app did not close within ${limitMs / 1000} s`));
    }, limitMs);
  });
  try {
    await Promise.race([app.close(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same inside a test: it is closed with the test, whatever its outcome. */
export async function launchAppInTest(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const launched = await launchApp(options);
  onTestFinished(launched.close);
  return launched;
}

/** A new profile folder; the caller removes it. */
export async function createProfile(settings: LaunchOptions["settings"]): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), "deltaflame-profile-"));
  if (settings !== undefined) await writeFile(join(profile, "deltaflame.json"), JSON.stringify({ settings }));
  return profile;
}

/** Throws the reason where no window is possible. */
export function requireWindowSetup(): WindowSetup {
  const setup = inject("windowSetup");
  if (setup.problem !== null) throw new Error(setup.problem);
  return setup;
}

/** The environment of a window: this process's, with the display of the run. */
export function windowEnvironment(
  setup: WindowSetup,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), DISPLAY: setup.display, ...more };
}

function isCi(): boolean {
  return process.env["CI"] === "true";
}
