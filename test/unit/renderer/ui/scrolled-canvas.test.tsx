// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { ScrolledCanvas } from "../../../../renderer/ui/ScrolledCanvas.tsx";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

test("a canvas that is scrolled finds what lies under the pointer, and acts on nodes alone", async () => {
  const told: (readonly [what: string, value: unknown])[] = [];
  // Rows of 20 px, one node each; none in the first.
  const find = (xPx: number, yPx: number) =>
    xPx > 100 ? null : { box: { node: yPx < 20 ? null : Math.floor(yPx / 20) }, xPx };
  page = await renderInApp(
    <ScrolledCanvas
      heightPx={1000}
      view={{ widthPx: 200, heightPx: 300, topPx: 0 }}
      draw={() => undefined}
      find={find}
      onPoint={(found) => told.push(["point", found?.box.node])}
      onChoose={(node) => told.push(["choose", node])}
      onZoom={(node) => told.push(["zoom", node])}
    />,
  );
  const canvas = page.root.querySelector("canvas");
  if (canvas === null) throw new Error("no canvas");
  expect(canvas.style.height).toBe("300px");
  expect(canvas.parentElement?.style.height).toBe("1000px");
  const at = (type: string, clientX: number, clientY: number): boolean =>
    canvas.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX, clientY }));
  await page.update(() => {
    at("click", 10, 45);
    at("dblclick", 10, 65);
    at("click", 10, 5);
    at("click", 150, 45);
    at("pointermove", 10, 85);
    at("pointermove", 150, 85);
  });
  expect(told).toEqual([
    ["choose", 2],
    ["zoom", 3],
    ["point", 4],
    ["point", undefined],
  ]);
});

test("a canvas that is scrolled is as high as what it shows", async () => {
  const rows: number[] = [];
  page = await renderInApp(
    <ScrolledCanvas
      heightPx={120}
      view={{ widthPx: 200, heightPx: 300, topPx: 40 }}
      draw={() => undefined}
      find={(_xPx, yPx) => ({ box: { node: Math.floor(yPx / 20) } })}
      onPoint={() => undefined}
      onChoose={(node) => rows.push(node)}
      onZoom={() => undefined}
    />,
  );
  const canvas = page.root.querySelector("canvas");
  expect(canvas?.style.height).toBe("120px");
  await page.update(() => void canvas?.dispatchEvent(new MouseEvent("click", { bubbles: true, clientY: 5 })));
  expect(rows).toEqual([2]);
});
