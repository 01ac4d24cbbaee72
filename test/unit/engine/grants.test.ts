import { expect, it } from "vitest";
import { createGrants } from "../../../electron/engine/grants.ts";

const file = { path: "/a/trace.json", name: "trace.json" };

it("answers requests that overtook their grant", async () => {
  const grants = createGrants(60_000);
  const early = [grants.find("t"), grants.find("t")];
  grants.add("t", file);
  expect(await Promise.all(early)).toEqual([file, file]);
  expect(await grants.find("t")).toEqual(file);
});

it("gives up on tokens that nobody grants", async () => {
  const grants = createGrants(1);
  expect(await grants.find("made up")).toBeNull();
});
