import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ElectronApplication, Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { type DrawnSpan, timelineOf, waitForSelected, writeEvents, writeTrace } from "./drive-timeline.ts";

/** Ten forward passes of 900 µs, in each a matmul whose length grows; 100 µs of rest between them. */
const training: readonly DrawnSpan[] = Array.from({ length: 10 }, (_, index) => [
  { name: `forward ${index % 3}`, startUs: index * 1000, durationUs: 900 },
  { name: "matmul", startUs: index * 1000 + 100, durationUs: 300 + index * 10 },
]).flat();
const traceUs = 9900;

/** A launch on the host and its kernel on a stream. */
const launchAndKernel = [
  { ph: "X", pid: 1, tid: 1, cat: "cpu_op", name: "aten::mm", ts: 0, dur: 400 },
  {
    ph: "X",
    pid: 1,
    tid: 1,
    cat: "cuda_runtime",
    name: "cudaLaunchKernel",
    ts: 100,
    dur: 200,
    args: { correlation: 7 },
  },
  {
    ph: "X",
    pid: 0,
    tid: 7,
    cat: "kernel",
    name: "gemm_128x128",
    ts: 500,
    dur: 500,
    args: { correlation: 7, stream: 7, device: 0 },
  },
];

/** Middle of the first and second row below the header of the process, px. */
const firstRowPx = 22 + 9;
const secondRowPx = 22 + 18 + 9;

const readClipboard = (app: ElectronApplication): Promise<string> =>
  app.evaluate(({ clipboard }) => clipboard.readText());

async function dragWith(
  key: "Shift" | "Alt",
  page: Page,
  timeline: Locator,
  places: Record<"from" | "to", [number, number]>,
) {
  const { x = 0, y = 0 } = (await timeline.boundingBox()) ?? {};
  await page.mouse.move(x + places.from[0], y + places.from[1]);
  await page.keyboard.down(key);
  await page.mouse.down();
  await page.mouse.move(x + (places.from[0] + places.to[0]) / 2, y + places.to[1]);
  await page.mouse.move(x + places.to[0], y + places.to[1]);
  await page.mouse.up();
  await page.keyboard.up(key);
}

/** "name kind count totalNs selfNs" of every line, sorted by name. */
const essence = (rows: readonly (readonly (string | number)[])[]): readonly string[] =>
  rows.map((row) => row.join(" ")).toSorted();

async function topOfCommandLine(file: string): Promise<readonly string[]> {
  const cli = join(repositoryFolder, "dist/cli/index.cjs");
  const { stdout } = await promisify(execFile)("node", [cli, "top", file, "--json"]);
  const { rows } = JSON.parse(stdout) as {
    rows: readonly { name: string; kind: string; count: number; totalNs: number; selfNs: number }[];
  };
  return essence(rows.map((row) => [row.name, row.kind, row.count, row.totalNs, row.selfNs]));
}

describe.skipIf(windowSkipReason() !== null)("numbers of the window", () => {
  test("of an area equal those of the command line for the same events, as copied", async () => {
    const { app, page } = await launchAppInTest({ files: [await writeTrace("area.json", training)] });
    const timeline = await timelineOf(page, "area.json");
    const { width = 0 } = (await timeline.boundingBox()) ?? {};
    const restUs = 4950;
    // Towards the start and beyond it: the first pixels belong to the handle of the track names.
    await dragWith("Shift", page, timeline, {
      from: [(width * restUs) / traceUs, secondRowPx],
      to: [-8, firstRowPx],
    });
    await page
      .getByText(/^Selection: (4\.9\d*|5\.00)\sms, 2 rows$/u)
      .first()
      .waitFor();
    await timeline.focus();
    await page.keyboard.press("Control+c");
    await expect.poll(() => readClipboard(app)).toContain("matmul\t");
    const [, ...lines] = (await readClipboard(app)).split("\n");
    const half = await writeTrace(
      "half.json",
      training.filter((span) => span.startUs < restUs),
    );
    expect(essence(lines.map((line) => line.split("\t").slice(0, 5)))).toEqual(await topOfCommandLine(half));
  });

  test("of a measure are those between the edges of spans, by drag and by key", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("measure.json", training)] });
    const timeline = await timelineOf(page, "measure.json");
    const { width = 0 } = (await timeline.boundingBox()) ?? {};
    const at = (us: number, px = 0): number => (width * us) / traceUs + px;
    // Three pixels beside the start of the third pass and the end of the fifth: caught by both edges.
    await dragWith("Alt", page, timeline, { from: [at(2000, 3), firstRowPx], to: [at(4900, -3), firstRowPx] });
    await page.getByText("Measured 2.9 ms").waitFor({ state: "attached" });
    await timeline.focus();
    await page.keyboard.press("Escape");
    await timeline.click({ position: { x: at(250), y: secondRowPx } });
    await waitForSelected(page, /^matmul, 300\s/u);
    await page.mouse.move(2, 2);
    await timeline.focus();
    await page.keyboard.press("m");
    await page.getByText("Measured 300 µs").waitFor({ state: "attached" });
  });

  test("of a kernel lead to its launch and back, and are copied digit by digit", async () => {
    const { app, page } = await launchAppInTest({ files: [await writeEvents("flow.json", launchAndKernel)] });
    const timeline = await timelineOf(page, "flow.json");
    const { width = 0, y = 0 } = (await timeline.boundingBox()) ?? {};
    const stream = await page.getByRole("treeitem", { name: /^stream 7\b/u }).boundingBox();
    await timeline.click({ position: { x: width * 0.75, y: (stream?.y ?? 0) - y + 9 } });
    await waitForSelected(page, /^gemm_128x128, 500\s/u);
    const details = page.getByRole("region", { name: "The selected span" });
    await details.getByRole("heading", { name: "Launched by" }).waitFor();
    await details.getByRole("button", { name: /cudaLaunchKernel/u }).waitFor();
    await timeline.focus();
    await page.keyboard.press("[");
    await waitForSelected(page, /^cudaLaunchKernel, 200\s/u);
    await details.getByRole("button", { name: /gemm_128x128/u }).click();
    await waitForSelected(page, /^gemm_128x128, 500\s/u);
    await timeline.focus();
    await page.keyboard.press("Control+c");
    await expect.poll(() => readClipboard(app)).toContain("duration\t500000 ns");
    expect(await readClipboard(app)).toMatch(/^gemm_128x128\nkind\tkernel\n/u);
  });

  test("stand in a picture of the view that can be saved", async () => {
    const { app, page } = await launchAppInTest({ files: [await writeTrace("picture.json", training)] });
    const timeline = await timelineOf(page, "picture.json");
    const folder = await createTemporaryFolder();
    await stubSaveDialog(app, folder);
    const { width = 0 } = (await timeline.boundingBox()) ?? {};
    await page.keyboard.press("Control+k");
    await page.keyboard.type("picture");
    await page.keyboard.press("Enter");
    await page.getByText("Picture saved as picture.json.png").waitFor({ state: "attached" });
    const bytes = await readFile(join(folder, "picture.json.png"));
    expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
    // The names of the tracks stand left of the tracks.
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(width + 100);
  });
});
