import { spawn } from "node:child_process";
import { constants } from "node:os";

export interface CommandResult {
  /** As a shell tells it: 128 and the number of the signal that ended the process. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Closes the output after this many bytes, as `head` does. */
  readonly closeAfterBytes?: number;
  /** Sent when the first output comes; the rest waits in the pipe. */
  readonly signalOnOutput?: NodeJS.Signals;
  /** Sent when the promise comes. */
  readonly signalWhen?: Promise<NodeJS.Signals>;
}

/** Runs the built command line in a process of its own. */
export function runCommand(
  cli: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { closeAfterBytes = Infinity } = options;
  const child = spawn(process.execPath, [cli, ...words], {
    cwd: options.cwd ?? process.cwd(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  void options.signalWhen?.then((signal) => child.kill(signal));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => {
    if (stdout === "" && options.signalOnOutput !== undefined) child.kill(options.signalOnOutput);
    stdout += bytes.toString();
    if (stdout.length > closeAfterBytes) child.stdout.destroy();
  });
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ exitCode: code ?? (signal === null ? -1 : 128 + constants.signals[signal]), stdout, stderr }),
    );
  });
}
