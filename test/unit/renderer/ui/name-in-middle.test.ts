import { expect, test } from "vitest";
import { endOf } from "../../../../renderer/ui/NameInMiddle.tsx";

test("the end of a name that stays is what tells files apart, with their ending", () => {
  expect(endOf("student-naive-fast-at-64-2.json")).toBe("-at-64-2.json");
  expect(endOf("training-step-gpu.pt.trace.json.gz")).toBe("p-gpu.pt.trace.json.gz");
  expect(endOf("#1 student: naive, fast")).toBe("ve, fast");
  expect(endOf("a.json")).toBe("a.json");
});
