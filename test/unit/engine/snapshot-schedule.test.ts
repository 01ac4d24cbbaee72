import { expect, it } from "vitest";
import { createSnapshotSchedule } from "../../../electron/engine/imports/snapshot-schedule.ts";

it("shows a growing trace at a geometric pace and not in the last third", () => {
  const isDue = createSnapshotSchedule(300);
  const shown: number[] = [];
  for (let bytes = 1; bytes <= 300; bytes++) if (isDue(bytes, bytes * 10)) shown.push(bytes);
  expect(shown).toEqual([1, 4, 16, 64]);
});

it("waits for the first span", () => {
  const isDue = createSnapshotSchedule(100);
  expect([isDue(1, 0), isDue(2, 0), isDue(3, 5), isDue(4, 6)]).toEqual([false, false, true, false]);
});
