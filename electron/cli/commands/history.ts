import { basename, extname, resolve } from "node:path";
import type { Command } from "commander";
import { usualDraws } from "../../../traces/compare/draws.ts";
import { openCliEngine } from "../cli-engine.ts";
import { GateError, gateCodes } from "../gate-error.ts";
import { parseLevel, parseShare } from "../parse-options.ts";
import type { CliHost } from "../run-cli.ts";
import { UnreadableFileError } from "../trace-session.ts";
import { formatMeasurementComparison } from "../print/measurement-comparison.ts";
import { decideResults } from "./compare.ts";

interface HistoryOptions {
  readonly name?: string;
  readonly folder?: string;
  readonly gate: number;
  readonly alpha: number;
}

export function addHistoryCommand(program: Command, host: CliHost): void {
  program
    .command("history")
    .description("Compares benchmark results with those kept last, and keeps them. Nothing leaves the machine.")
    .argument("<results>", "file of benchmark results")
    .option("--name <suite>", "what was measured; the name of the file where absent")
    .option("--folder <folder>", "where results are kept; a folder of the user where absent")
    .option("--gate <change>", "smallest change that alerts, as 5% or 0.05", parseShare, 0.05)
    .option("--alpha <level>", "level of the tests", parseLevel, 0.05)
    .action(async (file: string, options: HistoryOptions) => {
      const code = await keepResults(file, options, host);
      if (code !== gateCodes.passed) throw new GateError(code);
    });
}

async function keepResults(file: string, options: HistoryOptions, host: CliHost): Promise<number> {
  const { name = basename(file, extname(file)), gate, alpha, folder } = options;
  const root = folder === undefined ? undefined : resolve(host.workingFolder, folder);
  const { client, grant, close } = openCliEngine(host, root);
  try {
    grant("results", { path: resolve(host.workingFolder, file), name: basename(file) });
    const request = {
      file: "results",
      suite: name,
      options: { tolerance: gate, alpha, resamples: usualDraws, allowIncomparable: false },
    };
    const { comparison } = await client
      .call("history.keep", request, { signal: host.signal })
      .catch((cause: unknown) => {
        throw new UnreadableFileError(file, cause instanceof Error ? cause.message : String(cause), { cause });
      });
    if (comparison === null) {
      await host.terminal.write(`Kept as the first results of ${name}.\n`);
      return gateCodes.passed;
    }
    await host.terminal.write(formatMeasurementComparison(comparison, host.terminal));
    return decideResults(comparison, { vs: [file], gate, alpha, inconclusive: "pass" });
  } finally {
    await close();
  }
}
