import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { Command } from "commander";
import { formatBytes, formatCount } from "../../../traces/model/format-units.ts";
import type { ExportFormat, Progress } from "../../contract/engine-contract.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, type ReadOptions, type TraceSession, withTrace } from "../trace-session.ts";
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
    .description("Writes a trace in another format. A wrong --to lists the formats.")
    .requiredOption("--out <file>", "where to write")
    .option("--to <format>", "id of the format; else the ending of --out tells")
    .option("--no-arguments", "leave the arguments of events out")
    .option("--keep-home-folders", "keep the home folders in names and arguments, which become ~ otherwise")
    .option("--force", "replace a file that is there")
    .action(async (file: string, options: ExportOptions) => {
      const path = resolve(host.workingFolder, options.out);
      if (options.force !== true && existsSync(path))
        throw new UsageError(`"${options.out}" exists; --force replaces it`);
      await withTrace(file, host, options, async (session) => {
        const line = await exportTrace(session, path, options, host);
        await host.terminal.write(`${line}\n`);
      });
    });
}

/** Writes a trace of the engine to `path`; returns the line that says so. */
export async function exportTrace(
  { engine, trace, grantTarget }: Pick<TraceSession, "engine" | "trace" | "grantTarget">,
  path: string,
  options: Pick<ExportOptions, "to" | "out" | "arguments" | "keepHomeFolders">,
  { terminal, signal }: CliHost,
): Promise<string> {
  const format = chooseFormat(await engine.call("export.formats", null), options);
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

function chooseFormat(formats: readonly ExportFormat[], { to, out }: ExportOptions): ExportFormat {
  const known = formats.map(({ id, extension }) => `${id} (.${extension})`).join(", ");
  const ending = extname(out).slice(1).toLowerCase();
  const found = formats.find(({ id, extension }) => (to === undefined ? extension === ending : id === to));
  if (found !== undefined) return found;
  throw new UsageError(
    to === undefined
      ? `"${basename(out)}" does not tell the format by its ending; --to takes ${known}`
      : `"${to}" is no format to export to; there are ${known}`,
  );
}
