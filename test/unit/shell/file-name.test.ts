import { expect, test } from "vitest";

import { toFileName } from "../../../electron/main/file-name.ts";

test.each([
  ["trace.json", "trace.json"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Windows\\x.html", "x.html"],
  ["a:b*c?.csv", "a_b_c_.csv"],
  ["line\nbreak", "line_break"],
  ["con.txt", "_con.txt"],
  ["LPT1", "_LPT1"],
  ["console.txt", "console.txt"],
  [".hidden", "hidden"],
  ["dots...", "dots"],
  ["..", "untitled"],
  ["", "untitled"],
])("turns %j into %j", (suggested, expected) => {
  expect(toFileName(suggested)).toBe(expected);
});

test("cuts endless names", () => {
  expect(toFileName("x".repeat(5000))).toHaveLength(200);
});
