import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { ProcessRef } from "./owners.ts";

interface DeviceRef {
  readonly track: TrackId;
  readonly streams: StreamRef[];
}

export interface StreamRef {
  readonly index: number;
  readonly device: DeviceRef;
  readonly process: ProcessRef | null;
  readonly deviceId: number;
  readonly contextId: number;
  readonly streamId: number;
  readonly track: TrackId;
  /** Where ranges of the host are drawn over the work that they launched. */
  projection: TrackId | null;
}

/** Devices come below the processes. */
const deviceSortIndex = 2 ** 24;

/** Physical device of an ordinal, and names: from TARGET_INFO_GPU and TARGET_INFO_CUDA_DEVICE. */
export interface DeviceFacts {
  /** Processes may see the same ordinal on different devices. */
  deviceOf(pid: number | null, ordinal: number): number;
  nameOf(device: number): string | null;
}

/** Finds the track of work on a device: one per process, device, context and stream. */
export class Devices {
  readonly streams: StreamRef[] = [];
  readonly #builder: TraceBuilder;
  readonly #facts: DeviceFacts;
  readonly #devices = new Map<number, DeviceRef>();
  readonly #byKey = new Map<string, StreamRef>();
  #last: StreamRef | null = null;

  constructor(builder: TraceBuilder, facts: DeviceFacts) {
    this.#builder = builder;
    this.#facts = facts;
  }

  streamOf(process: ProcessRef | null, deviceId: number, contextId: number, streamId: number): StreamRef {
    const last = this.#last;
    if (
      last !== null &&
      last.streamId === streamId &&
      last.deviceId === deviceId &&
      last.contextId === contextId &&
      last.process === process
    )
      return last;
    const key = `${process?.index ?? -1} ${deviceId} ${contextId} ${streamId}`;
    let stream = this.#byKey.get(key);
    if (stream === undefined) {
      stream = this.#addStream(process, deviceId, contextId, streamId);
      this.#byKey.set(key, stream);
    }
    return (this.#last = stream);
  }

  /** Track of a device by its number, made now if nothing has run there. */
  deviceTrack(device: number): TrackId {
    return this.#device(device).track;
  }

  /** Track beside a stream for ranges projected on it. */
  projectionTrack(stream: StreamRef): TrackId {
    return (stream.projection ??= this.#builder.addTrack({
      kind: "async",
      name: `NVTX on stream ${stream.streamId}`,
      parent: stream.device.track,
      sortIndex: stream.streamId,
    }));
  }

  /** Says of streams with equal numbers whose they are. */
  describe(): void {
    for (const { streams } of this.#devices.values()) {
      const contexts = new Set(streams.map(({ contextId, process }) => `${process?.index} ${contextId}`));
      const processes = new Set(streams.map(({ process }) => process?.index));
      if (contexts.size < 2) continue;
      for (const { track, streamId, contextId, process } of streams) {
        const owner = processes.size > 1 && process !== null ? `, pid ${process.pid}` : "";
        this.#builder.describeTrack(track, { name: `stream ${streamId} (context ${contextId}${owner})` });
      }
    }
  }

  #addStream(process: ProcessRef | null, deviceId: number, contextId: number, streamId: number): StreamRef {
    const device = this.#device(this.#facts.deviceOf(process?.pid ?? null, deviceId));
    const track = this.#builder.addTrack({
      kind: "stream",
      name: `stream ${streamId}`,
      detail: `context ${contextId}, stream ${streamId}`,
      parent: device.track,
      sortIndex: streamId,
    });
    const stream = {
      index: this.streams.length,
      device,
      process,
      deviceId,
      contextId,
      streamId,
      track,
      projection: null,
    };
    this.streams.push(stream);
    device.streams.push(stream);
    return stream;
  }

  #device(id: number): DeviceRef {
    let device = this.#devices.get(id);
    if (device === undefined) {
      const name = this.#facts.nameOf(id);
      const track = this.#builder.addTrack({
        kind: "device",
        name: name === null ? `GPU ${id}` : `GPU ${id} · ${name}`,
        detail: `device ${id}`,
        parent: null,
        sortIndex: deviceSortIndex + id,
      });
      device = { track, streams: [] };
      this.#devices.set(id, device);
    }
    return device;
  }
}
