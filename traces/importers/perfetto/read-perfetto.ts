import type { ByteSource } from "../../io/byte-source.ts";
import { FieldStream, notLoaded } from "../../io/field-stream.ts";
import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { type CompressedBlock, inflateBlock, inflatedBase } from "./inflate.ts";
import { Packets } from "./packets.ts";
import { Trace } from "./schema.ts";

/** Reads a Perfetto trace in one pass into `builder`. */
export async function readPerfetto(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const packets = new Packets(builder, context.limits.spans);
  const describe = (): TraceDescription => {
    packets.describe();
    const { producer } = packets;
    return {
      name: context.fileName,
      format: "perfetto",
      formatLabel: "Perfetto trace",
      ...(producer !== null && { producer }),
      facts: [],
    };
  };
  const reading = new PacketStream(source, packets, builder, context, describe);
  const damage = await reading.readAll();
  if (damage !== null) {
    if (packets.count === 0)
      throw new TraceFormatError(`expected the packets of a Perfetto trace: ${damage.message}`, {
        format: "perfetto",
        byteOffset: damage.byteOffset,
      });
    builder.ledger.truncatedAt(damage.byteOffset);
    builder.ledger.note(
      "truncated",
      `the file breaks off or is damaged: ${damage.message}; the packets before it were kept`,
      damage.byteOffset,
    );
  }
  for (const warning of source.warnings) builder.ledger.note(warning.code, warning.message, warning.byteOffset);
  if (source.warnings.some((warning) => warning.code === "gzipTruncated")) builder.ledger.truncatedAt(reading.position);
  packets.finish();
  return describe();
}

/** Hands the packets of a file to `packets`, those of compressed blocks in their place. */
class PacketStream {
  /** Where the packet to come begins. */
  position = 0;
  readonly #stream: FieldStream;
  readonly #source: ByteSource;
  readonly #packets: Packets;
  readonly #builder: TraceBuilder;
  readonly #context: ImportContext;
  readonly #describe: () => TraceDescription;
  #inflatedBytes = 0;

  constructor(
    source: ByteSource,
    packets: Packets,
    builder: TraceBuilder,
    context: ImportContext,
    describe: () => TraceDescription,
  ) {
    this.#source = source;
    this.#packets = packets;
    this.#builder = builder;
    this.#context = context;
    this.#describe = describe;
    this.#stream = new FieldStream(source, { wholeBytes: context.limits.eventBytes });
  }

  /** Null at the end of a whole file, else what is wrong. */
  async readAll(): Promise<WireError | null> {
    try {
      for (;;) {
        const next = this.#stream.step(this.position, Infinity);
        if (next === messageEnd) return null;
        if (next === notLoaded) await this.#load();
        else {
          const block = this.#readField();
          // No wait where there is none: it would cost more than most packets.
          if (block !== null) await this.#readBlock(block);
          this.position = next;
        }
      }
    } catch (error) {
      if (error instanceof WireError) return error;
      throw error;
    }
  }

  async #load(): Promise<void> {
    this.#context.throwIfCancelled();
    this.#context.reportProgress(this.#source.storedRead, this.#describe);
    await this.#stream.load();
  }

  /** Reads what the stream met; returns the compressed block that it is, if it is one. */
  #readField(): CompressedBlock | null {
    const { reader } = this.#stream;
    if (reader.field !== Trace.packet) {
      this.#builder.ledger.note("unknownFields", "fields beside the packets", this.position, 1, "info");
      return null;
    }
    const { start, end } = reader;
    if (!reader.holds) {
      this.#builder.ledger.read();
      this.#builder.ledger.dropped("oversizedEvent", "packets of more bytes than a packet may have", this.position);
      return null;
    }
    return this.#packets.read(reader, start, end, this.position);
  }

  async #readBlock(block: CompressedBlock): Promise<void> {
    const { ledger } = this.#builder;
    const { limits } = this.#context;
    let inflated: Uint8Array;
    try {
      const room = Math.min(limits.eventBytes, limits.inflatedBytes - this.#inflatedBytes);
      inflated = await inflateBlock(block, room, this.position);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      ledger.dropped("damagedPacket", `damaged packets (the first: ${error.message})`, error.byteOffset);
      return;
    }
    ledger.metadata();
    const base = inflatedBase + this.#inflatedBytes;
    this.#inflatedBytes += inflated.length;
    const reader = new FieldReader();
    reader.attach(inflated, base);
    const end = base + inflated.length;
    try {
      for (let at = base, next = reader.step(at, end); next !== messageEnd; at = next, next = reader.step(at, end))
        if (reader.field === Trace.packet) this.#readInner(reader, at);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      ledger.note("damagedBlock", `damaged compressed packets (the first: ${error.message})`, this.position);
    }
  }

  #readInner(reader: FieldReader, at: number): void {
    const nested = this.#packets.read(reader, reader.start, reader.end, at);
    if (nested !== null)
      this.#builder.ledger.dropped("nestedBlock", "compressed packets inside compressed packets", this.position);
  }
}
