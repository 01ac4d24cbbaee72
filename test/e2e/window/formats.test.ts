import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { clickMenu, saveScreenshot, stubMessageBox, stubOpenDialog, stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { writeManySpans } from "../../integration/engine/event-files.ts";
import { samples as results } from "../../fixtures/measurements/samples.ts";
import { samples as profiles } from "../../fixtures/stacks/make-samples.ts";

/** Writing happens behind the window's back. */
const waiting = { timeout: 15_000 };

const timelineOf = (page: Page, name: string) => page.getByRole("application", { name: `Timeline of ${name}` });

async function openByDialog(app: Parameters<typeof stubOpenDialog>[0], paths: readonly string[]): Promise<void> {
  await stubOpenDialog(app, paths);
  await clickMenu(app, "file.open");
}

describe.skipIf(windowSkipReason() !== null)("files of every kind in the window", () => {
  test("a trace is exported from the menu, and the container opens again with its arguments", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    const source = join(folder, "steps.json");
    const events = [
      {
        ph: "X",
        pid: 1,
        tid: 1,
        cat: "cpu_op",
        name: "aten::mm",
        ts: 10,
        dur: 300,
        args: { "Input Dims": "[[8, 8]]" },
      },
      { ph: "X", pid: 1, tid: 1, cat: "cpu_op", name: "aten::add", ts: 400, dur: 100, args: { note: 7 } },
    ];
    await writeFile(source, JSON.stringify({ traceEvents: events }));
    await openByDialog(app, [source]);
    await timelineOf(page, "steps.json").waitFor();
    await stubSaveDialog(app, folder);
    for (const [menu, file] of [
      ["file.exportContainer", "steps.dflame"],
      ["file.exportCsv", "steps.csv"],
    ] as const) {
      await clickMenu(app, menu);
      await expect
        .poll(() =>
          stat(join(folder, file)).then(
            (facts) => facts.size > 0,
            () => false,
          ),
        )
        .toBe(true);
    }
    expect(await readFile(join(folder, "steps.csv"), "utf8")).toContain(",aten::mm,cpu_op,op,0,300000,");
    await openByDialog(app, [join(folder, "steps.dflame")]);
    await timelineOf(page, "steps.dflame").waitFor();
    await page
      .getByRole("grid", { name: "Spans by name" })
      .getByRole("row", { name: /aten::mm/u })
      .click();
    await page.keyboard.press("1");
    await saveScreenshot(page, "container");
    await expect.poll(() => page.getByText("[[8, 8]]").count()).toBeGreaterThan(0);
  });

  test("benchmark results open as a table; a guessed unit can be corrected", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    const path = join(folder, "script.json");
    await writeFile(path, results.find(({ file }) => file === "script.json")?.content ?? "");
    await openByDialog(app, [path]);
    const table = page.getByRole("grid", { name: "Measurements" });
    await table.getByText("batch / 4 / time_per_structure_ms").click();
    const unit = page.getByRole("textbox", { name: "Unit" });
    expect(await unit.inputValue()).toBe("ms");
    expect(await page.getByText("Guessed from the name").count()).toBe(1);
    await unit.fill("us");
    await expect.poll(() => page.getByText("As you set it").count()).toBe(1);
    await saveScreenshot(page, "measurements");
  });

  test("sampled profiles open as stacks; weights that are no time say so", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    const paths: string[] = [];
    for (const { file, content } of profiles.filter(({ file }) =>
      /^(?:node\.cpuprofile|stacks\.folded|sampled)/.test(file),
    )) {
      await writeFile(join(folder, file), content);
      paths.push(join(folder, file));
    }
    await openByDialog(app, paths);
    for (const path of paths) {
      const name = path.slice(folder.length + 1);
      await page.getByRole("tab", { name }).click();
      await timelineOf(page, name).waitFor();
    }
    await page.keyboard.press("5");
    await page.getByText("folded stacks, axis counts samples").first().waitFor();
    await saveScreenshot(page, "stacks");
    await expect.poll(() => page.getByText("counts samples, no time: one is drawn as 1 ns").count()).toBeGreaterThan(0);
  });

  test("a span of a pprof profile tells the labels of its samples; markers of Firefox are spans", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    const paths: string[] = [];
    for (const { file, content } of profiles.filter(({ file }) => file === "gecko.json" || file === "cpu.pprof")) {
      await writeFile(join(folder, file), content);
      paths.push(join(folder, file));
    }
    await openByDialog(app, paths);
    await page.getByRole("tab", { name: "cpu.pprof" }).click();
    await timelineOf(page, "cpu.pprof").waitFor();
    await page.getByRole("grid", { name: "Spans by name" }).getByRole("row", { name: /main/u }).click();
    await page.keyboard.press("1");
    await page.getByText("main (3 samples), solve (2 samples)").first().waitFor();
    await saveScreenshot(page, "pprof-labels");
    await page.getByRole("tab", { name: "gecko.json" }).click();
    await timelineOf(page, "gecko.json").waitFor();
    await page.getByText("GeckoMain (markers)").first().waitFor();
    await saveScreenshot(page, "firefox-markers");
  });

  test("a large trace is kept for its second opening, with its arguments; the menu forgets it", async () => {
    const { app, page } = await launchAppInTest();
    const path = writeManySpans(await createTemporaryFolder(), "many.json", 60_000);
    const kept = join(await app.evaluate((electron) => electron.app.getPath("userData")), "trace-cache");
    const listKept = (): Promise<readonly string[]> => readdir(kept).catch(() => []);
    for (const opened of [1, 2]) {
      await openByDialog(app, [path]);
      await page
        .getByRole("tab", { name: "many.json" })
        .nth(opened - 1)
        .waitFor();
      await timelineOf(page, "many.json").waitFor();
      await expect
        .poll(async () => (await listKept()).filter((name) => name.endsWith(".chrome-json.dflame")).length, waiting)
        .toBe(1);
    }
    await page
      .getByRole("grid", { name: "Spans by name" })
      .getByRole("row", { name: /op 7\b/u })
      .click();
    await page.keyboard.press("1");
    await page.getByText("............").first().waitFor();
    const keptSeen = await stubMessageBox(app, 1);
    await clickMenu(app, "file.traceCache");
    await expect
      .poll(async () => (await keptSeen()).join(), waiting)
      .toMatch(/^1 kept trace takes [\d.]+ MB of at most 4 GB$/);
    expect(await listKept()).toHaveLength(1);
    await clickMenu(app, "file.traceCache.0");
    await expect.poll(listKept, waiting).toEqual([]);
    await clickMenu(app, "file.traceCache");
    await expect.poll(async () => (await keptSeen()).at(-1), waiting).toBe("No traces are kept");
  });
});
