import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { EventFields } from "../json-scan/event-fields.ts";
import type { EventClock } from "./clock.ts";
import type { Tracks } from "./tracks.ts";

export class Samples {
  constructor(_builder: TraceBuilder, _tracks: Tracks, _clock: EventClock) {}
  wants(key: string): boolean {
    return key === "samples" || key === "stackFrames";
  }
  readMember(_key: string, _value: Uint8Array): void {}
  addProfile(_fields: EventFields, _bytes: Uint8Array, _timeNs: number, _name: string): void {}
  finish(): void {}
}
