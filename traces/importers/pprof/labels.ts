import type { ByteSource } from "../../io/byte-source.ts";
import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { ArgumentReader, EventPlace } from "../importer.ts";
import { Label, Profile, Sample } from "./fields.ts";

/** Values of one label that are told one by one; further ones are counted. */
const mostValues = 8;

/**
 * Reads the labels of samples again. A span stands for the samples from the one at its offset to the one at its end;
 * their labels are told with how many of them carry each value.
 */
export async function openPprofLabels(source: ByteSource): Promise<ArgumentReader> {
  const access = await source.openRandomAccess(() => undefined);
  const bytes = new Uint8Array(access.size);
  const file = readSamples(bytes.subarray(0, access.readAt(0, bytes)));
  return {
    read: async (place) => ({ name: null, startText: null, args: labelsOf(file, place) }),
    close() {},
  };
}

interface LabelledFile {
  readonly reader: FieldReader;
  /** Where each sample lies: starts ascend. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly strings: readonly string[];
}

function readSamples(bytes: Uint8Array): LabelledFile {
  const reader = new FieldReader();
  reader.attach(bytes, 0);
  const starts: number[] = [];
  const ends: number[] = [];
  const strings: string[] = [];
  try {
    for (let at = reader.step(0, bytes.length); at !== messageEnd; at = reader.step(at, bytes.length)) {
      if (reader.field === Profile.stringTable) strings.push(reader.text());
      if (reader.field !== Profile.sample) continue;
      starts.push(reader.start);
      ends.push(reader.end);
    }
  } catch (error) {
    // What comes behind damage was not imported either.
    if (!(error instanceof WireError)) throw error;
  }
  return { reader, starts, ends, strings };
}

function labelsOf(file: LabelledFile, { offset, endOffset }: EventPlace): [key: string, value: string][] {
  const first = file.starts.indexOf(offset);
  const last = endOffset === null ? first : file.starts.indexOf(endOffset);
  if (first < 0 || last < first)
    throw new TraceFormatError("expected a sample, found something else", { format: "pprof", byteOffset: offset });
  const counts = new Map<string, Map<string, number>>();
  for (let sample = first; sample <= last; sample++) {
    for (const [key, value] of readLabels(file, sample)) {
      const values = counts.get(key) ?? new Map<string, number>();
      counts.set(key, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const sampleCount = last - first + 1;
  return [
    ["samples", String(sampleCount)],
    ...[...counts].map(([key, values]): [string, string] => [key, describeValues(values, sampleCount)]),
  ];
}

/** "main" where all samples have it, else "main (3 samples), worker (1 sample)". */
function describeValues(values: ReadonlyMap<string, number>, sampleCount: number): string {
  const sorted = [...values].toSorted(([, a], [, b]) => b - a);
  const [only] = sorted;
  if (sorted.length === 1 && only[1] === sampleCount) return only[0];
  const told = sorted
    .slice(0, mostValues)
    .map(([value, count]) => `${value} (${count} ${count === 1 ? "sample" : "samples"})`);
  const rest = sorted.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} further values`] : [])].join(", ");
}

function readLabels({ reader, starts, ends, strings }: LabelledFile, sample: number): [key: string, value: string][] {
  const labels: [string, string][] = [];
  try {
    for (let at = reader.step(starts[sample], ends[sample]); at !== messageEnd; at = reader.step(at, ends[sample]))
      if (reader.field === Sample.label) labels.push(readLabel(reader, reader.start, reader.end, strings));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new TraceFormatError(`expected whole labels: ${error.message}`, {
      format: "pprof",
      byteOffset: error.byteOffset,
    });
  }
  return labels;
}

function readLabel(reader: FieldReader, start: number, end: number, strings: readonly string[]): [string, string] {
  let key = 0;
  let text = 0;
  let number = "0";
  let unit = 0;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Label.key) key = reader.number;
    else if (reader.field === Label.text) text = reader.number;
    else if (reader.field === Label.number) number = String(reader.int64());
    else if (reader.field === Label.unit) unit = reader.number;
  }
  const textOf = (index: number): string => strings[index] ?? `(string ${index})`;
  const value = text !== 0 ? textOf(text) : unit === 0 ? number : `${number} ${textOf(unit)}`;
  return [textOf(key), value];
}
