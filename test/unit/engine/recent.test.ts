import { expect, it } from "vitest";
import { createRecent } from "../../../electron/engine/recent.ts";

it("keeps the values asked for last", async () => {
  const made: string[] = [];
  const recent = createRecent<string>(2);
  const get = (key: string): Promise<string> =>
    recent.get(key, () => Promise.resolve((made.push(key), key.toUpperCase())));
  expect(await get("a")).toBe("A");
  await get("b");
  await get("a");
  await get("c");
  await get("a");
  await get("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});

it("keeps nothing of a value that could not be made", async () => {
  const recent = createRecent<number>(2);
  await expect(recent.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await recent.get("a", () => Promise.resolve(1))).toBe(1);
});
