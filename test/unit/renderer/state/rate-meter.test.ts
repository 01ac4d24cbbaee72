import { expect, test } from "vitest";
import { createRateMeter } from "../../../../renderer/state/rate-meter.ts";

test("the speed is that of the last second, and none before there was one", () => {
  const meter = createRateMeter();
  // Opening takes 0.8 s before the first byte; then 200 bytes a 100 ms.
  expect(meter.add(800, 100)).toBeNull();
  expect(meter.add(1700, 1900)).toBeNull();
  expect(meter.add(1800, 2100)).toBe(2000);
  // Ten times slower from here on: soon nothing of before counts.
  for (let i = 1; i <= 9; i++) meter.add(1800 + i * 100, 2100 + i * 20);
  expect(meter.add(2800, 2300)).toBe(200);
});
