import { describe, expect, it } from "vitest";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import type { Field } from "../../fixtures/protobuf/encode.ts";
import { kernelEvents, packetOf, print, traceOf } from "../../fixtures/protobuf/perfetto-samples.ts";
import { importBytes } from "./protobuf-verdict.ts";

const ofTrack = (timeNs: number, ...event: readonly Field[]): Field =>
  packetOf([10, 1], [8, timeNs], [11, [[11, 7], ...event]]);
const begin = (timeNs: number, name: string): Field => ofTrack(timeNs, [9, 1], [23, name]);
const end = (timeNs: number, name: string): Field => ofTrack(timeNs, [9, 2], [23, name]);
const kernel = (...events: readonly Field[]): Field => packetOf([10, 2], kernelEvents(...events));
const thread = packetOf(
  [10, 1],
  [
    60,
    [
      [1, 7],
      [
        4,
        [
          [1, 5],
          [2, 6],
        ],
      ],
    ],
  ],
);

async function linesOf(...packets: readonly Field[]): Promise<{ lines: string[]; notes: [string, number][] }> {
  const trace = await importBytes(traceOf(thread, ...packets), "perfetto");
  return {
    lines: dumpTrace(trace)
      .split("\n")
      .filter((line) => line.includes("@"))
      .map((line) => line.trim().replace(/ other| self \d+/g, "")),
    notes: trace.meta.ledger.notes.map(({ code, count }) => [code, count]),
  };
}

describe("annotations above slices of their thread", () => {
  it("end with the slice below them", async () => {
    expect(
      await linesOf(begin(100, "step"), end(180, "step"), kernel(print(110, 6, "B|5|wait"), print(190, 6, "E|5"))),
    ).toEqual({ lines: ["step @0 +80", "wait @10 +70"], notes: [["annotationClosed", 1]] });
  });

  it("end with the innermost of several slices, or earlier by themselves", async () => {
    expect(
      await linesOf(
        begin(100, "outer"),
        begin(110, "inner"),
        end(150, "inner"),
        end(200, "outer"),
        kernel(
          print(120, 6, "B|5|late"),
          print(130, 6, "B|5|early"),
          print(140, 6, "E|5"),
          print(160, 6, "E|5"),
          print(170, 6, "B|5|between"),
          print(190, 6, "E|5"),
        ),
      ),
    ).toEqual({
      lines: ["outer @0 +100", "inner @10 +40", "late @20 +30", "early @30 +10", "between @70 +20"],
      notes: [["annotationClosed", 1]],
    });
  });

  it("are closed where they have no end of their own", async () => {
    expect(await linesOf(begin(100, "step"), end(180, "step"), kernel(print(110, 6, "B|5|wait")))).toEqual({
      lines: ["step @0 +80", "wait @10 +70"],
      notes: [["annotationClosed", 1]],
    });
  });

  it("stay as they are beside, around and outside of slices, and on other threads", async () => {
    expect(
      await linesOf(
        begin(100, "step"),
        end(180, "step"),
        begin(300, "open"),
        kernel(
          print(90, 6, "B|5|around"),
          print(190, 6, "E|5"),
          print(180, 8, "B|5|elsewhere"),
          print(195, 8, "E|5"),
          print(310, 6, "B|5|in open"),
          print(320, 6, "E|5"),
        ),
      ),
    ).toEqual({
      lines: ["around @0 +100", "step @10 +80", "open @210 +20 open", "in open @220 +10", "elsewhere @90 +15"],
      notes: [["openEnded", 1]],
    });
  });
});
