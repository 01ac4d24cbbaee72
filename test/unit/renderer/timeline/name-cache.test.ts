import { expect, it } from "vitest";
import { NameCache } from "../../../../renderer/timeline/name-cache.ts";

it("asks for missed names in batches, and again for those that failed", async () => {
  const asked: (readonly number[])[] = [];
  let fails = true;
  let told = 0;
  const names = new NameCache(
    (ids) => {
      asked.push(ids);
      return fails ? Promise.reject(new Error("busy")) : Promise.resolve(ids.map((id) => `name ${id}`));
    },
    () => told++,
  );
  expect([names.get(3), names.get(5), names.get(3)]).toEqual([undefined, undefined, undefined]);
  await expect(names.fetchMissing()).rejects.toThrow("busy");
  expect(told).toBe(0);
  fails = false;
  names.get(7);
  await names.fetchMissing();
  expect(asked).toEqual([
    [3, 5],
    [3, 5, 7],
  ]);
  expect([names.get(3), names.get(7), names.count, told]).toEqual(["name 3", "name 7", 3, 1]);
  await names.fetchMissing();
  expect(asked).toHaveLength(2);
});
