import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Trace, Track } from "../../../traces/model/trace.ts";
import { totalsByName } from "../../fixtures/stack-totals.ts";
import { corporaRoot } from "./corpora.ts";

/** Totals that speedscope found, by function name, in the unit of the profile. */
export function speedscopeTotals(
  snapshot: string,
  test: string,
  number = 1,
): ReadonlyMap<string, { total: number; self: number; file: string }> {
  const text = readFileSync(join(corporaRoot, "expected/speedscope_snapshots", `${snapshot}.snap`), "utf8");
  const start = text.indexOf(`exports[\`${test} ${number}\`]`);
  const part = text.slice(start, text.indexOf("`;", start));
  const totals = new Map<string, { total: number; self: number; file: string }>();
  for (const [, frame] of part.matchAll(/Frame \{(.*?)\n {4}\}/gs)) {
    const field = (key: string): string => new RegExp(`"${key}": (.*?),?\\n`).exec(`${frame}\n`)?.[1] ?? "";
    // Quotes inside a name are not escaped.
    const name = field("name").slice(1, -1);
    const before = totals.get(name) ?? { total: 0, self: 0, file: field("file") };
    totals.set(name, {
      total: before.total + Number(field("totalWeight")),
      self: before.self + Number(field("selfWeight")),
      file: before.file,
    });
  }
  return totals;
}

export function expectSameTotals(
  trace: Trace,
  track: Track,
  expected: ReadonlyMap<string, { total: number; self: number }>,
  nsPerUnit: number,
  slackNs: number,
): void {
  const found = totalsByName(trace, track);
  expect(expected.size).toBeGreaterThan(0);
  for (const [name, { total, self }] of expected) {
    const ours = found.get(name);
    expect(ours, name).toBeDefined();
    expect(Math.abs((ours?.totalNs ?? 0) - total * nsPerUnit), `total of ${name}`).toBeLessThanOrEqual(slackNs);
    expect(Math.abs((ours?.selfNs ?? 0) - self * nsPerUnit), `self of ${name}`).toBeLessThanOrEqual(slackNs);
  }
}
