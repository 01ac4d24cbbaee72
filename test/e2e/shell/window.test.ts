import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { clickMenu, findEnginePid, stubOpenDialog, stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { askShell, listenToShell, refusalOf } from "../../harness/shell-calls.ts";
import { writeSmallTrace } from "../../harness/small-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

describe.skipIf(windowSkipReason() !== null)("the shell", () => {
  test("shows the window where it was, with the settings it had", async () => {
    const profile = await createTemporaryFolder();
    const bounds = { x: 60, y: 40, width: 1200, height: 700 };
    const first = await launchAppInTest({ profile });
    await first.app.evaluate(
      ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
      bounds,
    );
    await askShell(first.page, "settings.write", { settings: { theme: "dark", panels: { dock: 240 } } });
    await first.close();

    const second = await launchAppInTest({ profile });
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
      bounds,
    );
    expect(await askShell(second.page, "settings.read", null)).toMatchObject({ theme: "dark", panels: { dock: 240 } });
    expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true);
  });

  test("brings a window back from a screen that is gone, and starts anew with a broken profile", async () => {
    const profile = await createTemporaryFolder();
    await writeFile(
      join(profile, "deltaflame.json"),
      JSON.stringify({
        window: { x: 9000, y: 40, width: 1100, height: 700, maximized: false },
        recentFiles: "nonsense",
      }),
    );
    const launched = await launchAppInTest({ profile });
    const bounds = await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toMatchObject({ width: 1100, height: 700 });
    expect(bounds?.x).toBeLessThan(1920);
    expect(await askShell(launched.page, "file.recent", null)).toEqual([]);
  });

  test("remembers opened files until they are forgotten", async () => {
    const folder = await createTemporaryFolder();
    const file = await writeSmallTrace(folder, "recent.json");
    const launched = await launchAppInTest();
    await stubOpenDialog(launched.app, [file]);
    const [grant] = await askShell(launched.page, "file.choose", null);
    expect(grant).toMatchObject({ name: "recent.json", bytes: (await readFile(file)).byteLength });
    expect(JSON.stringify(grant)).not.toContain(folder);
    await askShell(launched.page, "file.opened", { token: grant?.token ?? "", formatLabel: "Chrome JSON" });

    const [recent] = await askShell(launched.page, "file.recent", null);
    expect(recent).toMatchObject({
      name: "recent.json",
      formatLabel: "Chrome JSON",
      exists: true,
      bytes: grant?.bytes,
    });
    const id = recent?.id ?? "";
    expect((await askShell(launched.page, "file.openRecent", { id })).name).toBe("recent.json");

    await rm(file);
    expect(await askShell(launched.page, "file.recent", null)).toMatchObject([{ exists: false }]);
    expect(await refusalOf(launched.page, "file.openRecent", { id })).toBe(
      "recent.json cannot be opened: the file does not exist",
    );
    await askShell(launched.page, "file.forgetRecent", { id: null });
    expect(await askShell(launched.page, "file.recent", null)).toEqual([]);
  });

  test("saves only below the chosen folder and leaves nothing beside it", async () => {
    const folder = await createTemporaryFolder();
    const launched = await launchAppInTest();
    await stubSaveDialog(launched.app, folder);
    const saved = await launched.page.evaluate(() =>
      (Reflect.get(globalThis, "deltaflame") as { invoke: (...values: unknown[]) => Promise<unknown> }).invoke(
        "file.save",
        {
          suggestedName: "../../etc/re:port.html",
          bytes: new TextEncoder().encode("<p>"),
        },
      ),
    );
    expect(saved).toBe("re_port.html");
    expect(await readdir(folder)).toEqual(["re_port.html"]);
    expect(await readFile(join(folder, "re_port.html"), "utf8")).toBe("<p>");
  });

  test("sends menu entries to the window and opens files from the menu", async () => {
    const file = await writeSmallTrace(await createTemporaryFolder(), "menu.json");
    const launched = await launchAppInTest();
    const command = await listenToShell(launched.page, "menu.command");
    const granted = await listenToShell(launched.page, "file.granted");
    await clickMenu(launched.app, "app.shortcuts");
    expect(await command()).toEqual({ command: "app.shortcuts" });
    await askShell(launched.page, "file.pending", null);
    await stubOpenDialog(launched.app, [file]);
    await clickMenu(launched.app, "file.open");
    expect(await granted()).toMatchObject([{ name: "menu.json" }]);
  });

  test("tells the window when the engine ends, and starts another one", async () => {
    const launched = await launchAppInTest();
    const ended = await listenToShell(launched.page, "engine.ended");
    const pid = await findEnginePid(launched.app);
    expect(pid).toBeGreaterThan(0);
    process.kill(pid ?? 0, "SIGKILL");
    expect((await ended()).message).toMatch(/^It ended unexpectedly/);
    await launched.page.evaluate(() => {
      window.addEventListener("message", (event) => {
        if (event.data === "deltaflame:engine-port") Reflect.set(globalThis, "newPortCount", event.ports.length);
      });
    });
    await askShell(launched.page, "engine.restart", null);
    await launched.page.waitForFunction(() => Reflect.get(globalThis, "newPortCount") === 1);
    expect(await findEnginePid(launched.app)).not.toBe(pid);
  });
});
