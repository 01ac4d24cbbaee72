import { describe, expect, it } from "vitest";
import type { Trace, Track } from "../../../traces/model/trace.ts";
import { corpusPath, hasCorpora, importPath, noteCount, droppedCount, skipNote } from "./corpora.ts";
import { totalsByName } from "../../fixtures/stack-totals.ts";
import { expectSameTotals, speedscopeTotals } from "./speedscope-totals.ts";

const threadOf = (trace: Trace): Track => {
  const track = trace.tracks.find(({ kind, spanCount }) => kind === "thread" && spanCount > 0);
  if (track === undefined) throw new Error("no thread with spans");
  return track;
};

const open = (file: string): Promise<Trace> => importPath(corpusPath("cpuprof", file));

describe.skipIf(!hasCorpora)(`sampled stacks have the totals that speedscope finds${skipNote}`, () => {
  it.each([
    ["speedscope_Chrome_65_simple.cpuprofile", "chrome", "importFromChromeCPUProfile", 1e3, 0],
    ["speedscope_node_10.11.0_example.cpuprofile", "chrome", "importFromV8Profiler Node 10", 1e3, 0],
    ["speedscope_pprof_simple.prof", "pprof", "importAsPprofProfile", 1, 0],
    ["speedscope_stackcollapse_simple.txt", "bg-flamegraph", "importFromBGFlameGraph", 1, 0],
    ["speedscope_stackcollapse_simple-crlf.txt", "bg-flamegraph", "importFromBGFlameGraph with CRLF", 1, 0],
    [
      "speedscope_stackcollapse_simple-utf16-be.txt",
      "bg-flamegraph",
      "importFromBGFlameGraph with UTF-16, Big Endian",
      1,
      0,
    ],
    [
      "speedscope_stackcollapse_simple-utf16-le.txt",
      "bg-flamegraph",
      "importFromBGFlameGraph with UTF-16, Little Endian",
      1,
      0,
    ],
    [
      "speedscope_stackcollapse_simple-with-invalids.txt",
      "bg-flamegraph",
      "importFromBGFlameGraph with invalid lines",
      1,
      0,
    ],
    // Times are decimal ms in doubles; each end is rounded to ns.
    ["speedscope_Firefox_63_simple-firefox.json", "firefox", "importFromFirefox ignore self-hosted", 1e6, 20],
    ["speedscope_Firefox_61_recursion.json", "firefox", "importFromFirefox recursion", 1e6, 20],
  ])("%s", async (file, snapshot, test, nsPerUnit, slackNs) => {
    const trace = await open(file);
    expectSameTotals(trace, threadOf(trace), speedscopeTotals(snapshot, test), nsPerUnit, slackNs);
  });

  it("in numbers of the reference table", async () => {
    const simple = await open("speedscope_Chrome_65_simple.cpuprofile");
    expect(simple.meta.facts).toContainEqual(["samples", "29"]);
    const micros = totalsByName(simple, threadOf(simple));
    expect(["a", "b", "d"].map((name) => micros.get(name)?.totalNs)).toEqual([33_285_000, 17_002_000, 33_285_000]);
    const sucrase = await open("speedscope_Chrome_65_sucrase.cpuprofile");
    expect(sucrase.meta.facts).toEqual([
      ["samples", "17138"],
      ["places in the code", "3493"],
    ]);
    expect(noteCount(sucrase, "samplesReordered")).toBe(0);
    const pprof = await open("speedscope_pprof_simple.prof");
    const ns = totalsByName(pprof, threadOf(pprof));
    expect(["main.main", "main.delta", "main.alpha"].map((name) => ns.get(name)?.totalNs)).toEqual([
      1_360_000_000, 580_000_000, 480_000_000,
    ]);
    const invalids = await open("speedscope_stackcollapse_simple-with-invalids.txt");
    expect(invalids.meta.ledger.metadata + droppedCount(invalids, "lineWithoutCount")).toBe(3);
  });

  it("and speedscope's own files open with all their profiles", async () => {
    const evented = await open("speedscope_speedscope_0.0.1_simple.speedscope.json");
    const two = await open("speedscope_speedscope_0.6.0_two-sampled.speedscope.json");
    const one = await open("speedscope_speedscope_0.1.2_simple-sampled.speedscope.json");
    const expected = { a: [14, 0], b: [14, 5], c: [5, 5], d: [4, 4] };
    const seconds = (trace: Trace, track: Track): unknown =>
      Object.fromEntries(
        [...totalsByName(trace, track)].map(([name, { totalNs, selfNs }]) => [name, [totalNs / 1e9, selfNs / 1e9]]),
      );
    expect(seconds(one, threadOf(one))).toEqual(expected);
    const threads = two.tracks.filter(({ kind }) => kind === "thread");
    expect(threads.map(({ name }) => name)).toEqual(["one", "two"]);
    for (const thread of threads) expect(seconds(two, thread)).toEqual(expected);
    expect(evented.spans.length).toBeGreaterThan(0);
  });

  it("recursion counts once in totals", async () => {
    const trace = await open("speedscope_stackcollapse_recursion.txt");
    const totals = totalsByName(trace, threadOf(trace));
    expect(totals.get("a")?.totalNs).toBe(9);
    expect((await open("speedscope_stackcollapse_tall.txt")).spans.length).toBe(26);
  });

  it("what speedscope refuses is refused, or told", async () => {
    const incomplete = await open("speedscope_speedscope_invalid_incomplete-trace.json");
    expect(noteCount(incomplete, "unclosedFrames")).toBe(1);
    expect(incomplete.meta.facts).toEqual([["axis", "counts weights, no time: one is drawn as 1 ns"]]);
    await expect(open("speedscope_speedscope_invalid_out-of-order-events.json")).rejects.toThrow(
      'expected the end of frame 0, which opened last at "profiles[0].events[6]" of a speedscope profile, found the end of frame 1',
    );
  });
});
