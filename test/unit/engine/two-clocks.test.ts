import { describe, expect, test } from "vitest";
import type { ImportJob } from "../../../electron/engine/imports/import-job.ts";
import { importSource } from "../../../electron/engine/imports/perform-import.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { textOf } from "../../../traces/model/text-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { importContent } from "../importers/import-text.ts";

/** Epoch microseconds, and microseconds since a machine was started. */
const epoch = 1_700_000_000_000_000;
const boot = 3_600_000_000;

const fileOf = (...bursts: readonly (readonly [name: string, startUs: number, count: number])[]): string =>
  `[${bursts
    .flatMap(([name, startUs, count]) =>
      Array.from(
        { length: count },
        (_, i) => `{"ph":"X","pid":1,"tid":1,"name":"${name}","ts":${startUs + i * 10},"dur":8}`,
      ),
    )
    .join(",")}]`;

async function open(text: string, parts: Partial<ImportJob> = {}) {
  let opened = 0;
  const source = () => {
    opened++;
    return Promise.resolve(memorySource(new TextEncoder().encode(text)));
  };
  const job = { path: "", fileName: "two.json", importer: null, allowLargeInflate: false, ...parts };
  const { trace } = await importSource(
    source,
    job,
    { onProgress: () => undefined, onSnapshot: null },
    { allocate: allocatePlain, throwIfCancelled: () => undefined, nowMs: () => performance.now() },
  );
  return { opened, names: namesOf(trace), origin: trace.meta.originClockNs, left: leftOut(trace) };
}

const namesOf = ({ spans, strings }: Trace): readonly string[] => [
  ...new Set(Array.from({ length: spans.length }, (_, span) => textOf(strings, spans.name[span]))),
];
const leftOut = ({ meta }: Trace): readonly string[] =>
  meta.ledger.dropped.map(({ code, count, message }) => `${code}: ${count} ${message}`);

describe("a file whose times are of two clocks, decades apart", () => {
  test("is read by the clock that most events tell of, once where that is the first one", async () => {
    expect(await open(fileOf(["epoch", epoch, 30], ["boot", boot, 20]))).toEqual({
      opened: 1,
      names: ["epoch"],
      origin: BigInt(epoch) * 1000n,
      left: ["otherClock: 20 events of another clock, 53.9 years before the others"],
    });
    expect(await open(fileOf(["stray", boot, 3], ["epoch", epoch, 30]))).toEqual({
      opened: 2,
      names: ["epoch"],
      origin: BigInt(epoch) * 1000n,
      left: ["otherClock: 3 events of another clock, 53.9 years before the others"],
    });
  });

  test("is read by the other one when that is asked for", async () => {
    const first = await open(fileOf(["epoch", epoch, 30], ["boot", boot, 20]), { otherClock: true });
    expect(first).toMatchObject({ opened: 2, names: ["boot"], origin: BigInt(boot) * 1000n });
    expect(first.left).toEqual(["otherClock: 30 events of another clock, 53.9 years after the others"]);
    const second = await open(fileOf(["stray", boot, 3], ["epoch", epoch, 30]), { otherClock: true });
    expect(second).toMatchObject({ opened: 1, names: ["stray"] });
  });

  test("of three clocks is read by that of most events", async () => {
    const { names } = await open(fileOf(["a", boot, 2], ["b", boot * 1e4, 3], ["c", epoch, 40], ["b", boot * 1e4, 5]));
    expect(names).toEqual(["c"]);
  });

  test("is read alike by every reader", async () => {
    const trace = await importContent(fileOf(["epoch", epoch, 3], ["boot", boot, 2], ["epoch", epoch + 100, 3]));
    expect(trace.spans.length).toBe(6);
    expect(leftOut(trace)).toEqual(["otherClock: 2 events of another clock, 53.9 years before the others"]);
  });
});
