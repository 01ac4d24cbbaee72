import { createRandom } from "./seeded-random.mjs";

const pid = 77;
const tid = { reader: 1, decoderA: 2, decoderB: 3, trainer: 4 };
const itemCount = 90;
const itemsPerEpoch = 30;
const queueCapacity = 6;
const itemBytes = 3_000_000;

/**
 * An input pipeline in Chrome's trace format: a reader, two decoders and a trainer, joined by flows; each item is an
 * asynchronous request; a bounded queue and the memory in flight are counters. Simulated.
 * @returns {string}
 */
export function makePipelineCounters() {
  const random = createRandom(11);
  /** @type {({ ts: number } & Record<string, unknown>)[]} */
  const events = [];
  const emit = (ph, ts, fields) => events.push({ ph, ts: Math.round(ts * 10) / 10, pid, ...fields });
  const begin = (on, ts, name, args) => emit("B", ts, { tid: on, cat: "pipeline", name, ...(args && { args }) });
  const end = (on, ts) => emit("E", ts, { tid: on });
  const complete = (on, ts, dur, name, args) => emit("X", ts, { tid: on, cat: "pipeline", name, dur: Math.round(dur * 10) / 10, ...(args && { args }) });
  const flow = (ph, on, ts, id) => emit(ph, ts, { tid: on, cat: "item", name: "item", id, ...(ph === "f" && { bp: "e" }) });
  const request = (ph, ts, id, name) => emit(ph, ts, { tid: tid.reader, cat: "request", name, id: `0x${(0x1000 + id).toString(16)}` });
  const around = (us) => us * (0.75 + 0.5 * random());

  let inFlightBytes = 180_000_000;
  /** Changes of memory and queue, to be written in time order. */
  const changes = [];
  const decoderFree = [0, 0];
  const takenAt = [];
  let readerAt = 500;
  let trainerAt = 0;
  for (let item = 0; item < itemCount; item++) {
    const isSlow = item % 23 === 17;
    // A full queue blocks the reader until the trainer has taken an earlier item.
    const freeAt = takenAt[item - queueCapacity - 2] ?? 0;
    if (freeAt > readerAt + 200) {
      emit("i", readerAt, { tid: tid.reader, s: "t", cat: "pipeline", name: "queue full" });
      complete(tid.reader, readerAt, freeAt - readerAt, "wait for queue");
      readerAt = freeAt;
    }
    const readStart = readerAt;
    const readUs = around(isSlow ? 9000 : 1900);
    begin(tid.reader, readStart, "read chunk", { item, file: `shard-${String(Math.floor(item / itemsPerEpoch)).padStart(5, "0")}.bin` });
    complete(tid.reader, readStart + readUs * 0.06, readUs * 0.62, "pread", { bytes: itemBytes });
    complete(tid.reader, readStart + readUs * 0.72, readUs * 0.24, "inflate", { bytes: itemBytes * 3 });
    flow("s", tid.reader, readStart + readUs * 0.9, item);
    end(tid.reader, readStart + readUs);
    readerAt = readStart + readUs + around(90);
    request("b", readStart, item, "request");
    changes.push({ ts: readStart + readUs, bytes: itemBytes, queue: 0 });

    const worker = decoderFree[0] <= decoderFree[1] ? 0 : 1;
    const decoder = worker === 0 ? tid.decoderA : tid.decoderB;
    const decodeStart = Math.max(decoderFree[worker], readStart + readUs + 40);
    const decodeUs = around(4300);
    begin(decoder, decodeStart, "decode item", { item });
    flow("t", decoder, decodeStart + 20, item);
    for (let part = 0; part < 4; part++) {
      const partStart = decodeStart + decodeUs * (0.03 + 0.235 * part);
      begin(decoder, partStart, part % 2 === 0 ? "parse" : "resample");
      complete(decoder, partStart + decodeUs * 0.01, decodeUs * around(0.17), "simd kernel");
      end(decoder, partStart + decodeUs * 0.23);
    }
    const decodedAt = decodeStart + decodeUs;
    end(decoder, decodedAt);
    decoderFree[worker] = decodedAt + around(60);
    request("n", decodedAt, item, "decoded");
    request("b", decodedAt, item, "wait in queue");
    changes.push({ ts: decodedAt, bytes: itemBytes * 3, queue: 1 });
    emit("N", decodedAt, { tid: decoder, cat: "pipeline", name: "Batch", id: item });
    emit("O", decodedAt + 1, { tid: decoder, cat: "pipeline", name: "Batch", id: item, args: { snapshot: { item, samples: 128 } } });

    const trainStart = Math.max(trainerAt, decodedAt + 30);
    if (trainStart - trainerAt > 400 && item > 0) complete(tid.trainer, trainerAt, trainStart - trainerAt - 10, "wait for data");
    const trainUs = around(2500);
    complete(tid.trainer, trainStart, trainUs, "train step", { item });
    complete(tid.trainer, trainStart + trainUs * 0.02, trainUs * 0.36, "forward");
    complete(tid.trainer, trainStart + trainUs * 0.4, trainUs * 0.47, "backward");
    complete(tid.trainer, trainStart + trainUs * 0.88, trainUs * 0.1, "update");
    flow("f", tid.trainer, trainStart + 5, item);
    trainerAt = trainStart + trainUs + 20;
    takenAt.push(trainStart);
    request("e", trainStart, item, "wait in queue");
    request("e", trainStart + trainUs, item, "request");
    changes.push({ ts: trainStart, bytes: 0, queue: -1 }, { ts: trainStart + trainUs, bytes: -itemBytes * 4, queue: 0 });
    emit("D", trainStart + trainUs, { tid: tid.trainer, cat: "pipeline", name: "Batch", id: item });
    if (item % itemsPerEpoch === itemsPerEpoch - 1) emit("i", trainerAt, { tid: tid.trainer, s: "g", cat: "pipeline", name: `end of epoch ${Math.floor(item / itemsPerEpoch)}` });
  }

  let depth = 0;
  for (const { ts, bytes, queue } of changes.sort((a, b) => a.ts - b.ts)) {
    inFlightBytes += bytes;
    depth += queue;
    if (bytes !== 0) emit("C", ts, { tid: 0, cat: "pipeline", name: "memory", args: { bytes: inFlightBytes } });
    if (queue !== 0) emit("C", ts, { tid: 0, cat: "pipeline", name: "queue depth", args: { items: depth } });
  }
  const sorted = events.map((event, order) => ({ event, order })).sort((a, b) => a.event.ts - b.event.ts || a.order - b.order).map(({ event }) => event);
  const lines = [...metadata(), ...sorted].map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines.join(",\n")}\n],"otherData":{"version":"deltaflame sample 1"}}\n`;
}

function metadata() {
  const threads = [[tid.reader, "reader"], [tid.decoderA, "decoder A"], [tid.decoderB, "decoder B"], [tid.trainer, "trainer"]];
  return [
    { ph: "M", pid, name: "process_name", args: { name: "input pipeline" } },
    ...threads.map(([id, name]) => ({ ph: "M", pid, tid: id, name: "thread_name", args: { name } })),
  ];
}
