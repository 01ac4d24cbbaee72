import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cachedMeasure, fitLabel, LabelCache } from "../../../../renderer/timeline/fit-label.ts";

/** A proportional font: narrow and wide letters, the ellipsis wide. */
const measure = (text: string): number =>
  [...text].reduce((sum, letter) => sum + ("il.:".includes(letter) ? 3 : letter === "…" ? 9 : 6.5), 0);

describe("fitLabel", () => {
  it("never gives a label that is wider than its box", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.double({ min: -5, max: 400, noNaN: true }), (name, room) => {
        const label = fitLabel(name, room, measure);
        expect(label === "" || measure(label) <= room).toBe(true);
      }),
    );
  });

  it("gives the whole name, or a beginning of at least three characters and an ellipsis, or nothing", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.double({ min: 0, max: 400, noNaN: true }), (name, room) => {
        const label = fitLabel(name, room, measure);
        if (label === "" || label === name) return;
        expect(label.endsWith("…")).toBe(true);
        expect(name.startsWith(label.slice(0, -1))).toBe(true);
        expect(name.length).toBeGreaterThan(3);
      }),
    );
  });

  it("keeps as much of the name as fits", () => {
    expect(fitLabel("cudaStreamSynchronize", 60, measure)).toBe("cudaStr…");
    expect(fitLabel("cudaStreamSynchronize", 27, measure)).toBe("");
    expect(fitLabel("cudaStreamSynchronize", 28.5, measure)).toBe("cud…");
    expect(fitLabel("mm", 13, measure)).toBe("mm");
    expect(fitLabel("mm", 12, measure)).toBe("");
  });

  it("does not cut a character in half", () => {
    const label = fitLabel("abc😀😀😀", 6.5 * 4 + 9, (text) => text.length * 6.5 + (text.endsWith("…") ? 2.5 : 0));
    expect(label).toBe("abc…");
  });
});

describe("LabelCache", () => {
  it("answers as fitLabel does, and measures every text once", () => {
    const measured: string[] = [];
    const cache = new LabelCache((text) => {
      measured.push(text);
      return measure(text);
    });
    for (let round = 0; round < 3; round++) {
      for (const room of [20, 40, 41.5, 80, 200])
        expect(cache.label("aten::convolution_backward", room)).toBe(
          fitLabel("aten::convolution_backward", Math.floor(room), measure),
        );
    }
    expect(new Set(measured).size).toBe(measured.length);
  });

  it("shares widths between texts of any number without growing for ever", () => {
    let calls = 0;
    const cached = cachedMeasure((text) => {
      calls++;
      return text.length;
    });
    for (let index = 0; index < 50_000; index++) cached(`name ${index % 100}`);
    expect(calls).toBe(100);
  });
});
