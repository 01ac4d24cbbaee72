import { expect, test } from "vitest";
import { runSliced } from "../../../traces/model/sliced.ts";
import { textOf } from "../../../traces/model/text-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { askWhatIf, prepareReplay } from "../../../traces/replay/what-if.ts";
import { doubtsOf } from "../../../traces/replay/words.ts";
import { randomProgram, runProgram } from "../../fixtures/simulated-program.ts";

const seeds = Array.from({ length: 24 }, (_, i) => `p${i}`);

function ask(trace: Trace, pattern: RegExp, factor: number) {
  const has = (span: number): boolean => pattern.test(textOf(trace.strings, trace.spans.name[span]));
  return runSliced(askWhatIf(runSliced(prepareReplay(trace)), [{ has, factor, below: false }]));
}

/**
 * The same program is run again with the change, by rules that the replay does not know. `most`: how far the answer may
 * be off, as a share of the step as it was; what a trace does not show (which event a stream waits for while nothing has
 * to wait) is the rest.
 */
test.each<readonly [what: string, pattern: RegExp, factor: number, most: number]>([
  ["kernels half as long", /^kernel/, 0.5, 0.01],
  ["kernels left out", /^kernel/, 0, 0.01],
  ["kernels twice as long", /^kernel/, 2, 0.035],
  ["operators left out", /^aten/, 0, 0.05],
  ["operators three times as long", /^aten/, 3, 0.02],
  ["no loader", /^DataLoader/, 0, 0.01],
  ["no copies to the device", /HtoD/, 0, 0.02],
  ["no copies from the device", /DtoH/, 0, 0.01],
  ["no syncs", /Synchronize/, 0, 0.06],
])("random programs take as long as replayed: %s", (_what, pattern, factor, most) => {
  for (const seed of seeds) {
    const program = randomProgram(seed);
    const found = ask(runProgram(program), pattern, factor);
    expect(found.errorShare, seed).toBeLessThan(1e-6);
    const truth = ask(
      runProgram(program, (name) => (pattern.test(name) ? factor : 1)),
      /^$/,
      1,
    );
    expect(Math.abs(found.afterNs - truth.beforeNs) / found.beforeNs, seed).toBeLessThan(most);
  }
});

test("says that streams which wait for each other make the answer less sure", () => {
  const step = [
    { do: "launch", name: "kernel a", stream: 0, ns: 50_000 },
    { do: "streamWait", stream: 1, other: 0 },
    { do: "launch", name: "kernel b", stream: 1, ns: 50_000 },
    { do: "sync", name: "cudaDeviceSynchronize", streams: [0, 1] },
  ] as const;
  const doubts = (actions: readonly (typeof step)[number][]) =>
    doubtsOf(ask(runProgram({ steps: Array.from({ length: 6 }, () => actions) }), /kernel a/, 0.5)).join(" ");
  expect(doubts(step)).toContain("Streams wait for events of each other");
  expect(doubts(step.filter((action) => action.do !== "streamWait"))).toBe("");
});
