// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { SvgPen } from "../../../../renderer/charts/svg-pen.ts";

test("what is drawn as pixels is drawn as SVG: places, colors, fading, cuts, and names as text", () => {
  const pen = new SvgPen(200, 40);
  pen.fillStyle = "#112233";
  pen.fillRect(0, 0, 50.127, 19);
  pen.fillRect(0, 0, 0, 19);
  pen.save();
  pen.beginPath();
  pen.rect(100, 0, 90, 40);
  pen.clip();
  pen.translate(100, 0);
  pen.globalAlpha = 0.25;
  pen.font = "11.5px sans-serif";
  pen.textBaseline = "middle";
  pen.fillText("<script>alert(1)</script>", 4, 10);
  pen.restore();
  pen.globalAlpha = 1;
  pen.strokeStyle = "#445566";
  pen.setLineDash([3, 2]);
  pen.strokeRect(1, 2, 3, 4);
  const text = new XMLSerializer().serializeToString(pen.svg);
  expect(pen.svg.querySelectorAll("rect")).toHaveLength(2);
  expect(text).toContain('viewBox="0 0 200 40"');
  expect(text).toContain('width="50.13"');
  expect(text).not.toContain("<script");
  const label = pen.svg.querySelector("text");
  expect(label?.textContent).toBe("<script>alert(1)</script>");
  expect(label?.getAttribute("opacity")).toBe("0.25");
  expect(label?.parentElement?.getAttribute("transform")).toBe("translate(100 0)");
  expect(label?.parentElement?.parentElement?.getAttribute("overflow")).toBe("hidden");
  // After restore the next one stands outside of the cut again.
  const outline = pen.svg.querySelectorAll("rect")[1];
  expect(outline?.parentElement).toBe(pen.svg);
  expect(outline?.getAttribute("stroke-dasharray")).toBe("3 2");
});
