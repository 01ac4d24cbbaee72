import { FieldReader, messageEnd, WireError, WireType } from "../../io/protobuf.ts";
import { Packet, Trace } from "./schema.ts";

const packetTag = 0x0a;

/** Wire types of the fields that the first packets of a file have. */
const wires: ReadonlyMap<number, number> = new Map<number, number>([
  ...[Packet.timestamp, Packet.sequenceId, Packet.sequenceFlags, Packet.incrementalStateCleared].map(asNumber),
  ...[Packet.previousPacketDropped, Packet.timestampClockId, 3, 79, 87, 98].map(asNumber),
  ...[Packet.ftraceEvents, Packet.processTree, Packet.clockSnapshot, Packet.trackEvent, Packet.internedData].map(
    asBytes,
  ),
  ...[Packet.traceConfig, Packet.traceStats, Packet.synchronizationMarker, Packet.processDescriptor].map(asBytes),
  ...[Packet.threadDescriptor, Packet.systemInfo, Packet.compressedPackets, Packet.gpuCounterEvent].map(asBytes),
  ...[Packet.gpuRenderStageEvent, Packet.defaults, Packet.trackDescriptor, Packet.serviceEvent].map(asBytes),
  ...[Packet.traceUuid, Packet.zstdCompressedPackets].map(asBytes),
]);

/** Fields that tell a packet from the first message of other formats. */
const telling: ReadonlySet<number> = new Set([
  Packet.timestamp,
  Packet.sequenceId,
  Packet.trackEvent,
  Packet.traceConfig,
  Packet.synchronizationMarker,
  Packet.trackDescriptor,
  Packet.compressedPackets,
  Packet.zstdCompressedPackets,
  Packet.traceUuid,
  Packet.systemInfo,
]);

/** How surely a file that starts with `head` is a Perfetto trace: its first packets must have the fields of packets. */
export function sniffPerfetto(head: Uint8Array): number {
  if (head[0] !== packetTag) return 0;
  const reader = new FieldReader();
  reader.attach(head, 0);
  const found = { packets: 0, telling: 0 };
  try {
    for (let at = reader.step(0, Infinity); at !== messageEnd && found.packets < 8; at = reader.step(at, Infinity)) {
      if (reader.field !== Trace.packet || reader.wire !== WireType.bytes) return 0;
      found.packets++;
      if (!looksLikePacket(reader, reader.start, reader.end, found)) return 0;
    }
  } catch (error) {
    // The head ends inside a packet, or the file does.
    if (!(error instanceof WireError)) throw error;
  }
  return found.telling === 0 ? 0 : 0.9;
}

function looksLikePacket(reader: FieldReader, start: number, end: number, found: { telling: number }): boolean {
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    const wire = wires.get(reader.field);
    if (wire !== undefined && wire !== reader.wire) return false;
    if (telling.has(reader.field)) found.telling++;
  }
  return true;
}

function asNumber(field: number): [number, number] {
  return [field, WireType.varint];
}

function asBytes(field: number): [number, number] {
  return [field, WireType.bytes];
}
