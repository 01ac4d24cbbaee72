import { describe, expect, it } from "vitest";
import { encode, type Field, varint } from "../../fixtures/protobuf/encode.ts";
import { makeTpuOps, planeOf, xspaceOf } from "../../fixtures/protobuf/xspace-samples.ts";
import { elevenBytes, importBytes, join, verdict } from "./protobuf-verdict.ts";

const goodPlane = planeOf({
  name: "/host:CPU",
  lines: [{ id: 1, name: "main", timestampNs: 5, events: [{ name: "good", offsetPs: 1000, durationPs: 2000 }] }],
});
const good = xspaceOf(goodPlane);
const lineWith = (...fields: readonly Field[]): Uint8Array =>
  encode([
    [
      1,
      [
        [2, "/host:CPU"],
        [3, [[1, 1], [2, "main"], [3, 5], ...fields]],
      ],
    ],
  ]);

describe("broken XSpace files", () => {
  it.each<[what: string, bytes: Uint8Array, expected: string[]]>([
    [
      "cut in an event",
      good.subarray(0, 36),
      [
        "1 at byte 0: the file breaks off or is damaged: expected field 1 to end with its message at byte 36, found a length of 47 bytes; the planes and events before it were kept",
        "1: events without a name",
      ],
    ],
    [
      "cut in the first name",
      good.subarray(0, 8),
      [
        "refused: expected the planes of an XSpace profile: expected field 1 to end with its message at byte 8, found a length of 47 bytes (byte 0)",
      ],
    ],
    [
      "a plane with a varint of eleven bytes",
      join(good, [10, 12], elevenBytes),
      [
        "1 at byte 51: the file breaks off or is damaged: expected a tag, found a varint of more than 10 bytes; the planes and events before it were kept",
      ],
    ],
    [
      "a plane of 2^62 bytes",
      join(good, [10], varint(2n ** 62n), [1, 2]),
      [
        "1 at byte 49: the file breaks off or is damaged: expected field 1 to end with its message at byte 61, found a length of 4611686018427388000 bytes; the planes and events before it were kept",
      ],
    ],
    [
      "a group where a plane should be",
      join([11], good),
      [
        "refused: expected the planes of an XSpace profile: expected a field of a known wire type, found type 3 of field 1 (byte 0)",
      ],
    ],
    [
      "an event that ends inside its duration",
      lineWith(
        [4, Uint8Array.from([8, 1, 24, 128])],
        [
          4,
          [
            [1, 2],
            [2, 5000],
          ],
        ],
      ),
      [
        "1: damaged events (the first: expected the number of field 3, found the end of its message)",
        "1: events without a name",
      ],
    ],
    [
      "a line that is no message",
      encode([
        [
          1,
          [
            [2, "/host:CPU"],
            [3, "\u0007 no line"],
          ],
        ],
        [1, goodPlane],
      ]),
      ["1 at byte 15: a line is damaged: expected a field, found the tag 7; its events before that were kept"],
    ],
    [
      "times beyond 52 days",
      lineWith(
        [
          4,
          [
            [1, 1],
            [2, 2n ** 63n - 1n],
            [3, 2n ** 63n - 1n],
          ],
        ],
        [
          4,
          [
            [1, 1],
            [3, -5],
          ],
        ],
      ),
      ["1: events beyond 52 days from the first event", "2: events without a name"],
    ],
  ])("tells %s", async (_what, bytes, expected) => {
    expect(await verdict(bytes, "xspace")).toEqual(expected);
  });

  it("refuses a file that was copied as text, and says so before anything else", async () => {
    const damaged = Buffer.from(Buffer.from(makeTpuOps()).toString("utf8"), "utf8");
    await expect(importBytes(new Uint8Array(damaged))).rejects.toThrow(
      "expected an XSpace profile, found one that was copied as text: every byte above 127 was replaced by EF BF BD and cannot be restored; copy the file again in binary mode",
    );
  });

  it("keeps times exact beyond what a double holds", async () => {
    const epoch = 1_700_000_000_000_000_001n;
    const trace = await importBytes(
      xspaceOf(
        planeOf({
          name: "/host:CPU",
          lines: [
            {
              id: 1,
              name: "main",
              timestampNs: epoch,
              events: [
                { name: "a", offsetPs: 9_007_199_254_740_993n, durationPs: 999n },
                { name: "b", offsetPs: 9_007_199_254_741_500n, durationPs: 1n },
              ],
            },
          ],
        }),
      ),
    );
    expect(trace.meta.originClockNs).toBe(epoch + 9_007_199_254_741n);
    expect(trace.meta.originUnixNs).toBe(trace.meta.originClockNs);
    expect([trace.spans.startNs[0], trace.spans.packedDurationNs[0]]).toEqual([0, 1]);
    // Half to even of the absolute time, which is even before its half.
    expect([trace.spans.startNs[1], trace.spans.packedDurationNs[1]]).toEqual([0, 1]);
  });
});
