import { expect, it } from "vitest";
import { createSnapshotSchedule } from "../../../electron/engine/imports/snapshot-schedule.ts";

/** Reads `bytes` at a byte a `msPerByte`, ten spans a byte, a span's share of a snapshot taking `msPerSpan`. */
function snapshotsAt(bytes: number, msPerByte: number, msPerSpan: number): number[] {
  let nowMs = 0;
  const schedule = createSnapshotSchedule(bytes, () => nowMs);
  const shown: number[] = [];
  for (let read = 1; read <= bytes; read++) {
    nowMs += msPerByte;
    if (!schedule.isDue(read, read * 10)) continue;
    shown.push(read);
    schedule.taken(read * 10, read * 10 * msPerSpan);
  }
  return shown;
}

it("shows a slow import at a geometric pace, until little is left", () => {
  expect(snapshotsAt(300, 100, 0.1)).toEqual([1, 4, 16, 64, 256]);
});

it("shows no more than the start of a fast one", () => {
  expect(snapshotsAt(300, 1, 0.001)).toEqual([1]);
});

it("is not misled by a file that takes long to open, nor by its first snapshot", () => {
  let nowMs = 0;
  const schedule = createSnapshotSchedule(3000, () => nowMs);
  const shown: number[] = [];
  nowMs = 50;
  for (let read = 1; read <= 3000; read++) {
    nowMs += 0.1;
    if (!schedule.isDue(read, read * 10)) continue;
    shown.push(read);
    nowMs += 30;
    schedule.taken(read * 10, 30);
  }
  expect(shown).toEqual([1]);
});

it("leaves out what would cost more than a quarter of the time that is left", () => {
  // 64 bytes: 640 spans at 15 ms, against 236 bytes at 100 ms.
  expect(snapshotsAt(300, 100, 15)).toEqual([1, 4, 16]);
});

it("waits for the first span", () => {
  const schedule = createSnapshotSchedule(100, () => 0);
  expect([schedule.isDue(1, 0), schedule.isDue(2, 0), schedule.isDue(3, 5)]).toEqual([false, false, true]);
});
