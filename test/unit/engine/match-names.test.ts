import { describe, expect, it } from "vitest";

import { matchNamesInTime } from "../../../electron/engine/match-names.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";

describe("matching names in time", () => {
  it("marks the names that an expression matches", () => {
    expect([...matchNamesInTime(/mm$/i, ["aten::mm", "add", "ADDMM"])]).toEqual([1, 0, 1]);
  });

  it("ends an expression that backtracks for ever, with words for the user", () => {
    expect(() => matchNamesInTime(/^(a+)+$/, [`${"a".repeat(60)}!`])).toThrow(UserFacingError);
  });
});
