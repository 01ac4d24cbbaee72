import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeBackends } from "../../../native-bench/backends/describe-backends.ts";
import { backends } from "../../../native-bench/backends/registry.ts";
import { defaultOf, findOptionFault } from "../../../native-bench/plan/option.ts";
import { defaultProtocol, findPlanFault } from "../../../native-bench/plan/run-plan.ts";
import { threadRoles } from "../../../native-bench/threads/registry.ts";
import { workloads } from "../../../native-bench/workloads/registry.ts";

const folder = new URL("../../../native-bench/", import.meta.url);

describe("the registry of backends", () => {
  test("holds every file of its folder, under its name", () => {
    const files = readdirSync(new URL("backends/", folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => name.slice(0, -3))
      .filter((name) => !["backend", "registry", "describe-backends"].includes(name));
    expect(backends.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });

  test("answers for every backend, and names the processor that computes", async () => {
    const facts = await describeBackends(backends, (backend) => backend.probe());
    expect(facts.map(({ id }) => id)).toEqual(backends.map(({ id }) => id));
    expect(facts.find(({ id }) => id === "onnxruntime-cpu")?.availability).toMatchObject({
      available: true,
      device: { kind: "cpu", software: false },
    });
    for (const { availability } of facts) if (!availability.available) expect(availability.reason).not.toBe("");
  });
});

test("every workload has defaults that can run, known backends and axes that are options", () => {
  for (const { facts } of workloads) {
    for (const id of facts.backends) expect(backends.map((backend) => backend.id)).toContain(id);
    for (const axis of facts.axes) expect(Object.keys(facts.options)).toContain(axis);
    for (const option of Object.values(facts.options)) expect(findOptionFault(option, defaultOf(option))).toBeNull();
    const protocol = defaultProtocol(facts, facts.defaultVariants);
    const plan = {
      workload: facts.id,
      variants: facts.defaultVariants,
      backends: facts.backends.slice(0, 1),
      options: {},
      protocol,
    };
    expect(findPlanFault(plan, facts)).toBeNull();
  }
  expect(new Set(workloads.map(({ facts }) => facts.id)).size).toBe(workloads.length);
});

test("thread roles have ids of their own", () => {
  expect(new Set(threadRoles.map(({ id }) => id)).size).toBe(threadRoles.length);
});
