import { createRandom } from "./seeded-random.mjs";

const pid = 77;
const tid = { reader: 1, decoderA: 2, decoderB: 3, trainer: 4 };
const itemCount = 90;
const itemsPerEpoch = 30;
const queueCapacity = 6;
const itemBytes = 3_000_000;
const idleBytes = 180_000_000;

/** @typedef {{ ph: string, ts: number } & Record<string, unknown>} TraceEvent */
/** @typedef {ReturnType<typeof createLog>} Log */

/**
 * An input pipeline in Chrome's trace format: a reader, two decoders and a trainer, joined by flows; each item is an
 * asynchronous request; a bounded queue and the memory in flight are counters. Simulated.
 * @returns {string}
 */
export function makePipelineCounters() {
  const log = createLog();
  const decoderFree = [0, 0];
  /** @type {number[]} When the trainer took each item. */
  const takenAt = [];
  let readerAt = 500;
  let trainerAt = 0;
  for (let item = 0; item < itemCount; item++) {
    readerAt = waitForQueue(log, readerAt, takenAt[item - queueCapacity - 2] ?? 0);
    const readAt = read(log, readerAt, item);
    readerAt = readAt + log.around(90);
    const worker = decoderFree[0] <= decoderFree[1] ? 0 : 1;
    const decodedAt = decode(
      log,
      worker === 0 ? tid.decoderA : tid.decoderB,
      Math.max(decoderFree[worker], readAt + 40),
      item,
    );
    decoderFree[worker] = decodedAt + log.around(60);
    const trainAt = Math.max(trainerAt, decodedAt + 30);
    if (item > 0 && trainAt - trainerAt > 400)
      log.complete(tid.trainer, trainerAt, trainAt - trainerAt - 10, "wait for data");
    takenAt.push(trainAt);
    trainerAt = train(log, trainAt, item) + 20;
    if (item % itemsPerEpoch === itemsPerEpoch - 1)
      log.instant(tid.trainer, trainerAt, "g", `end of epoch ${Math.floor(item / itemsPerEpoch)}`);
  }
  log.writeCounters();
  const lines = [...metadata(), ...log.sorted()].map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines.join(",\n")}\n],"otherData":{"version":"deltaflame sample 1"}}\n`;
}

/**
 * A full queue blocks the reader until the trainer has taken an earlier item.
 * @param {Log} log @param {number} at @param {number} freeAt
 */
function waitForQueue(log, at, freeAt) {
  if (freeAt <= at + 200) return at;
  log.instant(tid.reader, at, "t", "queue full");
  log.complete(tid.reader, at, freeAt - at, "wait for queue");
  return freeAt;
}

/** @param {Log} log @param {number} start @param {number} item */
function read(log, start, item) {
  const us = log.around(item % 23 === 17 ? 9000 : 1900);
  log.begin(tid.reader, start, "read chunk", {
    item,
    file: `shard-${String(Math.floor(item / itemsPerEpoch)).padStart(5, "0")}.bin`,
  });
  log.complete(tid.reader, start + us * 0.06, us * 0.62, "pread", { bytes: itemBytes });
  log.complete(tid.reader, start + us * 0.72, us * 0.24, "inflate", { bytes: itemBytes * 3 });
  log.flow("s", tid.reader, start + us * 0.9, item);
  log.end(tid.reader, start + us);
  log.request("b", start, item, "request");
  log.change(start + us, itemBytes, 0);
  return start + us;
}

/** @param {Log} log @param {number} on @param {number} start @param {number} item */
function decode(log, on, start, item) {
  const us = log.around(4300);
  const end = start + us;
  log.begin(on, start, "decode item", { item });
  log.flow("t", on, start + 20, item);
  for (let part = 0; part < 4; part++) {
    const partStart = start + us * (0.03 + 0.235 * part);
    log.begin(on, partStart, part % 2 === 0 ? "parse" : "resample");
    log.complete(on, partStart + us * 0.01, us * log.around(0.17), "simd kernel");
    log.end(on, partStart + us * 0.23);
  }
  log.end(on, end);
  log.request("n", end, item, "decoded");
  log.request("b", end, item, "wait in queue");
  log.change(end, itemBytes * 3, 1);
  log.object("N", on, end, item);
  log.object("O", on, end + 1, item);
  return end;
}

/** @param {Log} log @param {number} start @param {number} item */
function train(log, start, item) {
  const us = log.around(2500);
  log.complete(tid.trainer, start, us, "train step", { item });
  log.complete(tid.trainer, start + us * 0.02, us * 0.36, "forward");
  log.complete(tid.trainer, start + us * 0.4, us * 0.47, "backward");
  log.complete(tid.trainer, start + us * 0.88, us * 0.1, "update");
  log.flow("f", tid.trainer, start + 5, item);
  log.request("e", start, item, "wait in queue");
  log.request("e", start + us, item, "request");
  log.change(start, 0, -1);
  log.change(start + us, -itemBytes * 4, 0);
  log.object("D", tid.trainer, start + us, item);
  return start + us;
}

function createLog() {
  const random = createRandom(11);
  /** @type {TraceEvent[]} */
  const events = [];
  /** @type {{ ts: number, bytes: number, queued: number }[]} */
  const changes = [];
  /** @param {number} us */
  const rounded = (us) => Math.round(us * 10) / 10;
  /** @param {string} ph @param {number} ts @param {Record<string, unknown>} fields */
  const emit = (ph, ts, fields) => void events.push({ ph, ts: rounded(ts), pid, ...fields });
  return {
    /** @param {number} us */
    around: (us) => us * (0.75 + 0.5 * random()),
    /** @param {number} on @param {number} ts @param {string} name @param {Record<string, unknown>=} args */
    begin: (on, ts, name, args) => emit("B", ts, { tid: on, cat: "pipeline", name, ...(args && { args }) }),
    /** @param {number} on @param {number} ts */
    end: (on, ts) => emit("E", ts, { tid: on }),
    /** @param {number} on @param {number} ts @param {number} dur @param {string} name @param {Record<string, unknown>=} args */
    complete: (on, ts, dur, name, args) =>
      emit("X", ts, { tid: on, cat: "pipeline", name, dur: rounded(dur), ...(args && { args }) }),
    /** @param {number} on @param {number} ts @param {"t" | "g"} scope @param {string} name */
    instant: (on, ts, scope, name) => emit("i", ts, { tid: on, s: scope, cat: "pipeline", name }),
    /** @param {"s" | "t" | "f"} ph @param {number} on @param {number} ts @param {number} id */
    flow: (ph, on, ts, id) => emit(ph, ts, { tid: on, cat: "item", name: "item", id, ...(ph === "f" && { bp: "e" }) }),
    /** @param {"b" | "n" | "e"} ph @param {number} ts @param {number} id @param {string} name */
    request: (ph, ts, id, name) =>
      emit(ph, ts, { tid: tid.reader, cat: "request", name, id: `0x${(0x1000 + id).toString(16)}` }),
    /** @param {"N" | "O" | "D"} ph @param {number} on @param {number} ts @param {number} id */
    object: (ph, on, ts, id) =>
      emit(ph, ts, {
        tid: on,
        cat: "pipeline",
        name: "Batch",
        id,
        ...(ph === "O" && { args: { snapshot: { item: id, samples: 128 } } }),
      }),
    /** @param {number} ts @param {number} bytes @param {number} queued */
    change: (ts, bytes, queued) => void changes.push({ ts, bytes, queued }),
    /** Turns the changes, which were noted in any order, into counters. */
    writeCounters() {
      let bytesNow = idleBytes;
      let depth = 0;
      for (const { ts, bytes, queued } of changes.toSorted((a, b) => a.ts - b.ts)) {
        bytesNow += bytes;
        depth += queued;
        if (bytes !== 0) emit("C", ts, { tid: 0, cat: "pipeline", name: "memory", args: { bytes: bytesNow } });
        if (queued !== 0) emit("C", ts, { tid: 0, cat: "pipeline", name: "queue depth", args: { items: depth } });
      }
    },
    sorted: () =>
      events
        .map((event, order) => ({ event, order }))
        .toSorted((a, b) => a.event.ts - b.event.ts || a.order - b.order)
        .map(({ event }) => event),
  };
}

/** @returns {Record<string, unknown>[]} */
function metadata() {
  /** @type {[number, string][]} */
  const threads = [
    [tid.reader, "reader"],
    [tid.decoderA, "decoder A"],
    [tid.decoderB, "decoder B"],
    [tid.trainer, "trainer"],
  ];
  return [
    { ph: "M", pid, name: "process_name", args: { name: "input pipeline" } },
    ...threads.map(([id, name]) => ({ ph: "M", pid, tid: id, name: "thread_name", args: { name } })),
  ];
}
