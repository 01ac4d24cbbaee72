import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { Readable } from "node:stream";
import type { Command } from "commander";
import { measurementsCsv, withoutHomeFolders } from "../../../traces/exporters/measurements-csv.ts";
import { BenchmarkResultsError } from "../../../traces/model/errors.ts";
import { formatBytes, formatCount } from "../../../traces/model/format-units.ts";
import type { ExportFormat, Progress, TraceSummary } from "../../contract/engine-contract.ts";
import { writeFileInPieces } from "../../engine/write-file.ts";
import { readMeasurementFile } from "../measurement-file.ts";
import { toMeasurementsJson } from "../print/measurements.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";
import {
  addFileArgument,
  type ReadOptions,
  type TraceSession,
  UnreadableFileError,
  withTrace,
} from "../trace-session.ts";
import { UsageError } from "../usage-error.ts";

interface ExportOptions extends ReadOptions {
  readonly to?: string;
  readonly out: string;
  readonly arguments: boolean;
  readonly keepHomeFolders?: boolean;
  readonly force?: boolean;
}

export function addExportCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("export"))
    .description(
      "Writes a trace, kernels of Nsight Compute or benchmark results in another format. A wrong --to lists the formats.",
    )
    .requiredOption("--out <file>", "where to write")
    .option("--to <format>", "id of the format; else the ending of --out tells")
    .option("--no-arguments", "leave the arguments of events out")
    .option("--keep-home-folders", "keep the home folders in names and arguments, which become ~ otherwise")
    .option("--force", "replace a file that is there")
    .action(async (file: string, options: ExportOptions) => {
      const path = resolve(host.workingFolder, options.out);
      if (options.force !== true && existsSync(path))
        throw new UsageError(`"${options.out}" exists; --force replaces it`);
      const exporting = withTrace(file, host, options, async (session) => {
        const line = await exportTrace(session, path, options, host);
        await host.terminal.write(`${line}\n`);
      });
      await exporting.catch(async (error: unknown) => {
        if (!(error instanceof UnreadableFileError && error.cause instanceof BenchmarkResultsError)) throw error;
        await exportMeasurements(file, path, options, host);
      });
    });
}

/** Writes a trace of the engine to `path`; returns the line that says so. */
export async function exportTrace(
  {
    engine,
    trace,
    summary,
    grantTarget,
  }: Pick<TraceSession, "engine" | "trace" | "grantTarget"> & {
    readonly summary: Pick<TraceSummary, "launchCount">;
  },
  path: string,
  options: Pick<ExportOptions, "to" | "out" | "arguments" | "keepHomeFolders">,
  { terminal, signal }: CliHost,
): Promise<string> {
  const format = chooseFormat(await engine.call("export.formats", null), options, summary);
  const target = "target";
  grantTarget(target, path);
  const onProgress = ({ done, total }: Progress): void =>
    terminal.showProgress(`Writing ${basename(path)}: ${Math.floor((100 * done) / Math.max(1, total ?? 1))} %`);
  const report = await engine.call(
    "trace.export",
    {
      trace,
      format: format.id,
      target,
      withArguments: options.arguments,
      keepHomeFolders: options.keepHomeFolders ?? false,
    },
    { signal, onProgress },
  );
  terminal.showProgress("");
  if (report.argumentsUnavailable !== null)
    terminal.writeError(`deltaflame: without arguments: ${toOneLine(report.argumentsUnavailable)}`);
  if (report.eventsWithoutArguments > 0)
    terminal.writeError(
      `deltaflame: the arguments of ${formatCount(report.eventsWithoutArguments)} events could not be read again`,
    );
  return `${toOneLine(report.fileName)}: ${format.label}, ${formatBytes(report.bytes)}`;
}

/** The format that `--to` names, whether it fits or not; else the one of the ending that takes what the trace has. */
function chooseFormat(
  formats: readonly ExportFormat[],
  { to, out }: ExportOptions,
  { launchCount }: Pick<TraceSummary, "launchCount">,
): ExportFormat {
  const fitting = formats.filter(({ takes }) => takes === "any" || takes === (launchCount > 0 ? "launches" : "spans"));
  const known = fitting.map(({ id, extension }) => `${id} (.${extension})`).join(", ");
  const ending = extname(out).slice(1).toLowerCase();
  const found =
    to === undefined ? fitting.find(({ extension }) => extension === ending) : formats.find(({ id }) => id === to);
  if (found !== undefined) return found;
  throw new UsageError(
    to === undefined
      ? `"${basename(out)}" does not tell the format by its ending; --to takes ${known}`
      : `"${to}" is no format to export to; there are ${known}`,
  );
}

/** Writes benchmark results as a table or as JSON. */
async function exportMeasurements(
  file: string,
  path: string,
  { to, out, keepHomeFolders = false }: ExportOptions,
  host: CliHost,
): Promise<void> {
  const format = to ?? extname(out).slice(1).toLowerCase();
  if (format !== "csv" && format !== "json")
    throw new UsageError(`"${file}" holds benchmark results, which can be written as csv or json, not as "${format}"`);
  const { set: read, fileBytes } = await readMeasurementFile(file, host);
  const set = withoutHomeFolders(read, keepHomeFolders);
  const text =
    format === "csv" ? measurementsCsv(set) : `${JSON.stringify(toMeasurementsJson(set, fileBytes), null, 2)}\n`;
  await writeFileInPieces(path, Readable.from([new TextEncoder().encode(text)]));
  await host.terminal.write(`${toOneLine(basename(path))}: ${formatCount(set.measurements.length)} measurements\n`);
}
