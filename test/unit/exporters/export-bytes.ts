import type { ExportArguments, ExportContext, Exporter } from "../../../traces/exporters/exporter.ts";
import type { Trace } from "../../../traces/model/trace.ts";

export function exportContext(over: Partial<ExportContext> = {}): ExportContext {
  return {
    writer: "Deltaflame test",
    throwIfCancelled() {},
    reportProgress() {},
    argumentReader: null,
    keepHomeFolders: false,
    ...over,
  };
}

/** The whole file that an exporter writes. */
export async function exportBytes(
  exporter: Exporter,
  trace: Trace,
  over: Partial<ExportContext> = {},
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of exporter.write(trace, exportContext(over))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Gives every span and instant its own arguments, of every type that JSON has. */
export const someArguments: ExportArguments = {
  ofSpan: (span) =>
    Promise.resolve(
      span % 3 === 0
        ? []
        : [
            ["span", String(span)],
            ["digits", "10159970886766084423"],
            ["nested", '{"a":[1,"ü"]}'],
          ],
    ),
  ofInstant: (instant) => Promise.resolve([["instant", `"number ${instant}"`]]),
};
