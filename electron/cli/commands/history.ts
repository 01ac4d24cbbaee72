import { copyFile, mkdir, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { openCliEngine } from "../cli-engine.ts";
import { GateError, gateCodes } from "../gate-error.ts";
import { parseShare } from "../parse-options.ts";
import type { CliHost } from "../run-cli.ts";
import { UnreadableFileError } from "../trace-session.ts";
import { compareResults } from "./compare.ts";

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
    .option("--alpha <level>", "level of the tests", parseShare, 0.05)
    .action(async (file: string, options: HistoryOptions) => {
      const code = await keepResults(file, options, host);
      if (code !== gateCodes.passed) throw new GateError(code);
    });
}

async function keepResults(file: string, options: HistoryOptions, host: CliHost): Promise<number> {
  const { name = basename(file, extname(file)), gate, alpha } = options;
  const root = options.folder === undefined ? dataFolder() : resolve(host.workingFolder, options.folder);
  const folder = join(root, toFolderName(name));
  await checkReadable(file, host);
  await mkdir(folder, { recursive: true });
  const kept = (await readdir(folder)).filter((entry) => entry.endsWith(".json")).toSorted(byName);
  const last = kept.at(-1);
  let code: number = gateCodes.passed;
  if (last === undefined) await host.terminal.write(`Kept as the first results of ${name}.\n`);
  else code = await compareResults([join(folder, last)], { vs: [file], gate, alpha, inconclusive: "pass" }, [], host);
  await copyFile(resolve(host.workingFolder, file), join(folder, `${fileTime(new Date(), kept)}.json`));
  return code;
}

/** Only what can be read is kept. */
async function checkReadable(file: string, host: CliHost): Promise<void> {
  const { client, grant, close } = openCliEngine(host);
  try {
    grant("results", { path: resolve(host.workingFolder, file), name: basename(file) });
    await client.call("measurements.read", { file: "results" }, { signal: host.signal });
  } catch (cause) {
    throw new UnreadableFileError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  } finally {
    await close();
  }
}

function dataFolder(): string {
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "deltaflame", "history");
}

function toFolderName(name: string): string {
  return name.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "_");
}

/** UTC, so that names sort by time; a number behind it where two come in one second. */
function fileTime(now: Date, kept: readonly string[]): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const same = kept.filter((entry) => entry.startsWith(time)).length;
  return `${time}-${String(same).padStart(3, "0")}`;
}

function byName(x: string, y: string): number {
  return x < y ? -1 : 1;
}
