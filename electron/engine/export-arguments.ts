import type { ExportArguments } from "../../traces/exporters/exporter.ts";
import type { ArgumentReader, EventPlace, JsonArguments } from "../../traces/importers/importer.ts";
import { TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import { flagsOf, endSourceOf, sourceOffsetOf, SpanFlag, type Trace } from "../../traces/model/trace.ts";
import { textOf } from "../../traces/model/text-table.ts";

export interface CountingArguments extends ExportArguments {
  /** Events whose arguments could not be read so far. */
  readonly failedCount: number;
}

/** Some ms. */
const readsPerTurn = 128;

/** The arguments of all events of a trace, from its file. Events that cannot be read are counted and have none. */
export function createExportArguments(trace: Trace, reader: ArgumentReader): CountingArguments {
  const { spans, instants, strings } = trace;
  let failedCount = 0;
  let readCount = 0;
  const read = async (place: EventPlace): Promise<JsonArguments> => {
    // Reading from the disk's cache never waits: others must get their turn all the same.
    if (++readCount % readsPerTurn === 0) await new Promise((resolve) => void setImmediate(resolve));
    try {
      if (reader.readJson !== undefined) return await reader.readJson(place);
      const { args } = await reader.read(place);
      return args.map(([key, text]) => [key, JSON.stringify(text)] as const);
    } catch (error) {
      if (!(error instanceof TraceFormatError) && !(error instanceof UserFacingError)) throw error;
      failedCount++;
      return [];
    }
  };
  return {
    get failedCount() {
      return failedCount;
    },
    ofSpan: async (span) =>
      (flagsOf(spans, span) & SpanFlag.derived) !== 0
        ? []
        : await read({
            offset: sourceOffsetOf(spans, span),
            name: textOf(strings, spans.name[span] ?? 0),
            endOffset: endSourceOf(spans, span),
          }),
    ofInstant: (instant) =>
      read({
        offset: sourceOffsetOf(instants, instant),
        name: textOf(strings, instants.name[instant] ?? 0),
        endOffset: null,
      }),
  };
}
