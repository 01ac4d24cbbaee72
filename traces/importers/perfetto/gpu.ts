import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { transferKind } from "../chrome/kinds.ts";
import type { MessageRange } from "./packet.ts";
import {
  GpuCounter,
  GpuCounterDescriptor,
  GpuCounterEvent,
  GpuCounterSpec,
  RenderSpecifications,
  RenderStage,
  SpecificationEntry,
} from "./schema.ts";
import type { Sequence } from "./sequences.ts";
import { deviceSortIndex } from "./tracks.ts";

type Id = number | bigint;

const stageCategories: readonly string[] = ["", "graphics", "compute"];

/** Render stages and counters of GPUs. */
export class Gpus {
  readonly #builder: TraceBuilder;
  readonly #devices = new Map<number, TrackId>();
  readonly #queues = new Map<string, TrackId>();
  readonly #counters = new Map<string, TrackId>();
  readonly #counterNames = new Map<string, string>();
  /** Names by place, of the old form. */
  #queueNames: readonly string[] = [];
  #stageNames: readonly string[] = [];

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  /** Reads a render stage. `timeNs` null: the packet has no time. */
  readStage(
    reader: FieldReader,
    { start, end }: MessageRange,
    sequence: Sequence,
    timeNs: number | null,
    offset: number,
  ): void {
    const stage = new StageFields();
    stage.read(reader, start, end);
    if (stage.specifications !== null) {
      this.#readSpecifications(reader, stage.specifications);
      this.#builder.ledger.metadata();
      return;
    }
    if (timeNs === null) {
      this.#builder.ledger.dropped("badTime", "events without a time, or with one beyond 64 bits", offset);
      return;
    }
    this.#addStage(stage, sequence, timeNs, offset);
  }

  #addStage(stage: StageFields, sequence: Sequence, timeNs: number, offset: number): void {
    const specification = sequence.gpuSpecifications.get(stage.stageIid ?? -1);
    const interned = stage.nameIid === null ? undefined : sequence.names.get(stage.nameIid);
    const ownName = stage.name ?? (interned === undefined ? null : this.#builder.text(interned));
    const name = ownName ?? specification?.name ?? this.#stageNames[stage.stageId] ?? "render stage";
    const id = this.#builder.intern(name);
    const categoryText = stageCategories[specification?.category ?? 0] ?? "";
    const category = categoryText === "" ? noCategory : this.#builder.category(categoryText);
    const track = this.#queueTrack(stage, sequence);
    if (stage.durationNs === null) this.#builder.addInstant(track, timeNs, id, category, 0, offset);
    else this.#builder.addSpan(track, timeNs, stage.durationNs, id, stageKind(name), category, offset);
  }

  /** Reads counter values, or the names of the counters to come. */
  readCounters(reader: FieldReader, { start, end }: MessageRange, timeNs: number | null, offset: number): void {
    let gpu = 0;
    let descriptor: MessageRange | null = null;
    const values: [id: number, value: number][] = [];
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === GpuCounterEvent.gpuId) gpu = reader.number;
      else if (reader.field === GpuCounterEvent.descriptor) descriptor = { start: reader.start, end: reader.end };
      else if (reader.field === GpuCounterEvent.counters) values.push(readCounter(reader, reader.start, reader.end));
    }
    if (descriptor !== null) this.#readDescriptor(reader, descriptor, gpu);
    const { ledger } = this.#builder;
    if (values.length === 0) return ledger.metadata();
    if (timeNs === null) return ledger.dropped("badTime", "events without a time, or with one beyond 64 bits", offset);
    ledger.counterEvent();
    for (const [id, value] of values) this.#builder.addSample(this.#counterTrack(gpu, id), timeNs, value);
  }

  #deviceTrack(gpu: number): TrackId {
    let track = this.#devices.get(gpu);
    if (track === undefined) {
      track = this.#builder.addTrack({
        kind: "device",
        name: `GPU ${gpu}`,
        detail: `gpu ${gpu}`,
        parent: null,
        sortIndex: deviceSortIndex + gpu,
      });
      this.#devices.set(gpu, track);
    }
    return track;
  }

  #queueTrack({ gpuId, queueIid, queueId }: StageFields, sequence: Sequence): TrackId {
    const specified = queueIid === null ? undefined : sequence.gpuSpecifications.get(queueIid)?.name;
    const name = specified ?? this.#queueNames[queueId] ?? `queue ${queueIid ?? queueId}`;
    const key = `${gpuId} ${name}`;
    let track = this.#queues.get(key);
    if (track === undefined) {
      track = this.#builder.addTrack({
        kind: "stream",
        name,
        detail: `queue ${queueIid ?? queueId}`,
        parent: this.#deviceTrack(gpuId),
      });
      this.#queues.set(key, track);
    }
    return track;
  }

  #counterTrack(gpu: number, id: number): TrackId {
    const key = `${gpu} ${id}`;
    let track = this.#counters.get(key);
    if (track === undefined) {
      track = this.#builder.addTrack({
        kind: "counter",
        name: this.#counterNames.get(key) ?? `counter ${id}`,
        detail: "",
        parent: this.#deviceTrack(gpu),
      });
      this.#counters.set(key, track);
    }
    return track;
  }

  #readDescriptor(reader: FieldReader, { start, end }: MessageRange, gpu: number): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field !== GpuCounterDescriptor.specs) continue;
      const spec = { start: reader.start, end: reader.end };
      let id = 0;
      let name = "";
      for (let inner = reader.step(spec.start, spec.end); inner !== messageEnd; inner = reader.step(inner, spec.end)) {
        if (reader.field === GpuCounterSpec.id) id = reader.number;
        else if (reader.field === GpuCounterSpec.name) name = reader.text();
      }
      if (name === "") continue;
      this.#counterNames.set(`${gpu} ${id}`, name);
      const track = this.#counters.get(`${gpu} ${id}`);
      if (track !== undefined) this.#builder.describeTrack(track, { name });
    }
  }

  #readSpecifications(reader: FieldReader, { start, end }: MessageRange): void {
    const queues: string[] = [];
    const stages: string[] = [];
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      const list =
        reader.field === RenderSpecifications.queues
          ? queues
          : reader.field === RenderSpecifications.stages
            ? stages
            : null;
      list?.push(readSpecification(reader, reader.start, reader.end));
    }
    this.#queueNames = queues;
    this.#stageNames = stages;
  }
}

function readSpecification(reader: FieldReader, start: number, end: number): string {
  let name = "";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field === SpecificationEntry.name) name = reader.text();
  return name;
}

function readCounter(reader: FieldReader, start: number, end: number): [id: number, value: number] {
  let id = 0;
  let value = Number.NaN;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === GpuCounter.id) id = reader.number;
    else if (reader.field === GpuCounter.int) value = reader.number;
    else if (reader.field === GpuCounter.double) value = reader.float();
  }
  return [id, value];
}

function stageKind(name: string): SpanKind {
  const copy = transferKind(name);
  return copy === SpanKind.other ? SpanKind.kernel : copy;
}

class StageFields {
  durationNs: number | null = null;
  gpuId = 0;
  queueIid: Id | null = null;
  queueId = 0;
  stageIid: Id | null = null;
  stageId = 0;
  name: string | null = null;
  nameIid: Id | null = null;
  specifications: MessageRange | null = null;

  read(reader: FieldReader, start: number, end: number): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      switch (reader.field) {
        case RenderStage.duration:
          this.durationNs = Number(reader.uint64());
          break;
        case RenderStage.gpuId:
          this.gpuId = reader.number;
          break;
        case RenderStage.queueIid:
          this.queueIid = reader.uint64();
          break;
        case RenderStage.queueId:
          this.queueId = reader.number;
          break;
        case RenderStage.stageIid:
          this.stageIid = reader.uint64();
          break;
        case RenderStage.stageId:
          this.stageId = reader.number;
          break;
        case RenderStage.name:
          this.name = reader.text() || null;
          break;
        case RenderStage.nameIid:
          this.nameIid = reader.uint64();
          break;
        case RenderStage.specifications:
          this.specifications = { start: reader.start, end: reader.end };
          break;
      }
    }
  }
}
