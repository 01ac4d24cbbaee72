import { type ArgumentSection, writeContainer } from "../../container/write-container.ts";
import { flagsOf, SpanFlag, type Trace } from "../../model/trace.ts";
import { PieceBuffer } from "../piece-buffer.ts";
import { entryCount, type ExportContext, type Exporter } from "../exporter.ts";
import type { JsonArguments } from "../../importers/importer.ts";

/** The container that opens at once; names are kept as they are, since it is for opening again. */
export const deltaflame: Exporter = {
  id: "deltaflame",
  label: "Deltaflame container",
  extension: "dflame",
  description: "Opens again at once, with everything the trace holds",
  takes: "any",
  writesArguments: true,
  write: (trace, context) => writeContainer(trace, { writer: context.writer, arguments: argumentsOf(trace, context) }),
};

/** Spans or instants between two looks at the cancel flag. */
const entriesPerLook = 512;

function argumentsOf(trace: Trace, context: ExportContext): ArgumentSection {
  const { spans, instants } = trace;
  const places = { spans: new Float64Array(spans.length), instants: new Float64Array(instants.length) };
  const reader = context.argumentReader;
  return {
    places,
    async *write(firstByte) {
      // Where nothing can be said, one object stands for all.
      const none = new TextEncoder().encode(reader === null ? '{"args":"not kept in this file"}\n' : '{"args":{}}\n');
      yield none;
      places.spans.fill(firstByte);
      places.instants.fill(firstByte);
      if (reader === null) return context.reportProgress(entryCount(trace), entryCount(trace));
      let offset = firstByte + none.length;
      const pieces = new PieceBuffer();
      const add = (args: JsonArguments): number => {
        if (args.length === 0) return firstByte;
        const place = offset;
        offset += pieces.add(toLine(args));
        return place;
      };
      for (let entry = 0; entry < spans.length + instants.length; entry++) {
        if (entry % entriesPerLook === 0) {
          context.throwIfCancelled();
          context.reportProgress(entry, entryCount(trace));
        }
        if (entry >= spans.length) {
          const found = reader.ofInstant(entry - spans.length);
          places.instants[entry - spans.length] = add(found instanceof Promise ? await found : found);
        } else if ((flagsOf(spans, entry) & SpanFlag.derived) === 0) {
          const found = reader.ofSpan(entry);
          places.spans[entry] = add(found instanceof Promise ? await found : found);
        }
        if (pieces.isFull) yield pieces.take();
      }
      yield pieces.take();
    },
  };
}

function toLine(args: JsonArguments): string {
  return `{"args":{${args.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}}\n`;
}
