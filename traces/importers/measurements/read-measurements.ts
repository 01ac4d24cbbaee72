import type { ByteSource } from "../../io/byte-source.ts";
import { TraceFormatError } from "../../model/errors.ts";
import { inspectJson } from "../../measure/integrity/inspect.ts";
import type { MeasurementSet } from "../../measure/measurement.ts";
import type { ImportContext } from "../importer.ts";
import { readJsonDocument } from "../json-document.ts";
import { headBytes, peekJson } from "../json-scan/peek.ts";
import { countNumbers, NumberBook } from "./number-book.ts";
import type { MeasurementReader } from "./reader.ts";
import { measurementReaders } from "./registry.ts";

/** Files of results are small; beyond this it is something else. */
const largestBytes = 128 * 2 ** 20;

/** How surely a file holds benchmark results, and the reader that is surest. */
export function findMeasurementReader(head: Uint8Array): {
  readonly reader: MeasurementReader | null;
  readonly certainty: number;
} {
  const peeked = peekJson(head);
  const text = new TextDecoder().decode(head);
  let best: MeasurementReader | null = null;
  let certainty = 0;
  for (const reader of measurementReaders) {
    const found = peeked.root === null ? 0 : reader.sniff(peeked, text);
    if (found > certainty) {
      best = reader;
      certainty = found;
    }
  }
  return { reader: best, certainty };
}

/** Reads a file of benchmark results. Throws TraceFormatError. */
export async function readMeasurements(
  source: ByteSource,
  context: Pick<ImportContext, "throwIfCancelled" | "reportProgress" | "fileName">,
): Promise<MeasurementSet> {
  const head = new Uint8Array(headBytes);
  const { reader } = findMeasurementReader(head.subarray(0, await source.readAt(0, head)));
  if (reader === null)
    throw new TraceFormatError(
      `expected benchmark results as JSON, found something else; what can be read: ${measurementReaders.map(({ label }) => label).join("; ")}`,
      { byteOffset: 0 },
    );
  if (source.storedSize > largestBytes)
    throw new TraceFormatError(
      `expected benchmark results of at most ${largestBytes} bytes, found ${source.storedSize}`,
      {
        format: reader.id,
        byteOffset: largestBytes,
      },
    );
  const { root } = await readJsonDocument(source, context, reader.id, "a file of benchmark results");
  const book = new NumberBook();
  const { formatLabel = reader.label, producer, facts, measurements } = reader.read(root, book);
  return {
    name: context.fileName,
    format: reader.id,
    formatLabel,
    producer,
    facts,
    measurements: withUniquePaths(measurements),
    ledger: book.close(countNumbers(root)),
    integrity: (reader.inspect ?? inspectJson)(root),
  };
}

/** Later measurements of one path are told apart by "#2", "#3" …. */
function withUniquePaths(measurements: MeasurementSet["measurements"]): MeasurementSet["measurements"] {
  const seen = new Map<string, number>();
  return measurements.map((measurement) => {
    const key = JSON.stringify(measurement.path);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? measurement : { ...measurement, path: [...measurement.path, `#${count}`] };
  });
}
