import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { OpenRequest, TraceSummary } from "../../contract/engine-contract.ts";
import { readFileStamp } from "../files.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import type { JobContext } from "../serve-client.ts";
import type { GrantedFile, OpenTrace } from "../trace-store.ts";
import { isPacked, unpackAhead, unpackEvents } from "../unpack-events.ts";
import type { EngineHost, HandlerParts, Handlers } from "./create-handlers.ts";

/** The window draws what was opened first. */
const restMs = 500;

/** Opens and closes traces. While an import runs, its snapshots may be queried. */
export function createTraceHandlers({
  host,
  grants,
  store,
}: HandlerParts): Pick<Handlers, "trace.open" | "trace.unpack" | "trace.close"> {
  return {
    async "trace.open"(request, context) {
      const file = await grants.find(request.file);
      if (context.signal.aborted) throw new CancelledError();
      if (file === null)
        throw new UserFacingError("this file was not chosen by the user, or the engine has restarted since");
      if (store.has(request.trace)) throw new UserFacingError("a trace is already open under this key");
      // The key is taken before the next await, so that a second open of it fails.
      const entry = createEntry(request, file);
      store.add(entry);
      const cancel = (): void => entry.abort.abort();
      context.signal.addEventListener("abort", cancel, { once: true });
      try {
        const summary = await importInto(entry, request, host, context);
        if (host.showsGrowing) setTimeout(() => void unpackAhead(entry), restMs);
        return summary;
      } catch (error) {
        store.removeEntry(entry);
        throw error;
      } finally {
        context.signal.removeEventListener("abort", cancel);
      }
    },

    async "trace.unpack"({ trace }, context) {
      const entry = store.entry(trace);
      if (await isPacked(entry)) await unpackEvents(entry, context);
      return null;
    },

    async "trace.close"({ trace }) {
      store.remove(trace);
      return null;
    },
  };
}

function createEntry({ trace, allowLargeInflate = false }: OpenRequest, file: GrantedFile): OpenTrace {
  const fileStamp = { bytes: 0, modifiedMs: 0 };
  return {
    key: trace,
    file,
    fileStamp,
    allowLargeInflate,
    argumentReader: null,
    abort: new AbortController(),
    current: null,
    queries: new Map(),
  };
}

async function importInto(
  entry: OpenTrace,
  request: OpenRequest,
  host: EngineHost,
  context: JobContext,
): Promise<TraceSummary> {
  const { file, abort, allowLargeInflate } = entry;
  const { importer = null, timesInNs = false, otherClock = false } = request;
  const startedMs = host.nowMs();
  const show = (imported: ImportedTrace): TraceSummary => {
    entry.current = { trace: imported.trace, nameTotals: imported.nameTotals, derived: new Map() };
    return toSummary(entry, imported, host.nowMs() - startedMs);
  };
  entry.fileStamp = await readFileStamp(file.path);
  if (abort.signal.aborted) throw new CancelledError();
  const showGrown = (imported: ImportedTrace): void => {
    if (!abort.signal.aborted) context.emit({ kind: "event", event: "trace.grew", payload: show(imported) });
  };
  const job = { path: file.path, fileName: file.name, importer, allowLargeInflate, timesInNs, otherClock };
  const watcher = { onProgress: context.reportProgress, onSnapshot: host.showsGrowing ? showGrown : null };
  const sealed = await host.imports.run(job, watcher, abort.signal);
  if (abort.signal.aborted) throw new CancelledError();
  return show(sealed);
}

function toSummary(entry: OpenTrace, { outline }: ImportedTrace, importMs: number): TraceSummary {
  return { trace: entry.key, fileName: entry.file.name, fileBytes: entry.fileStamp?.bytes ?? 0, ...outline, importMs };
}
