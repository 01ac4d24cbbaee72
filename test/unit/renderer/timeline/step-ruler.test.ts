import { expect, it } from "vitest";
import type { StepSummary } from "../../../../electron/contract/engine-contract.ts";
import type { Palette } from "../../../../renderer/theme/palette.ts";
import { drawStepRuler } from "../../../../renderer/timeline/draw-axis.ts";
import { LabelCache } from "../../../../renderer/timeline/fit-label.ts";

const css = { surfacePanel: "panel", surfaceHover: "even", surfaceRaised: "odd", borderStrong: "edge" };
const palette = { css, font: "sans-serif" } as unknown as Palette;

/** Colors of the pixels of one line after all calls, and how many calls there were. */
function drawRuler(steps: readonly StepSummary[], widthPx: number, endNs: number) {
  const pixels: string[] = [];
  let calls = 0;
  const context = {
    fillStyle: "",
    setTransform: () => undefined,
    fillText: () => undefined,
    fillRect(x: number, y: number, width: number) {
      if (y > 0) return;
      calls++;
      for (let at = x; at < x + width; at++) pixels[at] = context.fillStyle;
    },
  };
  drawStepRuler(context as unknown as CanvasRenderingContext2D, {
    widthPx,
    dpr: 1,
    view: { startNs: 0, endNs },
    palette,
    steps,
    labels: new LabelCache(() => 1000),
  });
  return { pixels, calls };
}

it("steps narrower than a pixel are drawn once a pixel, and the last one is seen", () => {
  const steps = Array.from({ length: 1001 }, (_, index) => ({ name: "step", startNs: index, durationNs: 1 }));
  const { pixels, calls } = drawRuler(steps as unknown as readonly StepSummary[], 10, 1001);
  expect(calls).toBeLessThan(30);
  const lastStart = (pixel: number): number => Math.ceil(((pixel + 1) * 1001) / 10) - 1;
  for (let pixel = 0; pixel < 10; pixel++)
    expect(pixels[pixel], `pixel ${pixel}`).toBe(lastStart(pixel) % 2 === 0 ? "even" : "odd");
});
