import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readLines, type TextLine } from "../../../traces/io/line-reader.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";

async function linesOf(text: string, chunkBytes: number, largestLine = 2 ** 20): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  const source = memorySource(new TextEncoder().encode(text), chunkBytes);
  const options = { chunkBytes: 16, largestLine, onChunk() {}, onLongLine() {} };
  for await (const chunk of readLines(source, options)) lines.push(...chunk);
  return lines;
}

it("gives the lines of any text with their places, however it comes in pieces", async () => {
  const text = fc
    .array(fc.constantFrom("a", "bc", "\n", "\r\n", "ü", "🔥", "", "x".repeat(40)))
    .map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (content, chunkBytes) => {
      const lines = await linesOf(content, chunkBytes);
      const expected = content.split("\n");
      const last = expected.pop() ?? "";
      const ended = expected.map((line) => line.replace(/\r$/, ""));
      expect(lines.map((line) => line.text)).toEqual(last === "" ? ended : [...ended, last]);
      expect(lines.map((line) => line.isEnded)).toEqual([...ended.map(() => true), ...(last === "" ? [] : [false])]);
      const bytes = new TextEncoder().encode(content);
      for (const line of lines) {
        const own = new TextEncoder().encode(line.text);
        expect(Array.from(bytes.subarray(line.byteOffset, line.byteOffset + own.length))).toEqual(Array.from(own));
      }
    }),
    { numRuns: 300 },
  );
});

it("passes over lines beyond the limit and goes on behind them", async () => {
  const long = "y".repeat(200);
  const lines = await linesOf(`a\n${long}\nb\n`, 7, 32);
  expect(lines.map(({ text }) => text)).toEqual(["a", "b"]);
  expect(lines[1]).toMatchObject({ byteOffset: 203, isEnded: true });
});
