import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Locator, type Page } from "playwright-core";
import { describe, expect, inject, onTestFinished, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { createRandom } from "../../../traces/measure/random.ts";
import { dropFiles, saveScreenshot, stubOpenDialog, stubSaveDialog } from "../../harness/drive-app.ts";
import { chromiumSkipReason, launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const samples = join(repositoryFolder, "dist/samples");
const before = join(samples, "training-before.pt.trace.json.gz");
const after = join(samples, "training-after.pt.trace.json.gz");

const verdictOf = (page: Page): Locator => page.locator("#verdict-sentence");

/** What a text says of a change: "20.1 ms → 12.7 ms" as numbers. */
function valuesIn(text: string): readonly [before: number, after: number] {
  const match = /([\d.]+)\s*ms → ([\d.]+)\s*ms/u.exec(text);
  if (match === null) throw new Error(`no two times in "${text}"`);
  return [Number(match[1]), Number(match[2])];
}

describe.skipIf(windowSkipReason() !== null)("two files dropped on the window", () => {
  test("give a verdict, a flame graph of the difference, and the way to the spans", async () => {
    const { page } = await launchAppInTest();
    await page.getByRole("button", { name: "Compare two files…" }).waitFor();
    await dropFiles(page, [before, after], { x: 600, y: 300 });
    const verdict = verdictOf(page);
    await verdict.waitFor();
    const sentence = (await verdict.textContent()) ?? "";
    expect(sentence).toMatch(/step time fell \d/u);
    const [a, b] = valuesIn(sentence);
    expect(a / b).toBeGreaterThan(1.3);
    await page.getByRole("tab", { name: /^before: training-before/u }).waitFor();
    await page.getByRole("tab", { name: /^after: training-after/u }).waitFor();
    await page.getByRole("button", { name: /^Comparability: grade A comparable/u }).waitFor();

    // The bars say what the sentence says, and the row of the loader explains most of it.
    const bars = page.getByRole("listbox", { name: /^From before to after/u });
    const labels = await bars
      .getByRole("option")
      .evaluateAll((all) => all.map((bar) => bar.querySelector("text")?.textContent ?? ""));
    expect(labels[0]).toContain(`Before: ${a.toFixed(1)} ms`);
    expect(labels.find((label) => label.includes("DataLoader"))).toMatch(/−[\d.]+ ms.*faster/u);
    await page
      .getByRole("row", { name: /enumerate\(DataLoader\)/u })
      .first()
      .click();
    await page.getByRole("region", { name: "The chosen row" }).getByText("same path").waitFor();
    await saveScreenshot(page, "compare-table");

    await page.getByRole("tab", { name: "Flame graph", exact: true }).click();
    const flame = page.getByRole("application", { name: /^Differential flame graph/u });
    await flame.waitFor();
    // The row chosen in the table is the current node; its parent is the step.
    const tree = page.getByRole("tree", { name: /Flame graph in words/u });
    await expect
      .poll(() => tree.getByRole("treeitem", { selected: true }).textContent())
      .toMatch(/^enumerate\(DataLoader\).*improved/u);
    await flame.focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => tree.getByRole("treeitem", { selected: true }).textContent()).toMatch(/^ProfilerStep/u);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("button", { name: "One level out" }).isEnabled()).toBe(true);
    const colors = await flame.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const seen = new Set<string>();
      for (let at = 0; at < pixels.length; at += 4 * 37) seen.add(`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`);
      return seen.size;
    });
    expect(colors).toBeGreaterThan(5);
    await saveScreenshot(page, "compare-flame");

    await page.keyboard.press("1");
    await page.getByRole("application", { name: /^Timeline of training-before/u }).waitFor();
    await page.keyboard.press("1");
    await page.getByRole("heading", { name: /^ProfilerStep#/u }).waitFor();
  });

  test("mirror when they are swapped, and stand one above the other", async () => {
    const { page } = await launchAppInTest();
    await page.getByRole("button", { name: /^Training before and after/u }).click();
    const verdict = verdictOf(page);
    await verdict.waitFor();
    const [a, b] = valuesIn((await verdict.textContent()) ?? "");
    await page.getByRole("tab", { name: "Timelines", exact: true }).click();
    const steps = page.getByRole("application", { name: /^Two steps on one axis/u });
    await steps.waitFor();
    await steps.focus();
    await page.keyboard.press("ArrowRight");
    await page
      .getByText(/before .* after /u)
      .first()
      .waitFor();
    await page.keyboard.press("b");
    await expect.poll(async () => valuesIn((await verdict.textContent()) ?? "")).toEqual([b, a]);
    expect(await verdict.textContent()).toMatch(/step time rose \d/u);
  });

  test("give charts that can be saved as pictures and numbers", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    await stubSaveDialog(app, folder);
    await page.getByRole("button", { name: /^Training before and after/u }).click();
    const save = async (format: string, file: string): Promise<Buffer> => {
      await page.getByRole("button", { name: /^Export From before to after/u }).click();
      await page.getByRole("menuitem", { name: format }).click();
      await page.getByText(`saved as ${file}`).waitFor({ state: "attached" });
      return readFile(join(folder, file));
    };
    const svg = (await save("Save as SVG…", "waterfall.svg")).toString("utf8");
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/u);
    expect(svg).toContain("From before to after");
    // On paper it says of what it is.
    const words = svg.replaceAll(/<[^>]+>/gu, " ").replaceAll(/\s+/gu, " ");
    expect(words).toContain("Before: training-before.pt.trace.json.gz. After: training-after.pt.trace.json.gz.");
    expect(words).toContain("Both: Simulated GPU, 80.0 GiB");
    expect(svg).not.toContain("var(--");
    const png = await save("Save as PNG…", "waterfall.png");
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    const [width = 0] = /viewBox="0 0 (\d+)/u.exec(svg)?.slice(1).map(Number) ?? [];
    expect(png.readUInt32BE(16)).toBe(2 * width);
    const csv = (await save("Save numbers as CSV…", "waterfall.csv")).toString("utf8");
    expect(csv.split("\n")[1]).toMatch(/^Before,\d/u);
    expect(csv).toMatch(/DataLoader.*,-\d/u);
  });

  test("of benchmark results give a table, alerts, curves, a report and a history", async () => {
    const folder = await createTemporaryFolder();
    const { app, page } = await launchAppInTest({ env: { XDG_DATA_HOME: join(folder, "data") } });
    await stubSaveDialog(app, folder);
    const write = async (name: string, factor: number): Promise<string> => {
      const random = createRandom(name);
      const entries = [1, 2, 4, 8].flatMap((size) =>
        Array.from({ length: 15 }, () => ({
          name: `sort/${size}`,
          run_type: "iteration",
          iterations: 1,
          real_time: factor * (5 + size) * (1 + 0.01 * random.normal()),
          time_unit: "ms",
        })),
      );
      const path = join(folder, name);
      await writeFile(path, JSON.stringify({ context: { num_cpus: factor }, benchmarks: entries }));
      return path;
    };
    const files = [await write("one.json", 1), await write("two.json", 1.3)];
    await page.getByRole("button", { name: "Compare two files…" }).waitFor();
    await dropFiles(page, files, { x: 600, y: 300 });
    await expect.poll(() => verdictOf(page).textContent()).toContain("Of 4 measurements 4 regressed.");
    await page
      .getByRole("alert")
      .getByText(/▲ \+2\d\.\d.*q <.*sort\/\d/u)
      .first()
      .waitFor();
    await page.getByRole("button", { name: /^Comparability: grade C/u }).waitFor();
    await page.getByRole("row", { name: /^sort\/4 / }).click();
    await page.getByRole("tab", { name: "Distributions", exact: true }).click();
    await page.getByRole("heading", { name: /^Distribution of sort\/4/u }).waitFor();
    await page.getByRole("tab", { name: "Scaling", exact: true }).click();
    await page.getByText(/^Before: Affine/u).waitFor();
    await saveScreenshot(page, "compare-results");

    await page.getByRole("button", { name: "Report", exact: true }).last().click();
    const preview = page.frameLocator("iframe");
    await preview.getByRole("heading", { name: "Scaling curves" }).waitFor();
    // The page's own script runs in the preview: tables sort.
    await preview.getByRole("button", { name: "change" }).click();
    await preview.locator('th[aria-sort="descending"]').waitFor();
    await page.getByRole("button", { name: "Save the report as PDF", exact: true }).click();
    const pdf = "one.json → two.json.pdf";
    await page.getByText(`Report saved as ${pdf}`).waitFor({ state: "attached" });
    expect((await readFile(join(folder, pdf))).subarray(0, 5).toString("latin1")).toBe("%PDF-");

    for (const path of files) {
      await stubOpenDialog(app, [path]);
      await page.getByRole("button", { name: "History", exact: true }).click();
      await page.getByRole("button", { name: "Keep results…" }).click();
      await page.getByRole("textbox", { name: "Suite" }).fill("nightly");
      await page.getByRole("button", { name: "Keep", exact: true }).click();
      await page.getByRole("textbox", { name: "Suite" }).waitFor({ state: "detached" });
    }
    await expect.poll(() => verdictOf(page).textContent()).toContain("4 regressed");
    await page.getByText("over 2 runs, lower is better").waitFor();
    await saveScreenshot(page, "history");
  });

  test("give flame graphs and timelines that are saved as pictures and numbers", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    await stubSaveDialog(app, folder);
    await page.getByRole("button", { name: /^Training before and after/u }).click();
    await verdictOf(page).waitFor();
    const save = async (title: string, format: string, file: string): Promise<string> => {
      await page.getByRole("button", { name: `Export ${title}` }).click();
      await page.getByRole("menuitem", { name: format }).click();
      await page.getByText(`saved as ${file}`).waitFor({ state: "attached" });
      return (await readFile(join(folder, file))).toString("latin1");
    };
    await page.getByRole("tab", { name: "Flame graph", exact: true }).click();
    await page.getByRole("application", { name: /^Differential flame graph/u }).waitFor();
    const svg = await save("Differential flame graph", "Save as SVG…", "flame-graph.svg");
    expect(svg).toContain(">prepare_batch<");
    // Hatching is a pattern that its rectangles find.
    const [, pattern] = /fill="url\(#(pattern-\d+)\)"/u.exec(svg) ?? [];
    expect(svg).toContain(`id="${pattern}"`);
    expect((await save("Differential flame graph", "Save as PNG…", "flame-graph.png")).slice(1, 4)).toBe("PNG");
    const csv = await save("Differential flame graph", "Save numbers as CSV…", "flame-graph.csv");
    expect(csv).toMatch(/^Path,"Before, total ns per step"/u);
    expect(csv).toMatch(/enumerate\(DataLoader\)[^,\n]*,\d.*improved/u);
    await page.getByRole("tab", { name: "Timelines", exact: true }).click();
    await page.getByRole("application", { name: /^Two steps on one axis/u }).waitFor();
    expect(await save("Two steps", "Save as SVG…", "steps.svg")).toContain("ProfilerStep#");
    expect((await save("Two steps", "Save numbers as CSV…", "steps.csv")).split("\n").length).toBeGreaterThan(10);
  });

  test("become a report that opens anywhere, as a page and as a PDF", async () => {
    const { app, page } = await launchAppInTest();
    const folder = await createTemporaryFolder();
    await stubSaveDialog(app, folder);
    await page.getByRole("button", { name: /^Training before and after/u }).click();
    const sentence = (await verdictOf(page).textContent()) ?? "";
    await page.getByRole("button", { name: "Report", exact: true }).last().click();
    const preview = page.frameLocator("iframe");
    await preview.getByText(sentence).waitFor();
    await page.getByRole("textbox", { name: "Title" }).fill("Loader <b>fix");
    await preview.getByRole("heading", { name: "Loader <b>fix" }).waitFor();
    await preview.getByRole("heading", { name: "Distributions" }).waitFor();
    await page.getByRole("checkbox", { name: "Distributions" }).uncheck();
    await preview.getByRole("heading", { name: "Distributions" }).waitFor({ state: "detached" });
    await saveScreenshot(page, "report");

    const save = async (format: string, file: string): Promise<Buffer> => {
      await page.getByRole("button", { name: `Save the report as ${format}`, exact: true }).click();
      await page.getByText(`Report saved as ${file}`).waitFor({ state: "attached" });
      return readFile(join(folder, file));
    };
    const html = (await save("HTML", "Loader _b_fix.html")).toString("utf8");
    expect(html.length).toBeLessThan(1_000_000);
    expect(html).toContain("Loader &lt;b&gt;fix");
    expect(await preview.locator("html").evaluate((root) => root.ownerDocument.body.textContent)).toContain(sentence);

    const pdf = (await save("PDF", "Loader _b_fix.pdf")).toString("latin1");
    expect(pdf.slice(0, 5)).toBe("%PDF-");
    expect(pdf.match(/\/Type\s*\/Page\b/gu)?.length ?? 0).toBeGreaterThan(1);
    expect(pdf.length).toBeGreaterThan(20_000);
    const markdown = (await save("Markdown", "Loader _b_fix.md")).toString("utf8");
    // Signs that Markdown reads are escaped there.
    expect(markdown.replaceAll("\\", "")).toContain(sentence);
    expect(JSON.parse((await save("JSON", "Loader _b_fix.json")).toString("utf8"))).toMatchObject({
      summary: { headline: { sentence } },
    });
    expect((await save("JUnit", "Loader _b_fix.xml")).toString("utf8")).toContain("<testsuite");
    if (chromiumSkipReason() === null) await checkSavedPage(join(folder, "Loader _b_fix.html"), sentence);
  });
});

/** Opens the page as a colleague would: from the disk, without a network; its tables sort. */
async function checkSavedPage(path: string, sentence: string): Promise<void> {
  const { chromium: setup, flags } = inject("windowSetup");
  const browser = await chromium.launch({ executablePath: setup.executable, args: [...flags] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(pathToFileURL(path).href);
  await page.getByText(sentence).waitFor();
  expect(requests).toEqual([pathToFileURL(path).href]);
  expect(errors).toEqual([]);
  expect(await page.locator("h1 b").count()).toBe(0);
  const table = page
    .locator("table")
    .filter({ has: page.locator("th button") })
    .first();
  const firstCell = () => table.locator("tbody tr").first().locator("td").first().textContent();
  const unsorted = await firstCell();
  await table.locator("th button").first().click();
  await table.locator("th button").first().click();
  await expect.poll(firstCell).not.toBe(unsorted);
}
