import fc from "fast-check";
import { expect, it } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { fillDetail } from "../../../traces/model/level-of-detail.ts";
import { type PlacedColumns, placeColumns } from "../../../traces/model/place-columns.ts";
import type { SealHelper } from "../../../traces/model/seal-helper.ts";
import type { SpanKind } from "../../../traces/model/span-kind.ts";
import type { TraceBuilder, TraceDescription } from "../../../traces/model/trace-builder.ts";
import { digestTrace } from "../../fixtures/digest-trace.ts";

const allocate = (byteLength: number): ArrayBufferLike => new SharedArrayBuffer(byteLength);
const description: TraceDescription = { name: "drawn", format: "test", formatLabel: "Test", facts: [] };
const nothing = (): void => undefined;

/** Does on a later turn of this thread what another one would: with copies of what it is given, emptied here as if moved. */
function laterHelper(): SealHelper & { readonly asked: string[] } {
  const asked: string[] = [];
  let columns: PlacedColumns | null = null;
  return {
    asked,
    async placeColumns(input) {
      asked.push("columns");
      const own = structuredClone(input, {
        transfer: input.blocks.flatMap((block) =>
          Object.values(block).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [])),
        ),
      });
      await Promise.resolve();
      return (columns = placeColumns(own, allocate));
    },
    async fillDetail(work) {
      asked.push("detail");
      await Promise.resolve();
      if (columns === null) throw new Error("columns come first");
      fillDetail(work, columns.slot);
    },
  };
}

interface Drawn {
  readonly track: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly link: number;
  readonly lane: number | undefined;
  readonly openEnded: boolean;
  readonly endSource: number | undefined;
  readonly sourceOffset: number;
  readonly flow: "none" | "start" | "end" | "named";
}

const drawnSpan: fc.Arbitrary<Drawn> = fc.record({
  track: fc.nat(3),
  startNs: fc.nat(60),
  durationNs: fc.oneof({ weight: 9, arbitrary: fc.nat(25) }, { weight: 1, arbitrary: fc.constant(5_000_000_000) }),
  link: fc.constantFrom(0, 0, 7, 9),
  lane: fc.constantFrom(undefined, undefined, undefined, 0, 2),
  openEnded: fc.boolean(),
  endSource: fc.constantFrom(undefined, undefined, 5),
  sourceOffset: fc.constantFrom(1, 77, 2 ** 32 + 5),
  flow: fc.constantFrom("none", "none", "start", "end", "named"),
});

function draw(spans: readonly Drawn[]): TraceBuilder {
  const builder = createTraceBuilder({ allocate });
  const tracks = [0, 1, 2, 3].map((id) => builder.addTrack({ kind: "thread", name: `thread ${id}` }));
  const category = builder.category("some");
  for (const [i, { track, startNs, durationNs, sourceOffset, flow, link, ...more }] of spans.entries()) {
    const name = builder.intern(`span ${i % 5}`);
    const { lane, openEnded, endSource } = more;
    builder.ledger.read();
    const index = builder.addSpan(
      tracks[track],
      startNs,
      durationNs,
      name,
      (i % 4) as SpanKind,
      category,
      sourceOffset,
      {
        link,
        openEnded,
        // Lanes are a matter of whole tracks.
        ...(lane !== undefined && track === 3 && { lane }),
        ...(endSource !== undefined && { endSource }),
      },
    );
    if (flow === "none") continue;
    builder.ledger.read();
    if (flow === "named") builder.addFlowEnd(i % 3, "start", tracks[track], startNs, name, index);
    else builder.addFlowEnd(i % 3, flow, tracks[track], startNs, name, flow === "start" ? "enclosing" : "next");
  }
  if (spans.length > 1) builder.addFlow(0, spans.length - 1, builder.intern("arrow"));
  return builder;
}

it("comes to the same as sealing alone, for any spans and arrows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drawnSpan, { maxLength: 60 }), async (spans) => {
      const helper = laterHelper();
      const together = await draw(spans).sealTogether(description, helper, nothing);
      expect(digestTrace(together)).toBe(digestTrace(draw(spans).seal(description)));
      expect(helper.asked).toEqual(["columns", "detail"]);
    }),
    { numRuns: 300 },
  );
});

it("comes to the same for rows with a mipmap, and for several blocks of spans", async () => {
  const spans = Array.from({ length: 140_000 }, (_, i): Drawn => ({
    track: i % 3,
    startNs: i % 7 === 0 ? i * 10 - 35 : i * 10,
    durationNs: i % 7 === 0 ? 40 : 3,
    link: i % 5,
    lane: undefined,
    openEnded: false,
    endSource: undefined,
    sourceOffset: i * 40_000,
    flow: i % 11 === 0 ? "start" : i % 13 === 0 ? "end" : "none",
  }));
  const together = await draw(spans).sealTogether(description, laterHelper(), nothing);
  expect(together.rows.detail.occupancy.length).toBeGreaterThan(0);
  expect(digestTrace(together)).toBe(digestTrace(draw(spans).seal(description)));
});

const few: readonly Drawn[] = [
  {
    track: 0,
    startNs: 1,
    durationNs: 2,
    link: 0,
    lane: undefined,
    openEnded: false,
    endSource: undefined,
    sourceOffset: 1,
    flow: "none",
  },
];

it("fails where the helper fails, in either of its parts", async () => {
  const broken = new Error("kaputt");
  const fails = (): Promise<never> => Promise.reject(broken);
  await expect(draw(few).sealTogether(description, { placeColumns: fails, fillDetail: fails }, nothing)).rejects.toBe(
    broken,
  );
  await expect(draw(few).sealTogether(description, { ...laterHelper(), fillDetail: fails }, nothing)).rejects.toBe(
    broken,
  );
});

it("stops between any two steps", async () => {
  const stopped = new Error("stopped");
  let steps = 0;
  await draw(few).sealTogether(description, laterHelper(), () => void steps++);
  expect(steps).toBeGreaterThan(2);
  for (let last = 1; last <= steps; last++) {
    let left = last;
    const stop = (): void => {
      if (--left === 0) throw stopped;
    };
    await expect(draw(few).sealTogether(description, laterHelper(), stop)).rejects.toBe(stopped);
  }
});
