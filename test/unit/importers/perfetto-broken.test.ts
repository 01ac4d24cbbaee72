import { describe, expect, it } from "vitest";
import { importFile, importerOf } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { sourceOffsetOf } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { type Field, varint } from "../../fixtures/protobuf/encode.ts";
import { packetOf, traceOf } from "../../fixtures/protobuf/perfetto-samples.ts";
import { contextFor } from "./import-text.ts";
import { elevenBytes, importBytes, join, verdict } from "./protobuf-verdict.ts";

const begin = packetOf(
  [10, 1],
  [8, 100],
  [
    11,
    [
      [9, 1],
      [11, 7],
      [23, "good"],
    ],
  ],
);
const end = packetOf(
  [10, 1],
  [8, 200],
  [
    11,
    [
      [9, 2],
      [11, 7],
    ],
  ],
);
const goodTrace = traceOf(begin, end);

describe("broken Perfetto traces", () => {
  it.each<[what: string, bytes: Uint8Array, expected: string[]]>([
    [
      "cut in its second packet",
      goodTrace.subarray(0, goodTrace.length - 3),
      [
        "1 at byte 19: the file breaks off or is damaged: expected field 1 to end with its message at byte 29, found a length of 11 bytes; the packets before it were kept",
        "1: spans without an end in the file; drawn to the end of the trace, kept out of all sums",
      ],
    ],
    [
      "cut in its first packet",
      goodTrace.subarray(0, 9),
      [
        "refused: expected the packets of a Perfetto trace: expected field 1 to end with its message at byte 9, found a length of 17 bytes (byte 0)",
      ],
    ],
    [
      "a varint of eleven bytes between packets",
      join(traceOf(begin), elevenBytes, traceOf(end)),
      [
        "1 at byte 19: the file breaks off or is damaged: expected a tag, found a varint of more than 10 bytes; the packets before it were kept",
        "1: spans without an end in the file; drawn to the end of the trace, kept out of all sums",
      ],
    ],
    [
      "a packet of 2 GB",
      join(goodTrace, [10], varint(2n ** 31n), [1, 2, 3]),
      [
        "1 at byte 32: the file breaks off or is damaged: expected field 1 to end with its message at byte 41, found a length of 2147483648 bytes; the packets before it were kept",
      ],
    ],
    [
      "a packet whose event is cut",
      join(traceOf(begin), [10, 4, 90, 8, 72, 1], traceOf(end)),
      [
        "1: damaged packets (the first: expected field 11 to end with its message at byte 25, found a length of 8 bytes)",
      ],
    ],
    [
      "a group where a packet should be",
      join([11], goodTrace),
      [
        "refused: expected the packets of a Perfetto trace: expected a field of a known wire type, found type 3 of field 1 (byte 0)",
      ],
    ],
    [
      "compressed packets that do not inflate",
      traceOf(begin, packetOf([10, 1], [50, "this is not deflated"]), end),
      ["1: damaged packets (the first: expected compressed packets, found bytes that do not inflate)"],
    ],
    [
      "events without a time, a type, an id or a value",
      traceOf(
        packetOf(
          [10, 1],
          [
            11,
            [
              [9, 1],
              [11, 7],
            ],
          ],
        ),
        packetOf([10, 1], [8, 1], [11, [[11, 7]]]),
        packetOf([10, 1], [8, 1], [11, [[6, [[2, 98]]]]]),
        packetOf([10, 1], [8, 1], [11, [[6, [[2, 115]]]]]),
        packetOf(
          [10, 1],
          [8, 1],
          [
            11,
            [
              [9, 4],
              [11, 7],
            ],
          ],
        ),
      ),
      [
        "1: events without a time, or with one beyond 64 bits",
        "1: events of a type or phase that is not known",
        "1: asynchronous events without an id",
        "1: flow events without an id",
        "1: counter events without a value",
      ],
    ],
    [
      "a clock that no snapshot knows",
      traceOf(
        packetOf(
          [10, 1],
          [58, 70],
          [8, 5],
          [
            11,
            [
              [9, 3],
              [11, 7],
              [23, "x"],
            ],
          ],
        ),
      ),
      [
        "1: times of clock 70, which no snapshot relates to the others; they are shown as if they were of the clock of the trace",
      ],
    ],
    [
      "kernel events alone",
      traceOf(
        packetOf(
          [10, 1],
          [8, 5],
          [
            1,
            [
              [1, 0],
              [
                2,
                [
                  [1, 7],
                  [2, 3],
                  [4, [[1, "a"]]],
                ],
              ],
              [
                2,
                [
                  [1, 8],
                  [99, [[1, 1]]],
                ],
              ],
            ],
          ],
        ),
      ),
      [
        "1: not shown: kernel events: sched_switch",
        "1: not shown: kernel events: kind 99",
        "1: no track events found: kernel scheduling and other system data is not shown",
      ],
    ],
  ])("tells %s", async (_what, bytes, expected) => {
    expect(await verdict(bytes, "perfetto")).toEqual(expected);
  });

  it("opens tracks whose parents go in circles", async () => {
    const track = (uuid: number, parent: number): Field =>
      packetOf(
        [10, 1],
        [
          60,
          [
            [1, uuid],
            [5, parent],
          ],
        ],
      );
    const trace = await importBytes(
      traceOf(
        track(1, 2),
        track(2, 3),
        track(3, 1),
        track(4, 4),
        packetOf(
          [10, 1],
          [8, 5],
          [
            11,
            [
              [9, 3],
              [11, 1],
              [23, "x"],
            ],
          ],
        ),
      ),
    );
    expect(trace.tracks.map((each) => each.parent)).toEqual([1, 2, null]);
  });

  it("opens a track that says it is a thread of itself", async () => {
    const own: Field = [3, [[1, 5]]];
    const ofItself: Field = [
      4,
      [
        [1, 5],
        [2, 7],
      ],
    ];
    const x: Field = [
      11,
      [
        [9, 3],
        [11, 2],
        [23, "x"],
      ],
    ];
    const trace = await importBytes(
      traceOf(
        packetOf([10, 1], [60, [[1, 1], own, ofItself]]),
        packetOf(
          [10, 1],
          [
            60,
            [
              [1, 2],
              [5, 1],
            ],
          ],
        ),
        packetOf([10, 1], [8, 5], x),
      ),
    );
    expect(trace.tracks.map((each) => each.parent)).toEqual([1, null]);
  });

  it("reads packets compressed with zstd as if they were not, and says what is wrong with damaged ones", async () => {
    const { packRaw } = await import("../../fixtures/zstd.ts");
    const plain = traceOf(begin, end);
    const trace = await importBytes(traceOf(packetOf([10, 1], [133, packRaw(plain)])), "perfetto");
    const expected = await importBytes(plain, "perfetto");
    expect(dumpTrace(trace)).toBe(dumpTrace(expected));
    expect(trace.spans.length).toBe(1);
    const damaged = traceOf(begin, packetOf([10, 1], [133, packRaw(plain).subarray(0, 20)]), end);
    expect(await verdict(damaged, "perfetto")).toEqual([
      "1: damaged packets (the first: expected packets compressed with zstd, found some that do not unpack (cut))",
    ]);
  });

  it("does not inflate beyond the limit", async () => {
    const { deflateSync } = await import("node:zlib");
    const bomb = traceOf(begin, packetOf([10, 1], [50, deflateSync(new Uint8Array(5_000_000))]), end);
    const trace = await importFile(memorySource(bomb), {
      builder: createTraceBuilder(),
      context: contextFor("bomb.pftrace", { eventBytes: 1_000_000 }),
    });
    expect(trace.meta.ledger.dropped.map(({ message }) => message)).toEqual([
      "damaged packets (the first: expected compressed packets of at most 1000000 bytes, found more)",
    ]);
    expect(trace.spans.length).toBe(1);
  });

  it("reads annotations that are nested 300 deep as far as they make sense", async () => {
    let value: Field = [4, 1];
    for (let depth = 0; depth < 300; depth++) value = [12, [value]];
    const bytes = traceOf(
      packetOf(
        [10, 1],
        [8, 100],
        [
          11,
          [
            [9, 3],
            [11, 7],
            [23, "deep"],
            [4, [[10, "deep"], value]],
          ],
        ],
      ),
    );
    const trace = await importBytes(bytes);
    const reader = await importerOf("perfetto").openArguments?.(memorySource(bytes));
    const place = { offset: sourceOffsetOf(trace.instants, 0), name: "deep", endOffset: null };
    const args = (await reader?.read(place))?.args ?? [];
    expect(args).toHaveLength(1);
    expect(args[0]?.[1]).toBe("…");
  });
});
