import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { clickMenu, dropFiles, stubOpenDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

/** Two steps on a thread, each with two gemms on a stream that they launch. */
async function writeSteps(name: string): Promise<string> {
  const events = [0, 1].flatMap((step) => {
    const ts = step * 1000;
    return [
      { ph: "X", pid: 1, tid: 1, cat: "user_annotation", name: `ProfilerStep#${step}`, ts, dur: 900 },
      {
        ph: "X",
        pid: 1,
        tid: 1,
        cat: "cpu_op",
        name: "aten::mm",
        ts: ts + 10,
        dur: 300,
        args: { "Input Dims": "[[8, 8]]" },
      },
      {
        ph: "X",
        pid: 1,
        tid: 1,
        cat: "cuda_runtime",
        name: "cudaLaunchKernel",
        ts: ts + 20,
        dur: 30,
        args: { correlation: step + 1 },
      },
      {
        ph: "X",
        pid: 0,
        tid: 7,
        cat: "kernel",
        name: "gemm_128x128",
        ts: ts + 100,
        dur: 400 + step * 100,
        args: { correlation: step + 1, stream: 7, device: 0 },
      },
    ];
  });
  const path = join(await createTemporaryFolder(), name);
  await writeFile(path, JSON.stringify({ schemaVersion: 1, traceEvents: events }));
  return path;
}

const opened = (page: Page, name: string) => page.getByRole("application", { name: `Timeline of ${name}` }).waitFor();
const selectedText = (page: Page) => page.getByRole("region", { name: "The selected span" });

describe.skipIf(windowSkipReason() !== null)("reading a trace in the window", () => {
  test("opens by dialog; a row of the table selects, details show arguments, links jump", async () => {
    const { app, page } = await launchAppInTest();
    await stubOpenDialog(app, [await writeSteps("steps.json")]);
    await page.getByRole("button", { name: "Open files…" }).click();
    await opened(page, "steps.json");

    const row = page.getByRole("grid", { name: "Spans by name" }).getByRole("row", { name: /gemm_128x128/u });
    await row.click();
    expect(await row.getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("1");
    await selectedText(page).getByText("500 µs").first().waitFor();
    await selectedText(page).getByText("correlation").waitFor();
    await selectedText(page)
      .getByRole("button", { name: /cudaLaunchKernel/u })
      .click();
    await page.getByRole("heading", { name: "cudaLaunchKernel" }).waitFor();
    await selectedText(page).getByRole("heading", { name: "Launches" }).waitFor();
  });

  test("finds names, counts them, walks the hits, and says what a query lacks", async () => {
    const { page } = await launchAppInTest({ files: [await writeSteps("steps.json")] });
    await opened(page, "steps.json");
    await page.keyboard.press("Control+f");
    await page.keyboard.type("gemm");
    const search = page.getByRole("search");
    await search.getByText("2", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await search.getByText("1 of 2").waitFor();
    await page.keyboard.press("Enter");
    await search.getByText("2 of 2").waitFor();
    await page.getByLabel("Search spans").fill("/(/");
    await search.getByRole("alert").waitFor();
  });

  test("a file that is no trace says so; another one can be dropped beside it", async () => {
    const broken = join(await createTemporaryFolder(), "page.json");
    await writeFile(broken, "<!doctype html><title>Sign in</title>");
    const { page } = await launchAppInTest({ files: [broken] });
    const message = page.getByRole("alert").filter({ hasText: "page.json cannot be read" });
    await message.waitFor();
    expect(await message.textContent()).toContain("HTML page");
    await dropFiles(page, [await writeSteps("dropped.json")], { x: 500, y: 400 });
    await opened(page, "dropped.json");
    expect(await page.getByRole("tab", { name: /page\.json|dropped\.json/u }).count()).toBe(2);
  });

  test("the menu and the keys close tabs and turn panels; what was set outlives the window", async () => {
    const profile = await createTemporaryFolder();
    const { app, page, close } = await launchAppInTest({ profile, files: [await writeSteps("steps.json")] });
    await opened(page, "steps.json");
    await clickMenu(app, "view.callTree");
    await page.getByRole("treegrid", { name: "Call tree" }).waitFor();
    await clickMenu(app, "view.toggleTracks");
    await page.getByRole("tree", { name: /tracks/u }).waitFor({ state: "hidden" });
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await clickMenu(app, "tab.close");
    await page.getByRole("heading", { name: "Drop traces here" }).waitFor();
    await page
      .getByRole("button", { name: /steps\.json/u })
      .first()
      .waitFor();
    await close();

    const second = await launchAppInTest({ profile, files: [await writeSteps("again.json")] });
    await opened(second.page, "again.json");
    await second.page.getByRole("treegrid", { name: "Call tree" }).waitFor();
    await second.page.getByRole("tree", { name: /tracks/u }).waitFor({ state: "hidden" });
  });

  test("the end of the engine is said; reopening reads the files again", async () => {
    const { app, page } = await launchAppInTest({ files: [await writeSteps("steps.json")] });
    await opened(page, "steps.json");
    const pid = await app.evaluate(
      ({ app: shell }) =>
        shell.getAppMetrics().find(({ serviceName, name }) => (name ?? serviceName) === "Deltaflame engine")?.pid ?? 0,
    );
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, "SIGKILL");
    await page.getByRole("alert").filter({ hasText: "The engine has ended" }).waitFor();
    await page.getByRole("button", { name: "Reopen" }).click();
    await opened(page, "steps.json");
    await page.getByRole("row", { name: /gemm_128x128/u }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("names of a trace stay text", async () => {
    const path = join(await createTemporaryFolder(), "hostile.json");
    const name = '<img src=x onerror="document.title=1">';
    await writeFile(
      path,
      JSON.stringify({
        traceEvents: [
          { ph: "X", pid: 1, tid: 1, cat: "cpu_op", name, ts: 0, dur: 5, args: { __proto__x: name, "<b>": name } },
        ],
      }),
    );
    const { page } = await launchAppInTest({ files: [path] });
    await opened(page, "hostile.json");
    await page.getByRole("row", { name: /onerror/u }).click();
    await page.keyboard.press("1");
    await selectedText(page).getByText(name).first().waitFor();
    expect(await page.locator("main img, main b").count()).toBe(0);
    expect(await page.title()).toBe("Deltaflame");
  });
});
