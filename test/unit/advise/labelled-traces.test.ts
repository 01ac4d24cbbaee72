import { expect, test } from "vitest";
import { advise } from "../../../traces/advise/advise.ts";
import { spanCostFact } from "../../../traces/advise/rules/recorder-cost.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { type Defects, traceOfDefects } from "../../fixtures/defective-steps.ts";

/** A defect of random size, from twice what its rule asks for on. */
const defects: Readonly<Record<string, (size: number) => Defects>> = {
  R02: (size) => ({ waits: Math.round(3 + 3 * size) }),
  R04: (size) => ({ loaderMs: 1.5 + 3 * size }),
  R06: (size) => ({ compileMs: 0.5 + 3 * size }),
  R08: (size) => ({ copyMs: 1 + 2 * size }),
  R09: (size) => ({ kernelUs: 4 + 3 * size, kernelGapUs: 4 }),
  R10: (size) => ({ writeMs: 0.5 + 2 * size }),
  R11: (size) => ({ allocateMs: 0.5 + 2 * size }),
  R12: (size) => ({ castMs: 1.2 + 2 * size }),
  R13: () => ({ kernelName: "ampere_sgemm_128x64_nn", facts: [["GPU 0", "NVIDIA A100-SXM4-40GB"]] }),
  R14: (size) => ({ facts: [[spanCostFact, `${Math.round(20_000 + 80_000 * size)} ns`]] }),
  I8: (size) => ({ lateMs: 2 + 3 * size }),
  I12: () => ({ truncated: true }),
};
/** What follows from a defect: a host that is held up lets its device stand still. */
const follows: Readonly<Record<string, readonly string[] | undefined>> = {
  R02: ["R03"],
  R04: ["R03"],
  R06: ["R03"],
  R09: ["R03"],
  R10: ["R03"],
  R11: ["R03"],
};
const perDefect = 16;
const leastRate = 0.95;

test("rules find at least 95 % of 192 defects of random size, and name no other 95 times in a hundred", () => {
  const random = createRandom("labelled traces");
  const found = { right: 0, missed: [] as string[], wrong: [] as string[] };
  const ask = (label: string | null, made: Defects, seed: string): void => {
    const named = runSliced(advise(traceOfDefects(made, seed))).findings.map(({ rule }) => rule);
    if (label !== null && named.includes(label)) found.right++;
    else if (label !== null) found.missed.push(`${label} of ${JSON.stringify(made)}`);
    for (const rule of named)
      if (rule !== label && follows[label ?? ""]?.includes(rule) !== true)
        found.wrong.push(`${rule} in ${label ?? "a healthy program"} ${JSON.stringify(made)}`);
  };
  for (const [label, make] of Object.entries(defects))
    for (let i = 0; i < perDefect; i++) ask(label, make(random.next()), `${label} ${i}`);
  for (let i = 0; i < perDefect; i++) ask(null, {}, `healthy ${i}`);
  const recall = found.right / (found.right + found.missed.length);
  const precision = found.right / (found.right + found.wrong.length);
  expect(recall, found.missed.join("\n")).toBeGreaterThanOrEqual(leastRate);
  expect(precision, found.wrong.join("\n")).toBeGreaterThanOrEqual(leastRate);
}, 180_000);
