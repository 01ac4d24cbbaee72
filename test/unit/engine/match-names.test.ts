import { describe, expect, it } from "vitest";

import { matchNamesInTime } from "../../../electron/engine/match-names.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { namesPerPattern } from "../../../traces/query/search.ts";

describe("matching names in time", () => {
  it("marks the names that an expression matches", () => {
    expect([...matchNamesInTime(/mm$/i, ["aten::mm", "add", "ADDMM"])]).toEqual([1, 0, 1]);
  });

  it("takes as many names as a search gives it at once", () => {
    const names = Array.from({ length: namesPerPattern }, (_, i) => `aten::some_kernel_${i}`);
    expect(matchNamesInTime(/kernel.*9$/i, names).reduce((sum, is) => sum + is, 0)).toBe(
      Math.floor(namesPerPattern / 10),
    );
  });

  it("ends an expression that backtracks for ever, with words for the user", () => {
    expect(() => matchNamesInTime(/^(a+)+$/, [`${"a".repeat(60)}!`])).toThrow(UserFacingError);
  });

  it("goes on where a limit met it, as long as it comes further", () => {
    // Stands for a machine that is busy with something else: the time is spent, the expression is innocent.
    const pattern = /a/;
    let stalls = 0;
    const test = pattern.test.bind(pattern);
    pattern.test = (name) => {
      if (name === "stall" && stalls++ < 1) for (;;);
      return test(name);
    };
    expect([...matchNamesInTime(pattern, ["a", "stall", "ab", "c"])]).toEqual([1, 1, 1, 0]);
    expect(stalls).toBe(2);
  });
});
