import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { TraceSummary } from "../../contract/engine-contract.ts";
import { readFileStamp } from "../files.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import type { OpenTrace } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Opens and closes traces. While an import runs, its snapshots may be queried. */
export function createTraceHandlers({ host, grants, store }: HandlerParts): Pick<Handlers, "trace.open" | "trace.close"> {
  return {
    async "trace.open"(request, context) {
      const file = grants.get(request.file);
      if (file === undefined) throw new UserFacingError("this file was not chosen by the user, or the engine has restarted since");
      if (store.has(request.trace)) throw new UserFacingError("a trace is already open under this key");
      const startedMs = host.nowMs();
      const abort = new AbortController();
      const cancel = (): void => abort.abort();
      context.signal.addEventListener("abort", cancel, { once: true });
      // The key is taken before the first await, so that a second open of it fails.
      const entry: OpenTrace = { key: request.trace, file, fileStamp: { bytes: 0, modifiedMs: 0 }, abort, current: null, queries: new Map() };
      store.add(entry);
      try {
        entry.fileStamp = await readFileStamp(file.path);
        if (abort.signal.aborted) throw new CancelledError();
        const show = (imported: ImportedTrace): TraceSummary => {
          entry.current = { trace: imported.trace, derived: new Map() };
          return toSummary(entry, imported, host.nowMs() - startedMs);
        };
        const job = {
          path: file.path,
          fileName: file.name,
          importer: request.importer ?? null,
          allowLargeInflate: request.allowLargeInflate ?? false,
        };
        const watcher = {
          onProgress: context.reportProgress,
          onSnapshot: (imported: ImportedTrace) => {
            if (!abort.signal.aborted) context.emit({ kind: "event", event: "trace.grew", payload: show(imported) });
          },
        };
        const sealed = await host.imports.run(job, watcher, abort.signal);
        if (abort.signal.aborted) throw new CancelledError();
        return show(sealed);
      } catch (error) {
        store.remove(request.trace);
        throw error;
      } finally {
        context.signal.removeEventListener("abort", cancel);
      }
    },

    async "trace.close"({ trace }) {
      store.remove(trace);
      return null;
    },
  };
}

function toSummary(entry: OpenTrace, { outline }: ImportedTrace, importMs: number): TraceSummary {
  return { trace: entry.key, fileName: entry.file.name, fileBytes: entry.fileStamp.bytes, ...outline, importMs };
}
