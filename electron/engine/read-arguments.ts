import type { Trace } from "../../traces/model/trace.ts";
import { CancelledError } from "../../traces/model/errors.ts";
import { readFileStamp, sameStamp } from "./files.ts";
import type { OpenTrace } from "./trace-store.ts";

export interface ArgumentList {
  readonly args: readonly (readonly [key: string, value: string])[];
  readonly argsUnavailable: string | null;
}

export async function readArguments(entry: OpenTrace, trace: Trace, place: { readonly offset: number; readonly name: string }, signal: AbortSignal): Promise<ArgumentList> {
  void trace; void place;
  if (signal.aborted) throw new CancelledError();
  const stamp = await readFileStamp(entry.file.path);
  if (!sameStamp(stamp, entry.fileStamp)) return { args: [], argsUnavailable: "the file changed on disk" };
  return { args: [], argsUnavailable: null };
}
