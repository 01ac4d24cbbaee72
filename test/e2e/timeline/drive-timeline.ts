import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

/** A span of a drawn trace, µs. */
export interface DrawnSpan {
  readonly name: string;
  readonly startUs: number;
  readonly durationUs: number;
  /** Default 1. */
  readonly thread?: number;
}

/** Writes spans of one process as a Chrome trace; gives its path. The folder lives as long as the running test. */
export async function writeTrace(name: string, spans: readonly DrawnSpan[]): Promise<string> {
  const traceEvents = spans.map((span) => ({
    ph: "X",
    pid: 1,
    tid: span.thread ?? 1,
    cat: "cpu_op",
    name: span.name,
    ts: span.startUs,
    dur: span.durationUs,
  }));
  return writeEvents(name, traceEvents);
}

/** Writes events as a Chrome trace; gives its path. The folder lives as long as the running test. */
export async function writeEvents(name: string, traceEvents: readonly object[]): Promise<string> {
  const path = join(await createTemporaryFolder(), name);
  await writeFile(path, JSON.stringify({ traceEvents, displayTimeUnit: "ns" }));
  return path;
}

/** The tracks of the timeline, drawn at least once. */
export async function timelineOf(page: Page, fileName: string): Promise<Locator> {
  const timeline = page.getByRole("application", { name: `Timeline of ${fileName}` });
  await timeline.waitFor();
  await page.getByText("Reading").first().waitFor({ state: "detached" });
  return timeline;
}

/** What the timeline last told screen readers of its view: "Showing 0 ns to 1 ms, 1.00 ms wide". */
export async function waitForView(page: Page, pattern: RegExp): Promise<string> {
  const message = page.getByText(/^Showing .* wide$/u);
  await message.filter({ hasText: pattern }).waitFor({ state: "attached" });
  return (await message.textContent()) ?? "";
}

/** Waits until this span is selected, as the tree for screen readers says it: "matmul, 300 µs, starts at …". */
export async function waitForSelected(page: Page, pattern: RegExp): Promise<void> {
  const item = page
    .getByRole("tree", { name: "Spans around the selection" })
    .locator('[role="treeitem"][aria-selected="true"]');
  await item.filter({ hasText: pattern }).waitFor({ state: "attached", timeout: 10_000 });
}

/** Device pixels of one line across the tracks, as [r, g, b] each; `yPx` in CSS px from the top of the tracks. */
export async function readPixels(page: Page, yPx: number): Promise<readonly (readonly [number, number, number])[]> {
  const bytes = await page.evaluate((y) => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-part="tracks"]');
    const context = canvas?.getContext("2d");
    if (canvas == null || context == null) throw new Error("no canvas of tracks");
    return [...context.getImageData(0, Math.round(y * devicePixelRatio), canvas.width, 1).data];
  }, yPx);
  return Array.from({ length: bytes.length / 4 }, (_, x) => [
    bytes[x * 4] ?? 0,
    bytes[x * 4 + 1] ?? 0,
    bytes[x * 4 + 2] ?? 0,
  ]);
}
