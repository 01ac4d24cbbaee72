import { describe, expect, it } from "vitest";
import { isolate, isTurning, joinPath } from "../../../../renderer/names/isolate.ts";
import { LabelCache } from "../../../../renderer/timeline/fit-label.ts";

const hebrew = "שמירה (1)";
const arabic = "تدريب";
const inside = (text: string): string => `\u2068${text}\u2069`;

describe("names that run from right to left", () => {
  it("are known by their letters, and by marks that turn a text", () => {
    expect(["aten::mm", "größe ☃ 漢字", "", "Ω → 3 µs", "𝛼"].map(isTurning)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([hebrew, arabic, "x \u202egnp.exe", "ﭐ", "𞤀"].map(isTurning)).toEqual([true, true, true, true, true]);
  });

  it("stand in a text without turning it; other names stay what they are", () => {
    expect(isolate("aten::mm")).toBe("aten::mm");
    expect(isolate(hebrew)).toBe(inside(hebrew));
    expect(joinPath(["main", hebrew, arabic])).toBe(`main › ${inside(hebrew)} › ${inside(arabic)}`);
  });

  it("lose their end on the canvas, with the ellipsis where they end", () => {
    const labels = new LabelCache((text) => text.length * 10);
    expect(labels.label(hebrew, 90)).toBe(inside(hebrew));
    expect(labels.label(hebrew, 60)).toBe(inside("שמירה…"));
    expect(labels.label("aten::mm", 60)).toBe("aten:…");
    expect(labels.label(hebrew, 20)).toBe("");
  });
});
