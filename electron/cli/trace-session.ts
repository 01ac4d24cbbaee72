import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { BenchmarkResultsError, InflateLimitError, NanosecondTimesError } from "../../traces/model/errors.ts";
import { formatBytes } from "../../traces/model/format-units.ts";
import type { EngineClient, Progress, TraceSummary } from "../contract/engine-contract.ts";
import { openCliEngine, type CliEngine } from "./cli-engine.ts";
import { toOneLine } from "./print/printable.ts";
import type { CliHost } from "./run-cli.ts";

/** The file is no trace, or cannot be read: said in one line. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
  /** As the user wrote it. */
  readonly file: string;
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
  }
}

/** One open trace and the engine that holds it. */
export interface TraceSession {
  readonly engine: EngineClient;
  /** Key of the trace in calls. */
  readonly trace: string;
  readonly summary: TraceSummary;
  /** Lets the engine write this file by its token. */
  readonly grantTarget: (token: string, path: string) => void;
}

/** Options that every command with a file has. */
export interface ReadOptions {
  readonly allowLargeInflate?: boolean;
  readonly timesInNs?: boolean;
  readonly otherClock?: boolean;
}

/** Adds the file and the options about reading it. */
export function addFileArgument(command: Command): Command {
  return command
    .argument("<file>", "trace file, plain, gzip or zip; or a folder with the XSpace profiles of several hosts")
    .option("--times-in-ns", "read times of trace events as nanoseconds, where the format wants microseconds")
    .option("--other-clock", "of trace events by two clocks, far apart, read those of the clock that fewer tell")
    .option("--allow-large-inflate", "go on where a compressed file grows so much that it looks like a trap");
}

const expectedErrors: ReadonlySet<string> = new Set(["TraceFormatError", "ReportNeedsExportError", "UserFacingError"]);

/** Opens `file` in an engine of its own, lets `use` ask it, and closes it whatever happens. */
export async function withTrace<T>(
  file: string,
  host: CliHost,
  options: ReadOptions,
  use: (session: TraceSession) => Promise<T>,
): Promise<T> {
  const engine = openCliEngine(host);
  const trace = "trace";
  try {
    const summary = await openTrace(engine, { trace, file, options }, host);
    return await use({ engine: engine.client, trace, summary, grantTarget: engine.grantTarget });
  } finally {
    await engine.close();
  }
}

/** Opens `file` under a key; throws `UnreadableFileError` for what is no trace. */
export async function openTrace(
  { client, grant }: CliEngine,
  { trace, file, options }: { readonly trace: string; readonly file: string; readonly options: ReadOptions },
  { terminal, signal, workingFolder }: CliHost,
): Promise<TraceSummary> {
  grant(trace, { path: resolve(workingFolder, file), name: basename(resolve(workingFolder, file)) });
  const onProgress = (progress: Progress): void => terminal.showProgress(describeProgress(basename(file), progress));
  const { allowLargeInflate = false, timesInNs = false, otherClock = false } = options;
  const request = { trace, file: trace, allowLargeInflate, timesInNs, otherClock };
  const summary = await client.call("trace.open", request, { signal, onProgress }).catch((error: unknown) => {
    if (error instanceof InflateLimitError)
      throw new UnreadableFileError(file, `${error.message}; --allow-large-inflate reads it all the same`, {
        cause: error,
      });
    if (error instanceof NanosecondTimesError)
      throw new UnreadableFileError(file, `${error.message}; --times-in-ns reads them as such`, { cause: error });
    if (error instanceof BenchmarkResultsError)
      throw new UnreadableFileError(file, `${error.message}; \`deltaflame info\` prints them`, { cause: error });
    if (error instanceof Error && expectedErrors.has(error.name))
      throw new UnreadableFileError(file, error.message, { cause: error });
    throw error;
  });
  terminal.showProgress("");
  return summary;
}

function describeProgress(name: string, { done, total }: Progress): string {
  const part = total === null || total === 0 ? "" : ` ${Math.floor((100 * done) / total)} %`;
  return `Reading ${toOneLine(name)}:${part} ${formatBytes(done)}`;
}
