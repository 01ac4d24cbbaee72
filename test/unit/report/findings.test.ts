import { describe, expect, test } from "vitest";
import { noArguments } from "../../../traces/advise/inputs.ts";
import { compareTraces } from "../../../traces/compare/compare-traces.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import type { Block } from "../../../traces/report/block.ts";
import { collectReport } from "../../../traces/report/collect-report.ts";
import { findings } from "../../../traces/report/sections/findings.ts";
import { type Defects, traceOfDefects } from "../../fixtures/defective-steps.ts";

const side = (key: string, defects: Defects): SideInput => ({
  label: "",
  itemsPerStep: null,
  parts: [{ key, fileName: `${key}.json`, trace: traceOfDefects(defects, key), startNs: -Infinity, endNs: Infinity }],
});

function blocksOf(before: Defects, after: Defects): readonly Block[] {
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 200, allowIncomparable: false };
  const comparison = runSliced(compareTraces(side("before", before), side("after", after), options));
  const report = runSliced(
    collectReport(comparison, {
      title: "Pair",
      version: "0",
      commandLine: null,
      claims: null,
      scaling: [],
      inputs: { before: noArguments, after: noArguments },
      hiddenSections: [],
    }),
  );
  return findings.build(report) ?? [];
}

const statesOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) =>
    block.kind === "table" ? block.rows.map(([state, finding]) => `${state?.text}: ${finding?.text.slice(0, 3)}`) : [],
  );

describe("findings in a report", () => {
  test("are resolved, remain, or are new", () => {
    const blocks = blocksOf({ loaderMs: 3, castMs: 1.5 }, { loaderMs: 0.05, castMs: 1.5, writeMs: 1 });
    expect(statesOf(blocks)).toEqual(["resolved: R04", "remains: R12", "new: R10"]);
  });

  test("put what they promised beside what the step did", () => {
    const [text] = blocksOf({ loaderMs: 3 }, { loaderMs: 0.05 });
    expect(text?.kind === "text" ? text.text : "").toMatch(
      /^What was resolved could save 2\.\d\d\sms of a step, between 2\.\d\d\sms and [23]\.\d\d\sms; the mean step changed by −[23]\.\d\d\sms\.$/u,
    );
  });

  test("are not called resolved where the rule could no longer look", () => {
    expect(statesOf(blocksOf({ loaderMs: 3 }, {}))).toEqual(["not looked for after: R04"]);
  });

  test("of two healthy programs are none, and the section says so", () => {
    expect(blocksOf({}, {})).toEqual([
      { kind: "text", text: "No rule sees a loss above its threshold on either side.", tone: "muted" },
    ]);
  });
});
