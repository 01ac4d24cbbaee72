import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { useBlockFile, type BlockFile } from "../../../native-bench/spans/block-file.ts";
import { createBlockSaver } from "../../../native-bench/spans/block-saver.ts";
import { createColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import { blockBytes, blockRows, createBlock } from "../../../native-bench/spans/record-block.ts";
import type { RecordMessage } from "../../../native-bench/spans/record-message.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { ledgerBalance } from "../../../traces/model/ledger-book.ts";
import { durationOf, flagsOf, sourceOffsetOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";

const description = { name: "run", format: "live-run", formatLabel: "Live run", facts: [] };
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** A file on the disk with so many slots. */
function createFile(slotCount: number): BlockFile {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-blocks-"));
  const descriptor = openSync(join(folder, "blocks"), "w+");
  cleanups.push(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return useBlockFile({ descriptor, slotCount });
}

/** A recorder with few blocks and who collects from it; messages arrive when `deliver` is called. */
function createSubject({ file, maxBlocks = 2 }: { readonly file: BlockFile; readonly maxBlocks?: number }) {
  const recordings = createRecordings({ monotonicNs: 0n, unixNs: 0n }, file);
  const saver = createBlockSaver(file, (message) => recordings.take(message));
  const waiting: RecordMessage[] = [];
  let nowNs = 0;
  const recorder = createColumnRecorder({
    track: 3,
    name: "main",
    clock: () => nowNs++,
    tell: (message) => waiting.push(message),
    maxRows: maxBlocks * blockRows,
  });
  const deliver = (): void => {
    for (const message of waiting.splice(0)) {
      recordings.take(message);
      if (message.kind !== "retired") continue;
      const held = recordings.findBlock(message.track, message.number);
      if (held !== null) saver.save(message.track, message.number, held.block, held.round);
    }
  };
  const toTrace = (partial = false): Trace => {
    deliver();
    return recordings.toTrace(description, { allocate: allocatePlain, partial });
  };
  return { recorder, recordings, deliver, toTrace };
}

const overwrittenIn = ({ meta }: Trace): number =>
  meta.ledger.dropped.find(({ code }) => code === "overwritten")?.count ?? 0;

describe("blocks of a run that are saved", () => {
  test("come back whole in the trace, with what was open while they retired, and with their notes", () => {
    const { recorder, recordings, deliver, toTrace } = createSubject({ file: createFile(100) });
    const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
    recorder.begin(outer);
    recorder.note("early", "yes");
    const inside = 7 * blockRows;
    for (let i = 0; i < inside; i++) {
      recorder.begin(inner);
      if (i === 5) recorder.note("index", i);
      recorder.end();
      if (i % blockRows === 0) deliver();
    }
    recorder.note("late", 1);
    const partial = toTrace(true);
    assertSealed(partial);
    expect(flagsOf(partial.spans, 0) & SpanFlag.openEnded).toBe(SpanFlag.openEnded);
    recorder.end();
    const trace = toTrace();
    assertSealed(trace);
    expect(recorder.lostCount).toBe(0);
    expect(overwrittenIn(trace)).toBe(0);
    expect(trace.spans.length).toBe(inside + 1);
    expect(durationOf(trace.spans, 0)).toBe(trace.meta.durationNs);
    expect(trace.meta.ledger.eventsRead).toBe(ledgerBalance(trace.meta.ledger).accounted);
    expect(recordings.notesOf(sourceOffsetOf(trace.spans, 0))).toEqual([
      ["early", "yes"],
      ["late", "1"],
    ]);
    expect(recordings.notesOf(sourceOffsetOf(trace.spans, 6))).toEqual([["index", "5"]]);
  });

  test("are not read again for each span whose notes are asked for", () => {
    const file = createFile(100);
    let reads = 0;
    const counting: BlockFile = { ...file, read: (slot, into) => reads++ >= 0 && file.read(slot, into) };
    const { recorder, recordings, deliver, toTrace } = createSubject({ file: counting });
    const [step, part] = [recorder.name("step", "step"), recorder.name("part", "op")];
    for (let i = 0; i < 3 * blockRows; i++) {
      recorder.begin(step);
      recorder.note("index", i);
      recorder.begin(part);
      recorder.end();
      recorder.end();
      if (i % 1000 === 0) deliver();
    }
    const { spans } = toTrace();
    reads = 0;
    for (let span = 0; span < spans.length; span += 2) {
      const [[key, value] = []] = recordings.notesOf(sourceOffsetOf(spans, span));
      if (key !== "index" || value !== String(span / 2)) throw new Error(`span ${span} has ${key} ${value}`);
    }
    expect(reads).toBeGreaterThan(3);
    expect(reads).toBeLessThan(40);
  });

  test("make room for newer ones when the file is full, and are counted then", () => {
    const { recorder, deliver, toTrace } = createSubject({ file: createFile(3) });
    const name = recorder.name("span");
    const spans = 9 * blockRows + 8;
    for (let i = 0; i < spans; i++) {
      recorder.begin(name);
      recorder.end();
      if (i % 1000 === 0) deliver();
    }
    const trace = toTrace();
    assertSealed(trace);
    expect(recorder.lostCount).toBe(0);
    // Three in the file, the one that is being written, and perhaps one between the two.
    expect(trace.spans.length).toBeGreaterThanOrEqual(3 * blockRows + 8);
    expect(trace.spans.length + overwrittenIn(trace)).toBe(spans);
    expect(trace.meta.originClockNs).toBe(BigInt(2 * overwrittenIn(trace)));
  });

  test("stay in the ring, overwritten and counted, when the disk takes no more", () => {
    const file = createFile(100);
    let room = 2;
    const full: BlockFile = { ...file, write: (slot, block) => room-- > 0 && file.write(slot, block) };
    const { recorder, deliver, toTrace } = createSubject({ file: full });
    const name = recorder.name("span");
    const spans = 8 * blockRows + 8;
    for (let i = 0; i < spans; i++) {
      recorder.begin(name);
      recorder.end();
      if (i % 1000 === 0) deliver();
    }
    const trace = toTrace();
    expect(recorder.lostCount).toBeGreaterThan(0);
    expect(overwrittenIn(trace)).toBe(recorder.lostCount);
    expect(trace.spans.length).toBe(spans - recorder.lostCount);
    expect(trace.spans.length).toBeGreaterThan(3 * blockRows);
  });

  test("are counted once, whenever the saver comes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ spans: fc.nat(blockRows), delivers: fc.boolean(), opens: fc.boolean() }), {
          maxLength: 24,
        }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 5 }),
        (moves, slotCount, maxBlocks) => {
          const { recorder, deliver, toTrace } = createSubject({ file: createFile(slotCount), maxBlocks });
          const [outer, inner] = [recorder.name("outer", "phase"), recorder.name("inner", "op")];
          let emitted = 0;
          for (const { spans, delivers, opens } of moves) {
            if (opens) {
              recorder.begin(outer);
              emitted++;
            } else if (recorder.depth > 0) recorder.end();
            for (let i = 0; i < spans; i++) {
              recorder.begin(inner);
              recorder.end();
            }
            emitted += spans;
            if (delivers) deliver();
          }
          const partial = toTrace(true);
          expect(partial.meta.ledger.eventsRead).toBe(emitted);
          recorder.unwind(0);
          const trace = toTrace();
          assertSealed(trace);
          expect(trace.spans.length + overwrittenIn(trace)).toBe(emitted);
          expect(trace.meta.ledger.eventsRead).toBe(ledgerBalance(trace.meta.ledger).accounted);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test("a block that cannot be written or read back is no error", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-blocks-"));
  const path = join(folder, "blocks");
  closeSync(openSync(path, "w"));
  const descriptor = openSync(path, "r");
  const file = useBlockFile({ descriptor, slotCount: 1 });
  expect(file.write(0, createBlock())).toBe(false);
  expect(file.read(0, createBlock())).toBe(false);
  expect(blockBytes).toBeGreaterThan(21 * blockRows);
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});
