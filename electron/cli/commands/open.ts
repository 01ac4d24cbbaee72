import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { readFileStamp, toFileError } from "../../engine/files.ts";
import type { CliHost } from "../run-cli.ts";
import { UnreadableFileError } from "../trace-session.ts";

export function addOpenCommand(program: Command, host: CliHost): void {
  program
    .command("open")
    .description("Opens trace files in the window.")
    .argument("<files...>", "trace files, plain or gzip; or profile folders")
    .action(async (files: readonly string[]) => {
      const paths = files.map((file) => resolve(host.workingFolder, file));
      for (const [index, file] of files.entries()) {
        await readFileStamp(paths[index] ?? file).catch((error: unknown) => {
          const reason = toFileError(error);
          throw new UnreadableFileError(file, reason instanceof Error ? reason.message : String(reason));
        });
      }
      await startWindow(paths, host);
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
