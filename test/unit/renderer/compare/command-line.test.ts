import { expect, test } from "vitest";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import { commandLineOf } from "../../../../renderer/views/report/command-line.ts";
import { grantOf } from "../fake-platform.ts";

const options = { tolerance: 0.05, alpha: 0.05, resamples: 10_000, allowIncomparable: false };
const tabs = ["a run.json", "-b.json", "c'd.json"].map((name, index) => createTab(`t${index}`, grantOf(name), 0));
const whole = (name: string) => ({ token: `token ${name}`, range: { kind: "whole" } as const });

test("the command compares the same files with the same options, names taken literally", () => {
  const sides = { before: [whole("a run.json"), whole("-b.json")], after: [whole("c'd.json")] };
  expect(commandLineOf(sides, tabs, options, null)).toBe(
    "deltaflame compare 'a run.json' ./-b.json --vs 'c'\\''d.json' --gate 5% --alpha 0.05 --report report.html",
  );
  expect(commandLineOf(sides, tabs, { ...options, tolerance: 0.1, allowIncomparable: true }, 64)).toContain(
    "--gate 10% --alpha 0.05 --items 64 --allow-incomparable --report",
  );
});

test("a part of a trace has no command", () => {
  const part = { token: "token -b.json", range: { kind: "range", startNs: 0, endNs: 1 } as const };
  expect(commandLineOf({ before: [whole("a run.json")], after: [part] }, tabs, options, null)).toBeNull();
  expect(commandLineOf({ before: [], after: [] }, tabs, options, null)).toBeNull();
});
