import { expect, it } from "vitest";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { endSourceOf, sourceOffsetOf } from "../../../traces/model/trace.ts";
import { importContent, toBytes } from "./import-text.ts";

const at = (ph: string, ts: number, more: object): object => ({ ph, name: "a", pid: 1, tid: 1, ts, ...more });

async function argumentsOfSpans(events: readonly object[]): Promise<(readonly (readonly [string, string])[])[]> {
  const text = JSON.stringify(events);
  const trace = await importContent(text);
  return await Promise.all(
    Array.from({ length: trace.spans.length }, async (_, span) => {
      const endOffset = endSourceOf(trace.spans, span);
      const options = endOffset === null ? {} : { endOffset };
      return (await readEventArguments(memorySource(toBytes(text)), sourceOffsetOf(trace.spans, span), options)).args;
    }),
  );
}

it("merges the arguments of an end into those of its begin, the end wins", async () => {
  const events = [
    at("X", 100, { dur: 5, args: { only: "x" } }),
    at("B", 0, { args: { both: 1, begin: 2 } }),
    at("B", 1, { args: { inner: 3 } }),
    at("E", 2, { args: {} }),
    at("E", 9, { args: { end: 4, both: 5 } }),
  ];
  expect(await argumentsOfSpans(events)).toEqual([
    [
      ["both", "5"],
      ["begin", "2"],
      ["end", "4"],
    ],
    [["inner", "3"]],
    [["only", "x"]],
  ]);
});

it("merges those of asynchronous ends", async () => {
  const id = { cat: "c", id: 1 };
  const events = [at("b", 0, { ...id, args: { k: 1 } }), at("e", 5, { ...id, args: { k: 2, late: true } })];
  const [args] = await argumentsOfSpans(events);
  expect(args).toEqual(
    expect.arrayContaining([
      ["k", "2"],
      ["late", "true"],
    ]),
  );
});

it("keeps no place of ends without arguments", async () => {
  const trace = await importContent(JSON.stringify([at("B", 0, {}), at("E", 5, { args: {} })]));
  expect(trace.spans.endSources).toBeUndefined();
});
