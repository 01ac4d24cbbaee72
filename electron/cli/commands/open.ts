import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { isLink, LinkError, parseLink } from "../../contract/view-link.ts";
import { readFileStamp, toFileError } from "../../engine/files.ts";
import type { CliHost } from "../run-cli.ts";
import { UnreadableFileError } from "../trace-session.ts";
import { UsageError } from "../usage-error.ts";

export function addOpenCommand(program: Command, host: CliHost): void {
  program
    .command("open")
    .description("Opens trace files and links to views in the window.")
    .argument("<files...>", "trace files, plain or gzip; profile folders; links (deltaflame://…)")
    .action(async (words: readonly string[]) => {
      const links = words.filter((word) => isLink(word));
      for (const link of links) await checkFile(fileOf(link));
      const files = words.filter((word) => !isLink(word));
      const paths = files.map((file) => resolve(host.workingFolder, file));
      for (const [index, file] of files.entries()) await checkFile({ path: paths[index] ?? file, shown: file });
      await startWindow([...paths, ...links], host);
    });
}

interface NamedFile {
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
}

/** The file of a link; null for a sample. Throws `UsageError` for what is no link. */
function fileOf(link: string): NamedFile | null {
  try {
    const { source } = parseLink(link);
    return source.kind === "file" ? { path: source.path, shown: source.path } : null;
  } catch (error) {
    throw error instanceof LinkError ? new UsageError(error.message) : error;
  }
}

async function checkFile(file: NamedFile | null): Promise<void> {
  if (file === null) return;
  await readFileStamp(file.path).catch((error: unknown) => {
    const reason = toFileError(error);
    throw new UnreadableFileError(file.shown, reason instanceof Error ? reason.message : String(reason));
  });
}

/** Runs the start script of the checkout until the window is closed. */
async function startWindow(paths: readonly string[], { distFolder, signal }: CliHost): Promise<void> {
  const checkout = join(distFolder, "..");
  const script = join(checkout, "electron", "scripts", "start.mjs");
  if (!existsSync(script)) {
    throw new Error(
      "the window is started from the Deltaflame app or from a checkout (npm start -- FILE); this command line stands alone",
    );
  }
  const child = spawn(process.execPath, [script, ...paths], { cwd: checkout, stdio: "inherit", signal });
  const code = await new Promise<number | null>((resolveExit, reject) =>
    child.on("error", reject).on("exit", resolveExit),
  );
  if (code !== 0) throw new Error(`the window ended with exit code ${code ?? "none"}`);
}
