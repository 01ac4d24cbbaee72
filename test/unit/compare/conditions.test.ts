import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../../traces/compare/conditions.ts";
import { sidesWords } from "../../../renderer/views/compare/words.ts";

describe("the conditions of a side", () => {
  it("name device, backend and precision once each, the device first", () => {
    expect(
      conditionsOf([
        ["precision", "float32"],
        ["system", "Linux"],
        ["cpu", "Xeon, 2 cores"],
        ["backend", "onnxruntime-cpu"],
        ["device", "Xeon"],
        ["version of node", "20.20.2"],
      ]),
    ).toBe("Xeon, 2 cores; backend onnxruntime-cpu; float32");
  });

  it("tell how many were left out, and cut what is long", () => {
    const gpus = Array.from({ length: 8 }, (_, i): [string, string] => [`GPU ${i}`, `Model ${i}`]);
    expect(conditionsOf(gpus)).toBe("Model 0; Model 1; Model 2; Model 3; 4 facts more");
    expect(conditionsOf([["GPU 0", `H ${"x".repeat(200)}`]])).toBe(`H ${"x".repeat(77)}…`);
  });

  it("say what a word is that does not tell by itself", () => {
    expect(
      conditionsOf([
        ["distributed backend", "nccl"],
        ["device", "cuda"],
        ["processor", "x86_64"],
        ["dtype", "bfloat16"],
        ["GPU 0", "Tesla T4"],
      ]),
    ).toBe("Tesla T4; device cuda; processor x86_64; distributed backend nccl; 1 fact more");
  });

  it("say that nobody told", () => {
    expect(conditionsOf([["versions", "3"]])).toBe("machine not said");
  });
});

describe("words about both sides", () => {
  it("tell what is the same once", () => {
    const side = (label: string, conditions: string) => ({ label, conditions });
    expect(sidesWords(side("a", "Xeon"), side("b", "Xeon"))).toBe("Before: a. After: b. Both: Xeon.");
    expect(sidesWords(side("a", "Xeon"), side("b", "H100"))).toBe("Before: a (Xeon). After: b (H100).");
  });
});
