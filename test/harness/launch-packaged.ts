import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

import { createProfile, requireWindowSetup, windowEnvironment } from "./launch-app.ts";

const devToolsLine = /DevTools listening on (ws:\S+)/;
const startLimitMs = 30_000;
const joinAttempts = 3;
const joinLimitMs = 10_000;

/** Starts a packaged app for the running test and joins it over the DevTools protocol: its fuses refuse the inspector that other launches use. */
export async function launchPackaged(
  executable: string,
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const setup = requireWindowSetup();
  const profile = await createProfile({});
  // A packaged app never switches its sandbox off itself; where it cannot work, the test must.
  const switches = [...setup.flags, "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const child = spawn(executable, [...switches, ...files], {
    env: windowEnvironment(setup, env),
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(async () => {
    const ended = child.exitCode === null ? once(child, "exit") : Promise.resolve();
    child.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const browser = await joinOverProtocol(await readDevToolsAddress(child));
  return waitForPage(() => browser.contexts().flatMap((context) => context.pages()));
}

/** While the first window opens, the protocol may leave a question without an answer; a new connection asks again. */
async function joinOverProtocol(address: string): Promise<Browser> {
  for (let left = joinAttempts; ; left--) {
    try {
      return await chromium.connectOverCDP(address, { noDefaults: true, timeout: joinLimitMs });
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}

function readDevToolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = "";
    const timer = setTimeout(
      () => reject(new Error(`no DevTools address within ${startLimitMs / 1000} s: ${errors}`)),
      startLimitMs,
    );
    child.on("exit", (code) => reject(new Error(`the packaged app ended with ${code}: ${errors}`)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      const address = devToolsLine.exec(errors)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

async function waitForPage(listPages: () => readonly Page[]): Promise<Page> {
  const endMs = Date.now() + startLimitMs;
  while (Date.now() < endMs) {
    const page = listPages().find((candidate) => candidate.url().startsWith("app://"));
    if (page !== undefined) return page;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the packaged app showed no window");
}
