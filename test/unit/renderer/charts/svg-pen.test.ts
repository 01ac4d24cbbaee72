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

test("paths, edges of letters, weights and fading colors come out as they were drawn", () => {
  const pen = new SvgPen(100, 100);
  const last = (tag: string): Element | undefined => [...pen.svg.querySelectorAll(tag)].at(-1);
  pen.fillStyle = "#010203";
  pen.fill();
  expect(last("path")).toBeUndefined();

  pen.beginPath();
  pen.moveTo(1, 2);
  pen.lineTo(3, 4.126);
  pen.bezierCurveTo(1, 2, 3, 4, 5, 6);
  pen.closePath();
  pen.fill();
  expect(last("path")?.getAttribute("d")).toBe("M1 2L3 4.13C1 2 3 4 5 6Z");
  expect(last("path")?.getAttribute("fill")).toBe("#010203");

  pen.beginPath();
  pen.arc(10, 10, 2, 0, Math.PI * 2);
  pen.roundRect(20, 30, 10, 8, 2);
  pen.strokeStyle = "#040506";
  pen.lineJoin = "round";
  pen.stroke();
  // Twice around a half, then four sides with a turn after each.
  expect(last("path")?.getAttribute("d")).toBe(
    "M12 10A2 2 0 0 1 8 10A2 2 0 0 1 12 10" +
      "M22 30h6a2 2 0 0 1 2 2v4a2 2 0 0 1 -2 2h-6a2 2 0 0 1 -2 -2v-4a2 2 0 0 1 2 -2Z",
  );
  expect(last("path")?.getAttribute("fill")).toBe("none");
  expect(last("path")?.getAttribute("stroke-linejoin")).toBe("round");

  pen.font = "600 11px sans-serif";
  pen.strokeText("edge", 1, 2);
  expect(last("text")?.getAttribute("stroke")).toBe("#040506");
  expect(last("text")?.getAttribute("font-weight")).toBe("600");

  const fading = pen.createLinearGradient(0, 0, 10, 0);
  fading.addColorStop(0, "#ff000080");
  fading.addColorStop(1, "#ff0000");
  pen.fillStyle = fading;
  pen.fillRect(0, 0, 10, 10);
  const gradient = pen.svg.querySelector("linearGradient");
  expect(last("rect")?.getAttribute("fill")).toBe(`url(#${gradient?.id})`);
  expect(
    [...(gradient?.children ?? [])].map((stop) => [
      stop.getAttribute("offset"),
      stop.getAttribute("stop-color"),
      stop.getAttribute("stop-opacity"),
    ]),
  ).toEqual([
    ["0", "#ff0000", "0.5"],
    ["1", "#ff0000", null],
  ]);
});
