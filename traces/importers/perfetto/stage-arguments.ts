import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { MessageRange } from "./packet.ts";
import { RenderStage } from "./schema.ts";

/** Fields of extra data, of launches and of their dimensions. */
const Extra = { name: 1, value: 2 } as const;
const Launch = { grid: 1, workgroup: 2 } as const;
const dimensions = 3;

/** What a render stage says beyond its place, name and time. */
export function readStageArguments(reader: FieldReader, { start, end }: MessageRange): [key: string, value: string][] {
  const args: [string, string][] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === RenderStage.eventId) args.push(["event_id", String(reader.uint64())]);
    else if (reader.field === RenderStage.submissionId) args.push(["submission_id", String(reader.uint64())]);
    else if (reader.field === RenderStage.extraData) args.push(readExtra(reader, reader.start, reader.end));
    else if (reader.field === RenderStage.launch) args.push(...readLaunch(reader, reader.start, reader.end));
  }
  return args;
}

function readExtra(reader: FieldReader, start: number, end: number): [key: string, value: string] {
  let key = "";
  let value = "";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Extra.name) key = reader.text();
    else if (reader.field === Extra.value) value = reader.text();
  }
  return [key, value];
}

function readLaunch(reader: FieldReader, start: number, end: number): [key: string, value: string][] {
  const args: [string, string][] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Launch.grid) args.push(["grid", readDimensions(reader, reader.start, reader.end)]);
    else if (reader.field === Launch.workgroup)
      args.push(["workgroup", readDimensions(reader, reader.start, reader.end)]);
  }
  return args;
}

function readDimensions(reader: FieldReader, start: number, end: number): string {
  const sizes: number[] = Array.from({ length: dimensions }, () => 1);
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field >= 1 && reader.field <= dimensions) sizes[reader.field - 1] = reader.number;
  return sizes.join(" × ");
}
