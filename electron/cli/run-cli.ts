import { Command, CommanderError } from "commander";
import type { Imports } from "../engine/imports/import-job.ts";
import type { Runs } from "../engine/runs/run-job.ts";
import { addBenchCommand } from "./bench/bench-command.ts";
import { addClaimsCommand } from "./commands/claims.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addExportCommand } from "./commands/export.ts";
import { addFindingsCommand } from "./commands/findings.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addHistoryCommand } from "./commands/history.ts";
import { addInfoCommand } from "./commands/info.ts";
import { addOpenCommand } from "./commands/open.ts";
import { addSpansCommand } from "./commands/spans.ts";
import { addTopCommand } from "./commands/top.ts";
import { addWhatIfCommand } from "./commands/what-if.ts";
import { exitCodes } from "./exit-codes.ts";
import { GateError, gateCodes } from "./gate-error.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { toOneLine } from "./print/printable.ts";
import { OutputClosedError, type Terminal } from "./terminal.ts";
import { UnreadableFileError } from "./trace-session.ts";
import { UsageError } from "./usage-error.ts";

/** What the commands need of the machine. */
export interface CliHost {
  readonly terminal: Terminal;
  /** Aborts on Ctrl+C and other requests to stop, with an `InterruptedError`. */
  readonly signal: AbortSignal;
  readonly workingFolder: string;
  readonly version: string;
  /** Folder of the build: samples lie below it, the checkout above it. */
  readonly distFolder: string;
  readonly createImports: () => Imports;
  readonly createRuns: () => Runs;
}

/** 1 and 2 are verdicts there. */
const compareCodes = { ...exitCodes, failed: gateCodes.error, usage: gateCodes.error, unreadable: gateCodes.error };

/** Runs one command line (program name left out) and returns the exit code. Never throws. */
export async function runCli(words: readonly string[], host: CliHost): Promise<number> {
  const { terminal } = host;
  const codes = words[0] === "compare" || words[0] === "history" ? compareCodes : exitCodes;
  try {
    await createProgram(host).parseAsync(words, { from: "user" });
    return codes.done;
  } catch (error) {
    if (error instanceof GateError) return error.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? codes.done : codes.usage;
    if (error instanceof OutputClosedError) return codes.done;
    terminal.showProgress("");
    if (host.signal.aborted)
      return host.signal.reason instanceof InterruptedError ? host.signal.reason.exitCode : codes.failed;
    if (error instanceof UsageError) {
      terminal.writeError(`deltaflame: ${toOneLine(error.message)}`);
      return codes.usage;
    }
    if (error instanceof UnreadableFileError) {
      terminal.writeError(`deltaflame: ${toOneLine(`${error.file}: ${error.message}`)}`);
      return codes.unreadable;
    }
    terminal.writeError(`deltaflame: ${toOneLine(error instanceof Error ? error.message : String(error))}`);
    return codes.failed;
  }
}

function createProgram(host: CliHost): Command {
  const program = new Command("deltaflame")
    .description("Desktop profiler and trace viewer: the same answers in the terminal.")
    .version(host.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.terminal.write(text).catch(() => undefined),
      writeErr: (text) => host.terminal.writeError(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "deltaflame: ")),
    });
  addInfoCommand(program, host);
  addTopCommand(program, host);
  addSpansCommand(program, host);
  addFindingsCommand(program, host);
  addWhatIfCommand(program, host);
  addExportCommand(program, host);
  addClaimsCommand(program, host);
  addCompareCommand(program, host);
  addHistoryCommand(program, host);
  addOpenCommand(program, host);
  addDemoCommand(program, host, runCli);
  addGenerateCommand(program, host);
  addBenchCommand(program, host);
  // Subcommands made above inherit these only when told to.
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
    for (const inner of command.commands) inner.copyInheritedSettings(program);
  }
  return program;
}
