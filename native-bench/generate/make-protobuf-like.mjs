import { closeSync, openSync, writeSync } from "node:fs";

/*
 * Profiles in protobuf of any size, written in pieces: an XSpace with the launches of a host and the kernels of a GPU,
 * and a Perfetto trace of nested slices of a few threads. The same bytes for the same numbers.
 */

const pieceBytes = 1 << 20;
const names = 400;
const streams = 4;
const threads = 4;
const nested = 5;

/** Grows to the piece being written. */
class Writer {
  bytes = Buffer.allocUnsafe(2 * pieceBytes);
  length = 0;

  /** @param {number} value a whole number below 2^53 */
  varint(value) {
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** @param {number} field @param {number} value */
  number(field, value) {
    this.varint(field * 8);
    this.varint(value);
  }

  /** @param {number} field @param {string} text */
  text(field, text) {
    this.varint(field * 8 + 2);
    this.varint(text.length);
    this.length += this.bytes.write(text, this.length, "latin1");
  }

  /**
   * A message of less than 128 bytes.
   * @param {number} field @param {() => void} write
   */
  message(field, write) {
    this.varint(field * 8 + 2);
    const at = this.length++;
    write();
    this.bytes[at] = this.length - at - 1;
  }

  take() {
    const piece = this.bytes.subarray(0, this.length);
    this.length = 0;
    return piece;
  }
}

/**
 * Calls `use` with pieces of what `write` writes for each index below `count`.
 * @param {number} count @param {(writer: Writer, index: number) => void} write @param {(piece: Buffer) => void} use
 */
function inPieces(count, write, use) {
  const writer = new Writer();
  for (let index = 0; index < count; index++) {
    write(writer, index);
    if (writer.length >= pieceBytes) use(writer.take());
  }
  use(writer.take());
}

/** @param {Writer} writer @param {number} field @param {number} id @param {number} valueField @param {number} value */
function writeStat(writer, field, id, valueField, value) {
  writer.message(field, () => {
    writer.number(1, id);
    writer.number(valueField, value);
  });
}

const kernelGapPs = 7_000_000;

/** @param {Writer} writer @param {number} index */
function writeKernel(writer, index) {
  writer.message(4, () => {
    writer.number(1, 1 + (index % names));
    writer.number(2, index * kernelGapPs + (index % 997));
    writer.number(3, 5_000_000 + ((index * 7919) % 1_500_000));
    writeStat(writer, 4, 1, 3, 1 + index);
    for (const [id, value] of [
      [2, 100 + (index % 50)],
      [3, 200 + (index % names)],
      [4, 150],
      [5, 151],
    ])
      writeStat(writer, 4, id, 7, value);
    writeStat(writer, 4, 6, 4, 1);
  });
}

/** @param {Writer} writer @param {number} index */
function writeLaunch(writer, index) {
  writer.message(4, () => {
    writer.number(1, 1 + (index % 3));
    writer.number(2, index * kernelGapPs);
    writer.number(3, 3_000_000);
    writeStat(writer, 4, 1, 3, 1 + index);
    writeStat(writer, 4, 2, 3, 4242);
  });
}

/**
 * A line of a plane as its header and the events that follow.
 * @param {number} id @param {string} name @param {number} count
 * @param {(writer: Writer, index: number) => void} write
 */
function lineOf(id, name, count, write) {
  const header = new Writer();
  header.number(1, id);
  header.text(2, name);
  header.number(3, 1000);
  const start = Buffer.from(header.take());
  let bytes = start.length;
  inPieces(count, write, (piece) => (bytes += piece.length));
  return { start, bytes, count, write };
}

/** @param {number} field @param {number} count @param {(id: number) => string} nameOf */
function tableOf(field, count, nameOf) {
  const writer = new Writer();
  for (let id = 1; id <= count; id++)
    writer.message(field, () => {
      writer.number(1, id);
      writer.message(2, () => {
        writer.number(1, id);
        writer.text(2, nameOf(id));
      });
    });
  return Buffer.from(writer.take());
}

const statNames = ["correlation_id", "kernel_details", "hlo_op", "tf_op", "hlo_module", "program_id"];

/**
 * @param {string} path
 * @param {{ readonly launches: number }} options kernels, and launches of them
 */
export function makeXSpaceLike(path, { launches }) {
  const file = openSync(path, "w");
  const perStream = Math.floor(launches / streams);
  writePlane(
    file,
    "/device:GPU:0",
    Array.from({ length: streams }, (_, stream) =>
      lineOf(16 + stream, `Stream #${16 + stream}(Kernel)`, perStream, (writer, index) =>
        writeKernel(writer, index * streams + stream),
      ),
    ),
    [
      tableOf(4, names, (id) => `gemm_fusion_kernel_${id}`),
      tableOf(5, 700, (id) => statNames[id - 1] ?? `value ${id}`),
    ],
  );
  writePlane(
    file,
    "/host:CPU",
    [lineOf(1, "python", perStream * streams, writeLaunch)],
    [
      tableOf(4, 3, (id) => ["cuLaunchKernel", "cuMemcpyAsync", "cuEventRecord"][id - 1] ?? ""),
      tableOf(5, 2, (id) => ["correlation_id", "device_id"][id - 1] ?? ""),
    ],
  );
  closeSync(file);
}

/** @param {number} file @param {string} name @param {ReturnType<typeof lineOf>[]} lines @param {Buffer[]} tables */
function writePlane(file, name, lines, tables) {
  const head = new Writer();
  head.text(2, name);
  const start = Buffer.from(head.take());
  const headers = lines.map((line) => {
    head.varint(3 * 8 + 2);
    head.varint(line.bytes);
    return Buffer.from(head.take());
  });
  const parts = [start, ...headers, ...tables].reduce((sum, part) => sum + part.length, 0);
  head.varint(1 * 8 + 2);
  head.varint(parts + lines.reduce((sum, line) => sum + line.bytes, 0));
  writeSync(file, head.take());
  writeSync(file, start);
  for (const [index, line] of lines.entries()) {
    writeSync(file, headers[index] ?? start);
    writeSync(file, line.start);
    inPieces(line.count, line.write, (piece) => writeSync(file, piece));
  }
  for (const table of tables) writeSync(file, table);
}

/**
 * @param {string} path
 * @param {{ readonly slices: number }} options
 */
export function makePerfettoLike(path, { slices }) {
  const file = openSync(path, "w");
  const use = (/** @type {Buffer} */ piece) => writeSync(file, piece);
  inPieces(threads, writeThread, use);
  inPieces(names, writeName, use);
  // Slices come in towers: each begins inside the one before, and ends before it.
  inPieces(Math.floor(slices / nested), writeTower, use);
  closeSync(file);
}

const sequence = 1;

/** @param {Writer} writer @param {number} index */
function writeThread(writer, index) {
  writer.message(1, () => {
    writer.number(10, sequence);
    writer.number(13, index === 0 ? 3 : 2);
    writer.message(60, () => {
      writer.number(1, 10 + index);
      writer.message(4, () => {
        writer.number(1, 4242);
        writer.number(2, 4242 + index);
        writer.text(5, `worker ${index}`);
      });
    });
  });
}

/** @param {Writer} writer @param {number} index */
function writeName(writer, index) {
  writer.message(1, () => {
    writer.number(10, sequence);
    writer.number(13, 2);
    writer.message(12, () => {
      for (const field of index === 0 ? [1, 2, 3] : [2])
        writer.message(field, () => {
          writer.number(1, index + 1);
          writer.text(2, `operation ${index}`);
        });
    });
  });
}

/** @param {Writer} writer @param {number} tower */
function writeTower(writer, tower) {
  const start = 1_000_000 + tower * 1000;
  const track = 10 + (tower % threads);
  for (let depth = 0; depth < nested; depth++)
    writeEvent(writer, start + depth * 10, () => {
      writer.number(9, 1);
      writer.number(10, 1 + ((tower + depth * 31) % names));
      writer.number(3, 1);
      writer.number(11, track);
      writer.message(4, () => {
        writer.number(1, 1);
        writer.number(3, tower);
      });
    });
  for (let depth = nested - 1; depth >= 0; depth--)
    writeEvent(writer, start + 3000 - depth * 10, () => {
      writer.number(9, 2);
      writer.number(11, track);
    });
}

/** @param {Writer} writer @param {number} timeNs @param {() => void} write */
function writeEvent(writer, timeNs, write) {
  writer.message(1, () => {
    writer.number(8, timeNs);
    writer.number(10, sequence);
    writer.number(13, 2);
    writer.message(11, write);
  });
}
