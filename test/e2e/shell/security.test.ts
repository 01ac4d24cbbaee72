import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type LaunchedApp, launchApp, windowSkipReason } from "../../harness/launch-app.ts";
import { refusalOf } from "../../harness/shell-calls.ts";

describe.skipIf(windowSkipReason() !== null)("the page of the window", () => {
  let launched: LaunchedApp;
  beforeAll(async () => {
    launched = await launchApp();
  });
  afterAll(() => launched.close());

  test("is isolated and has no Node", async () => {
    const facts = await launched.page.evaluate(() => ({
      url: location.href,
      isolated: crossOriginIsolated,
      node: [
        typeof Reflect.get(globalThis, "require"),
        typeof Reflect.get(globalThis, "process"),
        typeof Reflect.get(globalThis, "Buffer"),
      ],
      bridge: Object.keys(Reflect.get(globalThis, "deltaflame") as object).toSorted(),
    }));
    expect(facts).toEqual({
      url: "app://ui/index.html",
      isolated: true,
      node: ["undefined", "undefined", "undefined"],
      bridge: ["grantDropped", "invoke", "on"],
    });
  });

  test("cannot be navigated away", async () => {
    await launched.app.evaluate(({ BrowserWindow }) => {
      const seen = globalThis as { navigations?: unknown[] };
      seen.navigations = [];
      BrowserWindow.getAllWindows()[0]?.webContents.on("will-navigate", (event, url) =>
        seen.navigations?.push([url, event.defaultPrevented]),
      );
    });
    await launched.page.evaluate(() => {
      const link = document.createElement("a");
      link.href = "https://example.com/";
      document.body.append(link);
      link.click();
      link.remove();
    });
    await expect
      .poll(() => launched.app.evaluate(() => (globalThis as { navigations?: unknown[] }).navigations))
      .toEqual([["https://example.com/", true]]);
    expect(launched.page.url()).toBe("app://ui/index.html");
  });

  test("cannot open another window", async () => {
    expect(
      await launched.page.evaluate(
        () => window.open("https://example.com/") === null && window.open("app://ui/index.html") === null,
      ),
    ).toBe(true);
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test("has a content security policy that stops injected scripts, eval and foreign addresses", async () => {
    const result = await launched.page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "globalThis.injected = true";
      document.head.append(script);
      const evaluated = await new Promise((resolve) => setTimeout(resolve, 0)).then(() => {
        try {
          // The very thing that the policy must refuse.
          // oxlint-disable-next-line no-implied-eval
          return new Function("return 1")() as unknown;
        } catch (error) {
          return (error as Error).name;
        }
      });
      const fetched = await fetch("https://example.com/").then(
        () => "fetched",
        () => "refused",
      );
      const header = (await fetch(location.href)).headers.get("content-security-policy");
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { injected: Reflect.get(globalThis, "injected") as unknown, evaluated, fetched, header, violations };
    });
    expect(result.header).toContain("default-src 'none'");
    expect(result.header).toContain("frame-ancestors 'none'");
    expect(result).toMatchObject({ evaluated: "EvalError", fetched: "refused" });
    expect(result.injected).toBeUndefined();
    expect(result.violations).toEqual(expect.arrayContaining(["script-src-elem", "connect-src"]));
  });

  test.each([
    "/..%2f..%2fpackage.json",
    "/%2e%2e/main/index.cjs",
    "/..%5c..%5cpackage.json",
    "/assets/..%2f..%2f..%2fpackage.json",
    "/nothing.js",
  ])("gets 404 for %s", async (path) => {
    expect(await launched.page.evaluate(async (address) => (await fetch(address)).status, path)).toBe(404);
  });

  test("can only read from its address", async () => {
    expect(await launched.page.evaluate(async () => (await fetch("/index.html", { method: "POST" })).status)).toBe(405);
  });

  test("gets no permission", async () => {
    expect(await launched.page.evaluate(() => Notification.requestPermission())).toBe("denied");
  });

  test("is heard by the shell only with known commands and valid requests", async () => {
    const { page } = launched;
    expect(await refusalOf(page, "file.read", { path: "/etc/passwd" })).toBe("Unknown shell command");
    expect(await refusalOf(page, "toString", null)).toBe("Unknown shell command");
    expect(await refusalOf(page, "file.openRecent", { id: 7 })).toMatch(/^The request is not valid: /);
    expect(await refusalOf(page, "file.openRecent", { id: "x", path: "/etc/passwd" })).toMatch(
      /^The request is not valid: /,
    );
    expect(await refusalOf(page, "settings.write", { settings: { big: "x".repeat(300_000) } })).toContain(
      "more than 256 KiB",
    );
  });

  test("cannot use a file that nobody granted", async () => {
    const { page } = launched;
    expect(await refusalOf(page, "file.opened", { token: "made-up", formatLabel: "x" })).toBe(
      "This file was not granted",
    );
    expect(await refusalOf(page, "file.openSample", { id: "../../package.json" })).toBe(
      'There is no sample "../../package.json"',
    );
    expect(
      await page.evaluate(
        () => Reflect.get(globalThis, "deltaflame").grantDropped([new File(["x"], "/etc/passwd")]) as Promise<unknown>,
      ),
    ).toEqual([]);
  });

  test("cannot make the engine open a file that nobody granted", async () => {
    const { page } = launched;
    await page.addInitScript(() => {
      window.addEventListener("message", ({ data, ports }) => {
        if (data === "deltaflame:engine-port") Reflect.set(globalThis, "enginePort", ports[0]);
      });
    });
    await page.reload();
    await page.waitForFunction(() => Reflect.has(globalThis, "enginePort"));
    const answer = await page.evaluate(() => {
      const port = Reflect.get(globalThis, "enginePort") as MessagePort;
      const id = 900_001;
      const call = { kind: "call", id, command: "trace.open", request: { trace: "x", file: "/etc/passwd" } };
      return new Promise<unknown>((resolve) => {
        port.addEventListener(
          "message",
          (event: MessageEvent<{ readonly id?: number }>) => event.data.id === id && resolve(event.data),
        );
        port.start();
        port.postMessage(call);
      });
    });
    expect(answer).toMatchObject({ kind: "failed", error: { message: expect.any(String) as string } });
    expect(JSON.stringify(answer)).not.toContain("root:");
  });

  test("shares the shell with no other page", async () => {
    const answer = await launched.app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/dist/preload/index.cjs`;
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await foreign.loadURL("data:text/html,<title>foreign</title>");
      const text: unknown = await foreign.webContents.executeJavaScript(
        'deltaflame.invoke("shell.facts", null).then(JSON.stringify, (error) => error.message)',
      );
      foreign.destroy();
      return text;
    });
    expect(answer).toBe("This page may not use the shell");
  });
});
