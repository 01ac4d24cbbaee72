import { expect, test } from "vitest";
import { endOf } from "../../../../renderer/ui/NameInMiddle.tsx";

test("the end of a name that stays is what tells files apart, with their ending, from the limit of a word on", () => {
  expect(endOf("student-naive-fast-at-64-2.json")).toBe("-at-64-2.json");
  expect(endOf("training-step-gpu.pt.trace.json.gz")).toBe("-gpu.pt.trace.json.gz");
  expect(endOf("training-before.pt.trace.json.gz")).toBe("-before.pt.trace.json.gz");
  expect(endOf("#1 student: naive, fast")).toBe(" naive, fast");
  expect(endOf("#2 student: naive, fast, batch 1 to 8")).toBe(" batch 1 to 8");
  expect(endOf("#1 recorder: slots, spans a second 200 000, duration 20 s")).toBe(" duration 20 s");
  expect(endOf("a.json")).toBe("a.json");
});

test("inside a word it begins only where the word is too long, or too short to tell anything", () => {
  expect(endOf("run of averyveryverylongwordindeed.json")).toBe("rdindeed.json");
  expect(endOf("averyveryverylongword-2.json")).toBe("ngword-2.json");
});
