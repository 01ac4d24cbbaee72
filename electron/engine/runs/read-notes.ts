import type { ArgumentReader } from "../../../traces/importers/importer.ts";
import type { RunningRun } from "./run-job.ts";

/** Arguments of the spans of a run: the notes of its recorders. */
export function readNotes(run: Pick<RunningRun, "notesOf" | "close">): ArgumentReader {
  return {
    read: ({ offset, name }) => Promise.resolve({ name, startText: null, args: run.notesOf(offset) }),
    jsonAt: (offset) => run.notesOf(offset).map(([key, text]) => [key, JSON.stringify(text)] as const),
    close: () => run.close(),
  };
}
