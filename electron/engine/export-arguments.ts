import type { ExportArguments } from "../../traces/exporters/exporter.ts";
import type { ArgumentReader, EventBatch, EventPlaces, JsonArguments } from "../../traces/importers/importer.ts";
import { TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import { flagsOf, endSourceOf, sourceOffsetOf, SpanFlag, type Trace } from "../../traces/model/trace.ts";
import { textOf } from "../../traces/model/text-table.ts";

export interface CountingArguments extends ExportArguments {
  /** Events whose arguments could not be read so far. */
  readonly failedCount: number;
  close(): void;
}

/** Some ms, from a file and from memory. */
const readsPerTurn = 128;
const looksPerTurn = 16 * readsPerTurn;

/** The arguments of all events of a trace, from its file. Events that cannot be read are counted and have none. */
export function createExportArguments(
  trace: Trace,
  reader: ArgumentReader,
  throwIfCancelled: () => void,
): CountingArguments {
  const spans = new AheadReader(reader, placesOfSpans(trace), throwIfCancelled);
  const instants = new AheadReader(reader, placesOfInstants(trace), throwIfCancelled);
  return {
    get failedCount() {
      return spans.failedCount + instants.failedCount;
    },
    ofSpan: (span) => spans.argumentsOf(span),
    ofInstant: (instant) => instants.argumentsOf(instant),
    close: () => reader.close(),
  };
}

/** Reads events that are asked for mostly one after another, batches of them ahead where the reader can. */
class AheadReader {
  readonly #reader: ArgumentReader;
  readonly #places: EventPlaces;
  readonly #throwIfCancelled: () => void;
  #batch: EventBatch | null = null;
  #batchStart = 0;
  #askedCount = 0;
  failedCount = 0;

  constructor(reader: ArgumentReader, places: EventPlaces, throwIfCancelled: () => void) {
    this.#reader = reader;
    this.#places = places;
    this.#throwIfCancelled = throwIfCancelled;
  }

  argumentsOf(event: number): JsonArguments | Promise<JsonArguments> {
    const { jsonAt } = this.#reader;
    if (++this.#askedCount % looksPerTurn === 0 || jsonAt === undefined) return this.#argumentsLater(event);
    const place = this.#places.at(event);
    return place === null ? [] : jsonAt(place.offset);
  }

  async #argumentsLater(event: number): Promise<JsonArguments> {
    // Reading from the disk's cache never waits: others must get their turn all the same.
    if (this.#askedCount % readsPerTurn === 0) await this.#pause();
    try {
      return await this.#read(event);
    } catch (error) {
      if (!(error instanceof TraceFormatError) && !(error instanceof UserFacingError)) throw error;
      this.failedCount++;
      return [];
    }
  }

  async #read(event: number): Promise<JsonArguments> {
    if (this.#reader.readBatch === undefined) {
      const place = this.#places.at(event);
      if (place === null) return [];
      const { args } = await this.#reader.read(place);
      return args.map(([key, text]) => [key, JSON.stringify(text)] as const);
    }
    let index = event - this.#batchStart;
    if (this.#batch === null || index < 0 || index >= this.#batch.count) {
      // The memory of one batch at a time.
      this.#batch = null;
      this.#batch = await this.#reader.readBatch(restOf(this.#places, event), () => this.#pause());
      this.#batchStart = event;
      index = 0;
    }
    return this.#batch.argumentsOf(index);
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => void setImmediate(resolve));
    this.#throwIfCancelled();
  }
}

function restOf(places: EventPlaces, first: number): EventPlaces {
  return { count: places.count - first, at: (index) => places.at(first + index) };
}

function placesOfSpans({ spans, strings }: Trace): EventPlaces {
  return {
    count: spans.length,
    at: (span) =>
      (flagsOf(spans, span) & SpanFlag.derived) !== 0
        ? null
        : {
            offset: sourceOffsetOf(spans, span),
            name: textOf(strings, spans.name[span] ?? 0),
            endOffset: endSourceOf(spans, span),
          },
  };
}

function placesOfInstants({ instants, strings }: Trace): EventPlaces {
  return {
    count: instants.length,
    at: (instant) => ({
      offset: sourceOffsetOf(instants, instant),
      name: textOf(strings, instants.name[instant] ?? 0),
      endOffset: null,
    }),
  };
}
