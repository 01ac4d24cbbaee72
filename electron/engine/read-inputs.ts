import { collectInputs, findRepeatedNames, type Inputs, noArguments } from "../../traces/advise/inputs.ts";
import type { ArgumentReader } from "../../traces/importers/importer.ts";
import { CancelledError, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import { textOf } from "../../traces/model/text-table.ts";
import { endSourceOf, sourceOffsetOf, type Trace } from "../../traces/model/trace.ts";
import { canBeRead, openArgumentReader } from "./read-arguments.ts";
import { createRecent, type Recent } from "./recent.ts";
import type { JobContext } from "./serve-client.ts";
import { type CurrentTrace, derive, type OpenTrace, type TraceStore } from "./trace-store.ts";
import { isPacked } from "./unpack-events.ts";

/** What the spans of an open trace computed from, read once a snapshot. Nothing is unpacked for it. */
export async function readInputs(entry: OpenTrace, current: CurrentTrace, context: JobContext): Promise<Inputs> {
  const kept: Recent<Inputs> = derive(current, "inputs", () => createRecent(1));
  return await kept.get("", () => readNow(entry, current.trace, context));
}

/** As `readInputs`, of a trace that a comparison holds: its tab may be closed, or show a newer snapshot. */
export async function readInputsOfPart(
  { key, trace }: { readonly key: string; readonly trace: Trace },
  store: TraceStore,
  context: JobContext,
): Promise<Inputs> {
  const entry = store.has(key) ? store.entry(key) : null;
  return entry?.current?.trace === trace ? await readInputs(entry, entry.current, context) : noArguments;
}

async function readNow(entry: OpenTrace, trace: Trace, context: JobContext): Promise<Inputs> {
  if ((await canBeRead(entry)) && (await isPacked(entry))) return withoutArguments("they lie in a compressed file");
  const reader = await openArgumentReader(entry);
  if (typeof reader === "string") return withoutArguments(reader);
  const names = await context.runSlices(findRepeatedNames(trace));
  try {
    return await collectInputs(names, (span) => readOne(reader, trace, span, context.signal));
  } catch (error) {
    if (error instanceof TraceFormatError || error instanceof UserFacingError) return withoutArguments(error.message);
    throw error;
  }
}

function withoutArguments(reason: string): Inputs {
  return { ...noArguments, missing: `${noArguments.missing}: ${reason.replace(/\.$/, "")}` };
}

async function readOne(
  reader: ArgumentReader,
  { spans, strings }: Trace,
  span: number,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<ArgumentReader["read"]>>["args"]> {
  if (signal.aborted) throw new CancelledError();
  const name = textOf(strings, spans.name[span] ?? 0);
  return (await reader.read({ offset: sourceOffsetOf(spans, span), name, endOffset: endSourceOf(spans, span) })).args;
}
