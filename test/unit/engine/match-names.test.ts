import { describe, expect, it } from "vitest";

import { matchNamesInTime } from "../../../electron/engine/match-names.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";

describe("matching names in time", () => {
  it("marks the names that an expression matches", () => {
    expect([...matchNamesInTime(/mm$/i, ["aten::mm", "add", "ADDMM"])]).toEqual([1, 0, 1]);
  });

  it("has time enough for the names of a large trace", () => {
    const names = Array.from({ length: 700_000 }, (_, i) => `aten::some_kernel_${i}`);
    expect(matchNamesInTime(/kernel.*9$/i, names).reduce((sum, is) => sum + is, 0)).toBe(70_000);
  });

  it("ends an expression that backtracks for ever, with words for the user", () => {
    expect(() => matchNamesInTime(/^(a+)+$/, [`${"a".repeat(60)}!`])).toThrow(UserFacingError);
  });
});
