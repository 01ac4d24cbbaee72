import type { ExportContext, Exporter } from "../../../traces/exporters/exporter.ts";
import { exporters } from "../../../traces/exporters/registry.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import type { Progress } from "../../contract/engine-contract.ts";
import { createExportArguments, type CountingArguments } from "../export-arguments.ts";
import { programName } from "../program-name.ts";
import { openReaderOfAll } from "../read-arguments.ts";
import type { JobContext } from "../serve-client.ts";
import type { OpenTrace } from "../trace-store.ts";
import { writeFileInPieces } from "../write-file.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

const progressIntervalMs = 100;

export function createExportHandlers({
  host,
  targets,
  store,
}: HandlerParts): Pick<Handlers, "export.formats" | "trace.export"> {
  return {
    "export.formats": () =>
      Promise.resolve(
        exporters.map(({ id, label, extension, description, takes, writesArguments }) => ({
          id,
          label,
          extension,
          description,
          takes,
          writesArguments,
        })),
      ),

    async "trace.export"({ trace: key, format, target, withArguments, keepHomeFolders }, context) {
      const exporter = exporters.find(({ id }) => id === format);
      if (exporter === undefined) {
        const known = exporters.map(({ id }) => id).join(", ");
        throw new UserFacingError(`"${format}" is no format to export to; there are ${known}`);
      }
      const entry = store.entry(key);
      const { trace } = store.current(key);
      if (trace.meta.partial) throw new UserFacingError("the file is still being read; wait for its end");
      checkFit(exporter, trace);
      const file = await targets.find(target);
      if (file === null)
        throw new UserFacingError("this place was not chosen by the user, or the engine has restarted");
      const throwIfCancelled = (): void => {
        if (context.signal.aborted) throw new CancelledError();
      };
      const wanted = withArguments && exporter.writesArguments;
      const { reader, unavailable } = wanted
        ? await openArguments(entry, throwIfCancelled)
        : { reader: null, unavailable: null };
      const exportContext: ExportContext = {
        writer: programName,
        keepHomeFolders,
        argumentReader: reader,
        throwIfCancelled,
        reportProgress: createProgressTeller(context, host.nowMs),
      };
      const bytes = await writeFileInPieces(file.path, exporter.write(trace, exportContext)).finally(() =>
        reader?.close(),
      );
      return {
        fileName: file.name,
        bytes,
        argumentsUnavailable: unavailable,
        eventsWithoutArguments: reader?.failedCount ?? 0,
      };
    },
  };
}

function checkFit({ takes, label }: Exporter, { launches }: Trace): void {
  if (takes === "spans" && launches !== undefined)
    throw new UserFacingError(
      `kernels that ran one by one have no time axis, which a ${label} needs; write a table of kernels (csv-launches) or a Deltaflame container`,
    );
  if (takes === "launches" && launches === undefined)
    throw new UserFacingError("this trace has no kernels that ran one by one; write a table of spans (csv-spans)");
}

async function openArguments(
  entry: OpenTrace,
  throwIfCancelled: () => void,
): Promise<{ readonly reader: CountingArguments | null; readonly unavailable: string | null }> {
  const trace = entry.current?.trace;
  if (trace === undefined) return { reader: null, unavailable: null };
  const opened = await openReaderOfAll(entry);
  return typeof opened === "string"
    ? { reader: null, unavailable: opened }
    : { reader: createExportArguments(trace, opened, throwIfCancelled), unavailable: null };
}

function createProgressTeller(
  { reportProgress }: JobContext,
  nowMs: () => number,
): (done: number, total: number) => void {
  let toldAtMs = -Infinity;
  return (done, total) => {
    if (nowMs() - toldAtMs < progressIntervalMs) return;
    toldAtMs = nowMs();
    reportProgress({ done, total, unit: "entries" } satisfies Progress);
  };
}
