import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { describe, expect, inject, onTestFinished, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { chromiumSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { startWebHost } from "../../web-host/start-web-host.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const samplesDir = join(repositoryFolder, "dist/samples");

/** What axe finds, as "rule: first element"; empty when nothing. */
async function findViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(axePath, "utf8"));
  return await page.evaluate(async () => {
    interface AxeResult {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }
    const { axe } = globalThis as unknown as { readonly axe: { run(root: Document): Promise<AxeResult> } };
    return (await axe.run(document)).violations.map(
      (violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ""}`,
    );
  });
}

async function openBrowser(): Promise<Browser> {
  const { chromium: setup, flags } = inject("windowSetup");
  const browser = await chromium.launch({ executablePath: setup.executable, args: [...flags] });
  onTestFinished(() => browser.close());
  return browser;
}

describe.skipIf(chromiumSkipReason() !== null).each(["light", "dark"] as const)("axe in the %s theme", (theme) => {
  test("finds nothing in any view, panel or dialog", async () => {
    const host = await startWebHost({
      rendererDir: join(repositoryFolder, "dist/renderer"),
      samplesDir,
      settings: { theme },
    });
    onTestFinished(() => host.close());
    const page = await (await openBrowser()).newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(host.url);
    const check = async (what: string): Promise<void> => expect(await findViolations(page), what).toEqual([]);

    await page.getByRole("button", { name: /Transformer training/u }).waitFor();
    await check("welcome");
    await page.getByRole("button", { name: /Transformer training/u }).click();
    await page.getByRole("row", { name: /cudaStreamSynchronize/u }).click();
    await check("top table");
    for (const [key, what] of [
      ["1", "details"],
      ["3", "call tree"],
      ["4", "flame graph"],
      ["5", "import"],
      ["6", "bookmarks, none yet"],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole("tabpanel").waitFor();
      await check(what);
    }
    await page.keyboard.press("k");
    await page.getByRole("textbox", { name: "Label of the bookmark" }).waitFor();
    await check("a bookmark that is named");
    await page.keyboard.press("Enter");
    await check("bookmarks");
    for (const coloring of ["name", "self share"]) {
      await page.keyboard.press("u");
      await check(`colors by ${coloring}`);
    }
    await page.keyboard.press("u");
    await page.keyboard.press("g");
    await check("tracks by role");
    await page.keyboard.press("g");
    await page.getByRole("button", { name: "Color spans by" }).click();
    await page.getByRole("menuitemradio", { name: "Self share" }).waitFor();
    await check("menu of colors");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+l");
    await page.getByRole("textbox", { name: "Link to a view" }).waitFor();
    await check("a link");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await check("commands");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await check("shortcuts");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByRole("button", { name: "Choose two files…" }).waitFor();
    await check("nothing to compare");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("button", { name: /^Training before and after/u }).click();
    await page.locator("#verdict-sentence").waitFor();
    for (const panel of ["Table", "Flame graph", "Timelines", "Distributions", "Breakdown", "Kernels"]) {
      await page.getByRole("tab", { name: panel, exact: true }).click();
      await page.getByRole("tabpanel", { name: panel }).locator("canvas, svg, [role=grid]").first().waitFor();
      await check(`compare: ${panel}`);
    }
    await page.getByRole("button", { name: /^Comparability/u }).click();
    await page.getByRole("dialog").waitFor();
    await check("comparability");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Report", exact: true }).last().click();
    await page.frameLocator("iframe").getByRole("heading", { name: "Verdict" }).waitFor();
    await check("report");
    await page.getByRole("button", { name: "Findings", exact: true }).click();
    await page.getByRole("combobox", { name: "Trace" }).selectOption({ label: "training-before.pt.trace.json.gz" });
    await page.getByRole("option", { name: "Input arrives too late" }).waitFor();
    await check("findings");
    await page.getByRole("button", { name: "What if", exact: true }).click();
    await page.getByRole("row", { name: /DataLoader/u }).click();
    await page.getByRole("button", { name: "Leave out" }).click();
    await page.getByText(/^A step would take 12\.9\sms instead of 20\.1\sms: −7\.21\sms/u).waitFor();
    await check("what if");

    const folder = await createTemporaryFolder();
    const spans = Array.from({ length: 40 }, (_, i) => ({ ph: "X", pid: 1, tid: 1, name: "a", ts: i * 10, dur: 8 }));
    const stray = [12_000_000_000, 1_700_000_000_000_000].map((ts) => ({
      ph: "X",
      pid: 1,
      tid: 2,
      name: "b",
      ts,
      dur: 8,
    }));
    await writeFile(join(folder, "clocks.json"), JSON.stringify([...spans, ...stray]));
    host.openInWindows(join(folder, "clocks.json"));
    await page.getByText("The spans lie in 2 groups").waitFor();
    await page.getByText("1 events of another clock").waitFor();
    await check("a trace of three clocks");
    for (const [name, key] of [
      ["before.json", "Alt+a"],
      ["after.json", "Alt+b"],
    ] as const) {
      const benchmarks = [1, 2, 4].flatMap((size) =>
        // Equal results would be told as that, without a word of measurements.
        Array.from({ length: 9 }, (_, i) => ({
          name: `sort/${size}`,
          real_time: size + (i + name.length) / 100,
          time_unit: "ms",
        })),
      );
      await writeFile(join(folder, name), JSON.stringify({ context: {}, benchmarks }));
      host.openInWindows(join(folder, name));
      await page.getByRole("heading", { name }).waitFor();
      await page.keyboard.press(key);
    }
    await check("benchmark results");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page
      .getByText(/^Of 3 measurements/u)
      .first()
      .waitFor();
    for (const panel of ["Table", "Distributions", "Scaling"]) {
      await page.getByRole("tab", { name: panel, exact: true }).click();
      await page.getByRole("tabpanel", { name: panel }).locator("svg, [role=grid]").first().waitFor();
      await check(`compare results: ${panel}`);
    }
    await page.getByRole("tab", { name: "after.json" }).click();
    await page.getByRole("button", { name: "Keep in history…" }).click();
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByText("over 1 run, lower is better").waitFor();
    await check("history");

    const broken = join(folder, "broken.json");
    await writeFile(broken, "<html></html>");
    host.openInWindows(broken);
    await page.getByRole("heading", { name: "broken.json cannot be read" }).waitFor();
    await check("a file that cannot be read");
    await host.endEngine("It ran out of memory.");
    await page.getByRole("button", { name: "Reopen" }).waitFor();
    await check("the engine's end");
  });
});
