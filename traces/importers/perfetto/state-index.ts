import { FieldFile } from "../../io/field-stream.ts";
import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import type { RandomAccess } from "../../io/byte-source.ts";
import { TraceFormatError } from "../../model/errors.ts";
import { blockOf, type CompressedBlock, inflateBlock, inflatedBase } from "./inflate.ts";
import { PacketFields } from "./packet.ts";
import { Packet, Trace } from "./schema.ts";

const largestPacketBytes = 256 * 2 ** 20;
/** Bytes between two breaks in which others may go on. */
const bytesPerTurn = 32 * 2 ** 20;

/** A compressed block: its packets have the offsets [base, base + size). */
interface Block {
  readonly base: number;
  readonly size: number;
  /** Of the packet that holds it. */
  readonly offset: number;
}

/** A packet that changes the interned texts of its sequence. */
interface StatePacket {
  readonly offset: number;
  readonly clears: boolean;
}

/** One packet with the reader in whose memory it lies. */
export interface FoundPacket {
  readonly reader: FieldReader;
  readonly start: number;
  readonly end: number;
}

/** Where in a trace the packets stand that interned texts come from, so that single packets can be understood. */
export class StateIndex {
  readonly #file: FieldFile;
  readonly #blocks: Block[] = [];
  readonly #statePackets = new Map<number, StatePacket[]>();
  #inflated: { readonly block: Block; readonly bytes: Uint8Array } | null = null;

  private constructor(file: FieldFile) {
    this.#file = file;
  }

  /** Reads the whole file once. */
  static async build(access: RandomAccess): Promise<StateIndex> {
    const index = new StateIndex(new FieldFile(access, { wholeBytes: largestPacketBytes }));
    await index.#readAll();
    return index;
  }

  /** Offsets of the packets that define the interned texts which a packet may use, itself included; in order. */
  statesBefore(sequence: number, offset: number): number[] {
    const packets = this.#statePackets.get(sequence) ?? [];
    const place = this.#orderOf(offset);
    const before = packets.filter((packet) => this.#orderOf(packet.offset) <= place);
    const cleared = before.findLastIndex((packet) => packet.clears);
    return before.slice(Math.max(0, cleared)).map((packet) => packet.offset);
  }

  /** The packet at an offset. Throws TraceFormatError when there is none. */
  async packetAt(offset: number): Promise<FoundPacket> {
    try {
      const found = offset >= inflatedBase ? await this.#packetInBlock(offset) : this.#packetInFile(offset);
      if (found !== null) return found;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    throw new TraceFormatError("expected a packet, found something else", { format: "perfetto", byteOffset: offset });
  }

  #packetInFile(offset: number): FoundPacket | null {
    const file = this.#file;
    const { reader } = file;
    if (offset >= file.size) return null;
    file.step(offset, file.size);
    return reader.field === Trace.packet && reader.holds ? { reader, start: reader.start, end: reader.end } : null;
  }

  async #packetInBlock(offset: number): Promise<FoundPacket | null> {
    const block = this.#blocks.find(({ base, size }) => offset >= base && offset < base + size);
    if (block === undefined) return null;
    if (this.#inflated?.block !== block) {
      const outer = this.#packetInFile(block.offset);
      if (outer === null) return null;
      const packet = new PacketFields();
      packet.read(outer.reader, outer.start, outer.end);
      const compressed = blockOf(packet, outer.reader);
      if (compressed === null) return null;
      const bytes = await inflateBlock(compressed, block.size, block.offset);
      this.#inflated = { block, bytes };
    }
    const reader = new FieldReader();
    reader.attach(this.#inflated.bytes, block.base);
    reader.step(offset, block.base + block.size);
    return { reader, start: reader.start, end: reader.end };
  }

  /** Place in the file: packets of a block stand where the block stands. */
  #orderOf(offset: number): number {
    if (offset < inflatedBase) return offset;
    const block = this.#blocks.find(({ base, size }) => offset >= base && offset < base + size);
    // Blocks are smaller than 2^39 bytes, so the place inside one is less than a byte of the file.
    return block === undefined ? offset : block.offset + (offset - block.base) / inflatedBase;
  }

  async #readAll(): Promise<void> {
    const file = this.#file;
    const { reader } = file;
    const packet = new PacketFields();
    let nextTurn = bytesPerTurn;
    let inflatedBytes = 0;
    try {
      for (
        let at = 0, next = file.step(0, file.size);
        next !== messageEnd;
        at = next, next = file.step(at, file.size)
      ) {
        if (at > nextTurn) {
          nextTurn = at + bytesPerTurn;
          await new Promise<void>((resolve) => setTimeout(resolve, 0));
        }
        if (reader.field !== Trace.packet || !reader.holds) continue;
        if (!this.#note(packet, reader, reader.start, reader.end, at)) continue;
        const block = blockOf(packet, reader);
        if (block !== null) inflatedBytes += await this.#readBlock(block, inflatedBase + inflatedBytes, at);
      }
    } catch (error) {
      // What comes behind damage was not imported either.
      if (!(error instanceof WireError)) throw error;
    }
  }

  /** Inflated bytes of a block, as the import counted them. */
  async #readBlock(block: CompressedBlock, base: number, offset: number): Promise<number> {
    let inflated: Uint8Array;
    try {
      inflated = await inflateBlock(block, largestPacketBytes, offset);
    } catch (error) {
      if (error instanceof WireError) return 0;
      throw error;
    }
    const end = base + inflated.length;
    this.#blocks.push({ base, size: inflated.length, offset });
    const reader = new FieldReader();
    reader.attach(inflated, base);
    const packet = new PacketFields();
    try {
      for (let at = base, next = reader.step(at, end); next !== messageEnd; at = next, next = reader.step(at, end))
        if (reader.field === Trace.packet) this.#note(packet, reader, reader.start, reader.end, at);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    return inflated.length;
  }

  /** Keeps a packet that changes state; false when it cannot be read. */
  #note(packet: PacketFields, reader: FieldReader, start: number, end: number, offset: number): boolean {
    try {
      packet.read(reader, start, end);
    } catch (error) {
      if (error instanceof WireError) return false;
      throw error;
    }
    if (!packet.clearsState && !packet.carried.has(Packet.internedData)) return true;
    const packets = this.#statePackets.get(packet.sequenceId) ?? [];
    packets.push({ offset, clears: packet.clearsState });
    this.#statePackets.set(packet.sequenceId, packets);
    return true;
  }
}
