// @vitest-environment happy-dom
import { Profiler } from "react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { DataGrid, type DataGridProps } from "../../../../renderer/ui/DataGrid.tsx";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());
beforeAll(() => {
  // happy-dom lays nothing out; the grid shows what fits its height.
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => 240 });
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 600 });
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 240 });
});

const names = Array.from({ length: 1000 }, (_, index) => `row ${index}`);

async function showGrid(parts: Partial<DataGridProps<string>> = {}) {
  const heard: string[] = [];
  page = await renderInApp(
    <DataGrid
      label="Names"
      columns={[{ id: "name", title: "Name", align: "start", sortable: true, cell: (name) => name }]}
      rowCount={names.length}
      rowAt={(index) => names[index] ?? null}
      sort={{ column: "name", descending: true }}
      onSort={(column) => heard.push(`sort ${column}`)}
      current={5}
      onCurrent={(index) => heard.push(`current ${index}`)}
      onActivate={(index) => heard.push(`activate ${index}`)}
      onCopy={() => heard.push("copy")}
      {...parts}
    />,
  );
  const key = async (name: string, init: KeyboardEventInit = {}): Promise<void> => {
    const grid = page?.all("grid")[0] ?? page?.all("treegrid")[0];
    await page?.update(
      () =>
        void grid?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init })),
    );
  };
  return { heard, key, page };
}

describe("the grid", () => {
  test("tells its size, sorting and place, and holds only rows in sight", async () => {
    const { page } = await showGrid();
    const grid = page.all("grid")[0];
    expect(grid?.getAttribute("aria-rowcount")).toBe("1001");
    expect(page.all("columnheader")[0]?.getAttribute("aria-sort")).toBe("descending");
    expect(page.all("row").length).toBeLessThan(60);
    expect(page.all("row").find((row) => row.getAttribute("aria-selected") === "true")?.textContent).toBe("row 5");
  });

  test("is walked by keys", async () => {
    const { heard, key } = await showGrid();
    for (const name of ["ArrowDown", "ArrowUp", "Home", "End", "PageDown", "Enter"]) await key(name);
    await key("c", { ctrlKey: true });
    expect(heard).toEqual(["current 6", "current 4", "current 0", "current 999", "current 13", "activate 5", "copy"]);
  });

  test("sorts by a click on a head", async () => {
    const { heard, page } = await showGrid();
    await page.update(() => page.role("button", "Name").click());
    expect(heard).toEqual(["sort name"]);
  });

  test("opens and closes as a tree", async () => {
    const toggled: unknown[] = [];
    const { key, heard } = await showGrid({
      rowState: (index) => ({ level: index === 5 ? 2 : 1, expanded: index === 5 ? true : null }),
      onToggle: (index, expanded) => toggled.push([index, expanded]),
    });
    await key("ArrowLeft");
    expect(toggled).toEqual([[5, false]]);
    await key("ArrowRight");
    expect(heard).toEqual(["current 6"]);
  });
});

test("a staged grid comes in parts: the head, then a few rows more with each", async () => {
  const commits: (readonly [heads: number, rows: number])[] = [];
  const seen = (): readonly [number, number] => [
    document.querySelectorAll('[role="columnheader"]').length,
    document.querySelectorAll('[role="gridcell"]').length,
  ];
  page = await renderInApp(
    <Profiler
      id="grid"
      // A commit is told of when its elements are on the page.
      onRender={() => queueMicrotask(() => commits.push(seen()))}
    >
      <DataGrid
        label="Names"
        columns={[{ id: "name", title: "Name", align: "start", cell: (name: string) => name }]}
        rowCount={names.length}
        rowAt={(index) => names[index] ?? null}
        current={null}
        onCurrent={() => undefined}
        isStaged
      />
    </Profiler>,
  );
  expect(commits[0]).toEqual([0, 0]);
  const whole = 20;
  const aTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  for (let task = 0; task < 20 && seen()[1] <= whole; task++) await page.update(aTask);
  expect(seen()[1]).toBeGreaterThan(whole);
  const rows = commits.map(([, count]) => count);
  expect(commits.find(([heads]) => heads > 0)).toEqual([1, 0]);
  expect(new Set(rows).size).toBeGreaterThan(4);
  for (const [index, count] of rows.entries()) expect(count - (rows[index - 1] ?? 0)).toBeLessThanOrEqual(15);
});

test("a grid that comes is not scrolled to where it stands, which would lay the page out at once", async () => {
  const scrolled: unknown[] = [];
  vi.spyOn(Element.prototype, "scrollTo").mockImplementation((...where: unknown[]) => void scrolled.push(...where));
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockReturnValue(24 * names.length);
  const { key } = await showGrid();
  expect(scrolled).toEqual([]);
  await key("End");
  expect(scrolled).not.toEqual([]);
  vi.restoreAllMocks();
});
