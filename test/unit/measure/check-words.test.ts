import { expect, test } from "vitest";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import type { AccuracyCheck } from "../../../traces/measure/bench-report.ts";
import {
  checkNumber,
  checkQuantity,
  failureWords,
  limitWords,
  toldWords,
} from "../../../traces/measure/check-words.ts";

const force: AccuracyCheck = {
  id: "force-rmse",
  label: "force error, RMS",
  value: 50.01,
  limit: 50,
  unit: "meV/Å",
  passed: false,
};
const repeat: AccuracyCheck = {
  id: "repeat",
  label: "runs that differ",
  value: 11,
  limit: 0,
  unit: "of 12",
  passed: false,
  count: true,
};

test("a value stands apart from its limit, with its unit", () => {
  expect(checkNumber(force)).toBe("50.01");
  expect(checkQuantity(force, " ")).toBe("50.01 meV/Å");
  expect(failureWords(force)).toBe("force error, RMS: 50.01 meV/Å, beyond 50.0");
});

test("what is not a number has neither unit nor limit", () => {
  expect(failureWords({ ...force, value: NaN })).toBe("force error, RMS: not a number");
  // JSON knows no NaN: a saved report says null.
  const saved = JSON.parse(JSON.stringify({ ...force, value: NaN })) as AccuracyCheck;
  expect(failureWords(saved)).toBe("force error, RMS: not a number");
});

test("counts have no decimals", () => {
  expect(failureWords(repeat)).toBe("runs that differ: 11 of 12, beyond 0");
  expect(limitWords({ ...repeat, limit: 10 })).toBe("limit 10");
});

test("a value without a limit is told, not judged, with the reason where a report has one", () => {
  expect(limitWords({ ...force, limit: null })).toBe("no limit: told, not judged");
  expect(limitWords({ ...force, limit: null, noLimit: "no limit for int8" })).toBe(
    "no limit for int8: told, not judged",
  );
});

test("what was counted without a limit is told, unless nothing was found", () => {
  const told: AccuracyCheck = {
    ...repeat,
    limit: null,
    passed: true,
    subject: "water",
    note: "by up to 0.001 meV/atom",
  };
  const words = (check: AccuracyCheck) =>
    toldWords({
      ...describeUnmeasured({ variant: "naive", backend: "onnxruntime-webgpu", options: {} }, "measured", null),
      accuracy: { passed: true, checks: [force, check] },
    });
  expect(words(told)).toBe("runs that differ (water): 11 of 12, by up to 0.001 meV/atom");
  expect(words({ ...told, value: 0 })).toBe("");
  expect(words(repeat)).toBe("");
});
