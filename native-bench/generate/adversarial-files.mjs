import { closeSync, openSync, writeSync } from "node:fs";
import { makeDenseFile } from "./make-dense-file.mjs";

const chunkCharacters = 1 << 20;
const namesOfMost = 320;

/**
 * Files of a shape that invites work beyond the number of spans. Each holds `spans` complete events; `typical` is what
 * the others are measured against.
 * @type {Readonly<Record<string, { readonly label: string, readonly write: (file: string, spans: number) => void }>>}
 */
export const adversarialFiles = {
  typical: {
    label: "typical: 8 tracks, nested eight deep",
    write: (file, spans) => makeDenseFile(file, { spans, seed: 1 }),
  },
  oneTrack: {
    label: "one track, side by side",
    write: writeEvents((i) => span(1, `op_${i % namesOfMost}`, i * 4, 3)),
  },
  reversed: {
    label: "one track, last span first",
    write: writeEvents((i, spans) => span(1, `op_${i % namesOfMost}`, (spans - i) * 4, 3)),
  },
  manyTracks: {
    label: "100,000 tracks, taking turns",
    write: writeEvents((i) => span(i % 100_000, `op_${i % namesOfMost}`, i * 4, 3)),
  },
  lonelySpans: {
    label: "a track of its own for every span",
    write: writeEvents((i) => span(i, `op_${i % namesOfMost}`, i * 4, 3)),
  },
  lonelyProcesses: {
    label: "a process of its own for every span",
    write: writeEvents((i) => `{"ph":"X","pid":${i},"tid":${i},"name":"op_${i % namesOfMost}","ts":${i * 4},"dur":3}`),
  },
  deep: {
    label: "towers 10,000 deep",
    write: writeEvents((i) => {
      const depth = i % 10_000;
      return span(1, `op_${i % namesOfMost}`, (i - depth) * 4 + depth, 20_000 - 2 * depth);
    }),
  },
  manyNames: {
    label: "a name of its own for every span",
    write: writeEvents((i) => span(i % 8, `op_${i} of all`, i * 4, 3)),
  },
  equal: {
    label: "all at the same time",
    write: writeEvents((i) => span(1, `op_${i % namesOfMost}`, 1000, 1000)),
  },
  overlapping: {
    label: "each overlaps the 1,000 behind it",
    write: writeEvents((i) => span(1, `op_${i % namesOfMost}`, i * 4, 4000)),
  },
  unended: {
    label: "begun, never ended",
    write: writeEvents((i) => `{"ph":"B","pid":1,"tid":${i % 8},"name":"op_${i % namesOfMost}","ts":${i}}`),
  },
  belowUnended: {
    label: "below 10,000 that never end",
    write: writeEvents((i) =>
      i < 10_000
        ? `{"ph":"B","pid":1,"tid":1,"name":"outer_${i}","ts":${i}}`
        : span(1, `op_${i % namesOfMost}`, i * 4, 3),
    ),
  },
  crossing: {
    label: "begun and ended crosswise",
    write: writeEvents((i) => {
      const half = i % 2000 < 1000;
      return `{"ph":"${half ? "B" : "E"}","pid":1,"tid":1,"name":"op_${i % 1000}","ts":${i}}`;
    }, 2),
  },
  async: {
    label: "asynchronous, an id each, all open at once",
    write: writeEvents((i, events) => {
      const half = events / 2;
      return `{"ph":"${i < half ? "b" : "e"}","cat":"c","id":${i % half},"pid":1,"name":"async_op","ts":${i}}`;
    }, 2),
  },
  flows: {
    label: "an arrow from every span, all with one id",
    write: writeEvents(
      (i) =>
        i % 2 === 0
          ? span(i % 16, `op_${i % namesOfMost}`, i * 4, 3)
          : `{"ph":"${i === 1 ? "s" : "t"}","cat":"c","id":1,"pid":1,"tid":${(i - 1) % 16},"name":"f","ts":${(i - 1) * 4 + 1}}`,
      2,
    ),
  },
};

/** @param {number} track @param {string} name @param {number} startUs @param {number} durationUs */
const span = (track, name, startUs, durationUs) =>
  `{"ph":"X","pid":1,"tid":${track},"name":"${name}","ts":${startUs},"dur":${durationUs}}`;

/**
 * @param {(index: number, events: number) => string} event
 * @param {number=} eventsPerSpan
 * @returns {(file: string, spans: number) => void}
 */
function writeEvents(event, eventsPerSpan = 1) {
  return (file, spans) => {
    const events = spans * eventsPerSpan;
    const descriptor = openSync(file, "w");
    let text = '{"traceEvents":[\n';
    for (let i = 0; i < events; i++) {
      text += i === 0 ? event(i, events) : `,\n${event(i, events)}`;
      if (text.length < chunkCharacters) continue;
      writeSync(descriptor, text);
      text = "";
    }
    writeSync(descriptor, `${text}\n]}\n`);
    closeSync(descriptor);
  };
}
