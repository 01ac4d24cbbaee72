import { expect, it } from "vitest";
import type { EventPlace } from "../../../traces/importers/importer.ts";
import { readEventBatch } from "../../../traces/importers/read-event-batch.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";

const pause = (): Promise<void> => Promise.resolve();

/** Events "e0" … with texts of some hundred bytes, `large` of them 40,000; their places in file order. */
function makeEvents(count: number, large: ReadonlySet<number>): { bytes: Uint8Array; places: EventPlace[] } {
  const places: EventPlace[] = [];
  let text = "[";
  for (let i = 0; i < count; i++) {
    places.push({ offset: text.length, name: `e${i}`, endOffset: null });
    text += `{"name":"e${i}","args":{"i":${i},"x":"${"y".repeat(large.has(i) ? 40_000 : i % 300)}"},"tts":1},`;
  }
  return { bytes: new TextEncoder().encode(`${text}{}]`), places };
}

/** Counts reads that go back: each costs a source without random access a start from the beginning. */
function watchReads(bytes: Uint8Array): { source: ByteSource; counts: { reads: number; back: number } } {
  const counts = { reads: 0, back: 0 };
  const inMemory = memorySource(bytes);
  let last = 0;
  const source: ByteSource = {
    ...inMemory,
    seeks: false,
    readAt(offset, target) {
      counts.reads++;
      if (offset < last) counts.back++;
      last = offset;
      return inMemory.readAt(offset, target);
    },
  };
  return { source, counts };
}

it("reads events that are asked for out of order in one pass, large ones too", async () => {
  const { bytes, places } = makeEvents(20_000, new Set([0, 7, 9000, 19_999]));
  const asked = places.map((_, i) => places[(i * 7919) % places.length]);
  const { source, counts } = watchReads(bytes);
  const batch = await readEventBatch(source, { count: asked.length, at: (i) => asked[i] }, { argsOnly: true, pause });
  expect(batch.count).toBe(20_000);
  expect(counts.back).toBe(0);
  expect(counts.reads).toBeLessThan(40);
  for (let i = 0; i < asked.length; i++) expect(batch.argumentsOf(i)[0]).toEqual(["i", asked[i].name.slice(1)]);
});

it("merges the arguments of events that ended others, and tells of each event that is none", async () => {
  const text = `[{"ph":"B","name":"a","args":{"k":1,"l":"\\/"}},  {"ph":"E","args":{"k":2e3}},{"name":"b"`;
  const bytes = new TextEncoder().encode(text);
  const places: (EventPlace | null)[] = [
    { offset: 1, name: "a", endOffset: text.indexOf('{"ph":"E"') },
    null,
    { offset: 1, name: "other", endOffset: null },
    { offset: text.lastIndexOf("{"), name: "b", endOffset: null },
    { offset: 3, name: "a", endOffset: null },
  ];
  const batch = await readEventBatch(
    memorySource(bytes),
    { count: places.length, at: (i) => places[i] },
    { argsOnly: false, pause },
  );
  expect(batch.argumentsOf(0)).toEqual([
    ["k", "2e3"],
    ["l", '"/"'],
  ]);
  expect(batch.argumentsOf(1)).toEqual([]);
  expect(() => batch.argumentsOf(2)).toThrow("another event is at this place");
  expect(() => batch.argumentsOf(3)).toThrow("one that the end of the file cuts off");
  expect(() => batch.argumentsOf(4)).toThrow("expected an event, found something else");
});

it("reads as many as memory allows", async () => {
  const { bytes, places } = makeEvents(600, new Set(Array.from({ length: 600 }, (_, i) => i)));
  const batch = await readEventBatch(
    memorySource(bytes),
    { count: places.length, at: (i) => places[i] },
    { argsOnly: true, pause },
  );
  expect(batch.count).toBe(150);
  expect(batch.argumentsOf(149)[0]).toEqual(["i", "149"]);
});
