import { describe, expect, it } from "vitest";
import { ByteInterner } from "../../../traces/importers/json-scan/byte-interner.ts";
import { EventBatches } from "../../../traces/importers/json-scan/event-batches.ts";
import { EventScanner, type ScanSink } from "../../../traces/importers/json-scan/event-scanner.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { importContent, toBytes } from "./import-text.ts";

const cuts = 65_536;
const head = '{"schemaVersion":1,"deviceProperties":[{"id":0,"name":"X"}],"traceEvents":[\n';

/** Event `i` begins at `i` µs, which tells it from all others. */
function eventText(i: number): string {
  const common = `"pid":1,"tid":${i % 5},"ts":${i}`;
  const kinds = [
    `{"ph":"X","cat":"cpu_op","name":"aten::n${i % 40}",${common}.${i % 1000},"dur":3.25}`,
    `{"ph":"X","cat":"kernel","name":"k<${i}>",${common},"dur":1e1,"args":{"x":{"correlation":9},"correlation":${i},"s":"}]\\\\\\"{"}}`,
    `{"ph":"s","cat":"ac2g","name":"ac2g","id":${i},${common}}`,
    `{"ph":"f","cat":"ac2g","name":"ac2g","id":${i - 1},"bp":"e",${common}}`,
    `{"ph":"C","name":"memory é😀",${common},"args":{"a":1.5,"b":"2"}}`,
    `{"ph":"b","cat":"c","id2":{"local":"0x${i.toString(16)}"},"name":"work",${common}}`,
    `{"n\\u0061me":"escaped \\u00e9\\ud83d\\ude00","ph":"i","s":"t",${common}}`,
    `{"ph":"M","name":"thread_name",${common},"args":{"name":"t [{\\"}"}}`,
    `{ "ph" : "X", "name" : "long ${"y".repeat(i % 130)}\\\\" , ${common} , "dur" : 0 }`,
  ];
  return kinds[i % kinds.length] ?? "";
}

const events = Array.from({ length: 700 }, (_, i) => eventText(i));
const whole = toBytes(`${head}${events.join(",\n")}\n],"x":1}`);
const ends: number[] = [];
for (let at = head.length, i = 0; i < events.length; i++, at += 2) {
  at += toBytes(events[i] ?? "").length;
  ends.push(at);
}
/** Complete events in front of each byte. */
const expectedCounts = new Uint32Array(cuts + 1);
for (let cut = 1, count = 0; cut <= cuts; cut++) {
  if (ends[count] === cut) count++;
  expectedCounts[cut] = count;
}

/** Counts events, and those that are not the next one of the file. */
class CountingSink implements ScanSink {
  count = 0;
  faults = 0;
  event: ScanSink["event"] = (fields) => this.#take(fields.times[0] ?? 0);
  rows: ScanSink["rows"] = ({ micros }, from, to) => {
    for (let i = from; i < to; i++) this.#take(micros[i] ?? 0);
  };
  wantsMember = (key: string): boolean => key === "deviceProperties";
  member = (): void => undefined;
  notAnEvent = (): void => this.#fault();
  malformedEvent = (): void => this.#fault();
  oversized = (): void => this.#fault();
  repair = (): void => this.#fault();

  #take(startUs: number): void {
    if (startUs !== this.count++) this.faults++;
  }

  #fault(): void {
    this.faults++;
  }
}

function createInterner(): ByteInterner {
  let count = 0;
  return new ByteInterner(() => count++);
}

/**
 * Cuts at which a reader has told other events than the complete ones before, or takes another place for the one where
 * the file breaks off. The file grows byte by byte below one scanner, whose `end` says what a file that ends here is.
 */
function findWrongCuts(batches: EventBatches | null): number[] {
  const sink = new CountingSink();
  const interners = { names: createInterner(), identities: createInterner() };
  const scanner = new EventScanner(interners, sink, "container", batches);
  const wrong: number[] = [];
  let consumed = 0;
  scanner.reserve(4096, 0);
  for (let cut = 1; cut <= cuts; cut++) {
    scanner.bytes[cut - consumed - 1] = whole[cut - 1] ?? 0;
    const used = scanner.scan(0, cut - consumed, consumed, false);
    scanner.bytes.copyWithin(0, used, cut - consumed);
    consumed += used;
    const { brokenAt, unclosed } = scanner.end(consumed < cut ? consumed : null, cut);
    const count = expectedCounts[cut] ?? 0;
    const isRight =
      sink.faults === 0 && sink.count === count && (cut < head.length || brokenAt === breakAt(cut, count));
    if (!isRight || unclosed !== "object") wrong.push(cut);
  }
  return wrong;
}

/** Where the event begins that lies across the cut; null between events, where a comma and a line feed are. */
function breakAt(cut: number, count: number): number | null {
  const begin = count === 0 ? head.length : (ends[count - 1] ?? 0) + ",\n".length;
  return cut > begin ? begin : null;
}

describe("a file cut at every byte of its first 64 KiB", () => {
  it("is long enough, and its events are JSON", () => {
    expect(whole.length).toBeGreaterThan(cuts);
    expect(events.every((text, i) => Math.floor((JSON.parse(text) as { readonly ts: number }).ts) === i)).toBe(true);
  });

  it("gives the complete events before to the batch reader", () => {
    let count = 0;
    const define = (): number => count++;
    const batches = EventBatches.create(define, (_bytes, textEnds, numbers) => {
      for (let i = 0; i < textEnds.length; i++) numbers[i] = define();
    });
    expect(batches).not.toBeNull();
    expect(findWrongCuts(batches)).toEqual([]);
  });

  it("gives the complete events before to the plain reader", () => {
    expect(findWrongCuts(null)).toEqual([]);
  });

  // Whole imports by both readers, which take long: every 2003rd byte.
  it("gives the trace of the complete events alone", async () => {
    for (let cut = head.length; cut <= cuts; cut += 2003) {
      const cutTrace = await importContent(whole.slice(0, cut));
      const complete = await importContent(`${head}${events.slice(0, expectedCounts[cut]).join(",\n")}]}`);
      expect(dumpTrace(cutTrace)).toBe(dumpTrace(complete));
    }
  });
});
