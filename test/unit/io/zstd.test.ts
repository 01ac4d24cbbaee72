import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpackZstd } from "../../../traces/io/zstd.ts";
import { packRaw } from "../../fixtures/zstd.ts";

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const text = Array.from({ length: 200 }, (_, i) => `line ${i} of a text that repeats itself\n`)
  .join("")
  .slice(0, 2000);

/** The text as the program `zstd` packs it: with its size and a long window, and without the size. */
const packed = [
  "KLUv/WTQBgUEAKJGExGg7WB2qV1bVfezbVLK4n43R6tB3BQyRPNq6JtChmheDXxTyBDNq2FvChmieVVvXk4+Lt7n7xUkhqJcj/Kgh+DlUfJyIvnz5B6O2mIBNagRALP73wHwNdYRJAT/rxA80A8dTBQhQoYqChOEGhmKJal2BbKMZDWSFXcoAmQVLjH8lw==",
  "KLUv/QQIRQUAgsUQFbAZOuBIrlaxbfRnaJkRIlOK5RjkYlX1////27Zt223bti1JkiQLhIGg7hJAjJ0rdG5YwhR0w3B0CzsaRBAUIDsUEzUgoDNKB4x4zod5xHM+zCOe82Ee8ZwP84jnfJhHPOfDPOI5H+YRz/kwj3jOh3nEcz7MI56zh/njEX56Th8Pw6dH7PEcPT1MHo/A03PueKKd55IsKZOXZEmZvCRLyklukfCfLjH8lw==",
].map(fromBase64);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("Zstandard", () => {
  it("unpacks frames with and without their size, several too, and passes over those to skip", () => {
    for (const bytes of packed) expect(textOf(unpackZstd(bytes, 1e6))).toBe(text);
    const skipped = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    expect(textOf(unpackZstd(Buffer.concat([skipped, ...packed]), 1e6))).toBe(text + text);
    expect(textOf(unpackZstd(packRaw(new TextEncoder().encode("as it is")), 100))).toBe("as it is");
  });

  it("asks for no memory beyond the limit, whatever a frame says", () => {
    const hugeWindow = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0);
    expect(() => unpackZstd(hugeWindow, 1e8)).toThrow("a window larger than the limit");
    const hugeSize = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0);
    expect(() => unpackZstd(hugeSize, 1e8)).toThrow("content larger than the limit");
    expect(() => unpackZstd(packed[0], 1999)).toThrow("content larger than the limit");
    expect(() => unpackZstd(packed[1], 1999)).toThrow("larger than the limit");
  });

  it("refuses what is cut or no frame", () => {
    expect(() => unpackZstd(packed[1].subarray(0, 100), 1e6)).toThrow("cut");
    expect(() => unpackZstd(packed[0].subarray(0, 6), 1e6)).toThrow();
    expect(() => unpackZstd(new TextEncoder().encode("no frame at all"), 1e6)).toThrow("no frame");
  });

  it("any bytes changed: an error or content within the limit, in bounded time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...packed),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
        (whole, changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            expect(unpackZstd(bytes, 10_000).length).toBeLessThanOrEqual(10_000);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: 500, interruptAfterTimeLimit: 5000 },
    );
  });
});
