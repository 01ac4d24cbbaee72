import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  addOptionFlags,
  completeBackend,
  describeWorkload,
  parseOptionFlags,
  parseWords,
  toFlagName,
} from "../../../electron/cli/bench/option-flags.ts";
import { recorderLoadFacts } from "../../../native-bench/workloads/recorder-load/facts.ts";
import { studentForceField } from "../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { layersWorkload } from "../../fixtures/bench/layers-workload.ts";

const { facts } = layersWorkload;

describe("flags of a workload", () => {
  test("take lists where the option takes many values", () => {
    expect(parseOptionFlags({ batch: "1,2,4" }, facts)).toEqual({ batch: [1, 2, 4] });
    expect(parseOptionFlags({ batch: "1k" }, facts)).toEqual({ batch: [1000] });
    expect(parseOptionFlags({}, facts)).toEqual({});
  });

  test.each([
    ["0", "--batch must be a whole number from 1 to 4096, found 0"],
    ["-4", "--batch must be a whole number from 1 to 4096, found -4"],
    ["1.5", "--batch must be a whole number from 1 to 4096, found 1.5"],
    ["many", '--batch must be a whole number from 1 to 4096, found "many"'],
    ["1,,2", '--batch must be a whole number from 1 to 4096, found ""'],
  ])("refuse %s", (batch, message) => {
    expect(() => parseOptionFlags({ batch }, facts)).toThrow(message);
  });

  test("tell ranges and defaults with their units", () => {
    const command = new Command();
    addOptionFlags(command, recorderLoadFacts);
    expect(command.helpInformation()).toContain("(0.1 to 86400 s, default: 10 s)");
    expect(describeWorkload(recorderLoadFacts, []).join("\n")).toContain(
      "--seconds: How long it records. (default: 10 s)",
    );
    expect(() => parseOptionFlags({ seconds: "0" }, recorderLoadFacts)).toThrow(
      "--seconds must be a number from 0.1 to 86400 s, found 0",
    );
  });

  test("a file given as structures is the structure file", () => {
    const { facts: student } = studentForceField;
    expect(parseOptionFlags({ structures: "/data/water.xyz", batch: "4" }, student)).toEqual({
      file: ["/data/water.xyz"],
      batch: [4],
    });
    expect(() => parseOptionFlags({ structures: "c60", file: "water.xyz" }, student)).toThrow(
      "--structures means nothing beside --file: give one of the two",
    );
    expect(() => parseOptionFlags({ structures: "water.pdb" }, student)).toThrow("--structures must be one of mix");
  });

  test("short names of backends, where only one is meant", () => {
    const { backends } = studentForceField.facts;
    expect(["cpu", "webgpu", "onnxruntime-cuda", "gpu"].map((word) => completeBackend(word, backends))).toEqual([
      "onnxruntime-cpu",
      "onnxruntime-webgpu",
      "onnxruntime-cuda",
      "gpu",
    ]);
  });

  test("are named as command lines are", () => {
    expect(toFlagName("microBatch")).toBe("micro-batch");
    expect(parseWords("fast, naive")).toEqual(["fast", "naive"]);
    expect(parseWords(undefined)).toBeNull();
  });
});
