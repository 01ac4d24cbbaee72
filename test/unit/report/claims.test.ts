import { describe, expect, it } from "vitest";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { fitLine } from "../../../traces/measure/line-fit.ts";
import { evaluate, ExpressionError } from "../../../traces/report/claims/arithmetic.ts";
import { bundledLedger } from "../../../traces/report/claims/bundled-ledger.ts";
import { checkClaims } from "../../../traces/report/claims/check-claims.ts";
import { readLedger } from "../../../traces/report/claims/ledger.ts";

describe("arithmetic of claims", () => {
  it("computes as written", () => {
    expect(evaluate("(60 + 40 + 5) / 60")).toBe(1.75);
    expect(evaluate("2 × 3 − 4 ÷ 2")).toBe(4);
    expect(evaluate("-2 ^ 2 + max(1, 3, 2)")).toBe(-1);
    expect(evaluate("1.5e3 * b", new Map([["b", 2]]))).toBe(3000);
  });

  it("says where it cannot read on", () => {
    expect(() => evaluate("2 +")).toThrow(new ExpressionError("expected a number, found the end"));
    expect(() => evaluate("2 $ 3")).toThrow('found "$" at character 3');
    expect(() => evaluate("(1 + 2")).toThrow('expected ")", found the end');
    expect(() => evaluate("constructor")).toThrow('found "constructor"');
    expect(() => evaluate("(".repeat(60) + "1" + ")".repeat(60))).toThrow("parentheses inside each other");
  });
});

describe("a line", () => {
  it("has the intervals of Student", () => {
    const times = [5.52, 5.99, 7.03, 8.98, 13.01, 20.97];
    const fit = fitLine([1, 2, 4, 8, 16, 32].map((b, i) => [b, times[i] ?? 0] as const));
    expect(fit.a).toBeCloseTo(5.01254, 5);
    expect(fit.c).toBeCloseTo(0.498806, 6);
    expect(fit.aHalf).toBeCloseTo(0.03347, 5);
    expect(fit.cHalf).toBeCloseTo(0.002219, 6);
  });
});

describe("the bundled ledger", () => {
  const { claims, insights } = checkClaims(readLedger(bundledLedger), null);
  const claim = (id: string) => claims.find((each) => each.id === id);
  const sentences = (subject: string): string =>
    insights
      .filter((each) => each.subject.startsWith(subject))
      .map((each) => each.sentence)
      .join("\n");

  it("finds batch 1 to be an answer from a cache, and withdraws what stands on it", () => {
    expect(sentences("001, batch")).toContain("batch 1 at 0.7948 ms is not comparable");
    expect(sentences("001, batch")).toContain("27.5×");
    for (const id of ["001-batch-28x", "001-batch-0036", "002-50x", "002-24x", "002-13x"])
      expect(claim(id)?.status).toBe("withdrawn");
  });

  it("finds the serial loop of 001", () => {
    expect(sentences("001, batch")).toMatch(
      /serial loop: total time grows as batch\^1\.005; 21\.82 and 21\.9 ms per item, 0\.98 of a single one/,
    );
  });

  it("finds 34.5 + 2.01·b ms and the ceiling below the goal in 002", () => {
    const text = sentences("002, batch");
    expect(text).toContain("batching works: 34.51 + 2.01·b ms.");
    expect(text).toContain("It gives 36.52 ms for one, measured apart: 38.22 ms");
    expect(text).toContain("1.98× at 2, 3.59× at 4");
    expect(text).toContain("no interval; measure batch 8, 16, 32");
    expect(text).toContain("ceiling 497.5 items/s");
    expect(text).toContain(
      "The goal of 500/s is above it: no batch size reaches it before an item costs less than 2 ms",
    );
    expect(text).toContain("Half of it at batch 17.17, 90 % at 154.5; batch 16 takes 66.67 ms, 4.167 per item, 240/s");
  });

  it("finds that time does not depend on size", () => {
    expect(sentences("002, table by")).toMatch(
      /slope −?-?0\.0019 ± 0\.0193 ms each, exponent 0\.0002 ± 0\.0103, spread 3\.2/,
    );
  });

  it("takes means of one real and four cached repetitions apart", () => {
    expect(sentences("001, scaling at 3")).toContain(
      "gives 21.75 ms for the real one, the deviation 8.418 gives 21.84 ms",
    );
    expect(sentences("001, scaling at 60")).toMatch(/gives 34\.50 ms .* gives 34\.48 ms/);
    expect(sentences("002, scaling at 60")).toMatch(/gives 47\.14 ms .* gives 47\.04 ms/);
  });

  it("recomputes what documents add, multiply and divide", () => {
    expect(claim("004-minutes")).toMatchObject({ status: "arithmetic error", found: "1.75 to 2.717 min" });
    expect(claim("004-metrics")).toMatchObject({ status: "arithmetic error", found: "75 to 150 s" });
    expect(claim("004-labels")?.status).toBe("confirmed");
    expect(claim("001-tier12")).toMatchObject({ status: "arithmetic error", found: "5 ×" });
    expect(claim("001-cumulative")?.status).toBe("confirmed");
    expect(claim("001-scaling")).toMatchObject({ status: "arithmetic error", found: "0.575 ms per atom" });
    expect(claim("002-batch16")).toMatchObject({ status: "arithmetic error", found: "4.167 ms" });
    expect(claim("002-483")?.found).toBe("7.913 ×");
    expect(claim("003-shares")).toMatchObject({ status: "arithmetic error", found: "97 to 148 %" });
    expect(claim("003-total")?.found).toMatch(/^5\d\.\d+ to 6\d\.\d+ %$/);
    expect(claim("003-scan-jtj")?.status).toBe("confirmed");
    expect(claim("003-12000x")?.evidence.join(" ")).toContain("the whole gains at most 1.67× to 2.50×");
    expect(claim("003-26x")?.evidence.join(" ")).toContain("1.33× to 1.54×");
  });
});

describe("a ledger of the user", () => {
  it("checks accuracy against its limit", () => {
    const ledger = readLedger(
      "accuracy:\n  - { quantity: energy MAE, unit: meV/atom, before: 3, after: 12, limit: 10 }",
    );
    expect(checkClaims(ledger, null).accuracy).toEqual([
      { quantity: "energy MAE", unit: "meV/atom", before: 3, after: 12, limit: 10, passes: false },
    ]);
  });

  it.each([
    ["claims: 3", "claims ledger, claims: expected a list, found 3"],
    ["claims:\n  - { id: x }", "claims ledger, claims 1, text: expected text, found nothing"],
    ["claims:\n  - { text: x, stated: [1] }", "expected a number or [low, high], found [1]"],
    [
      "claims:\n  - { text: x, status: maybe }",
      'status: expected confirmed, refuted, partly, withdrawn, not testable here, found "maybe"',
    ],
    ["a: [1", "line 1"],
    ["a: &x [1]\nb: [*x, *x]", "aliases (*name) are not supported"],
  ])("says what is wrong with %j", (yaml, message) => {
    expect(() => readLedger(yaml)).toThrow(UserFacingError);
    expect(() => readLedger(yaml)).toThrow(message);
  });
});
