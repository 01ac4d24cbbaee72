import { setImmediate } from "node:timers/promises";

/** Where a command writes. Tests and the process differ here only. */
export interface Terminal {
  /** Resolves when the reader has taken enough of it; throws `OutputClosedError` after the reader went away. */
  write(text: string): Promise<void>;
  /** One line for people, beside the output. */
  writeError(text: string): void;
  /** Replaces the progress line; "" removes it. Shown to people only, never in a pipe or file. */
  showProgress(text: string): void;
  /** Characters a line may have; null where nobody looks at a screen. */
  readonly columns: number | null;
  readonly color: boolean;
}

/** The reader of the output went away (`| head`): a reason to stop, not a fault. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

type Streams = Pick<NodeJS.Process, "stdout" | "stderr" | "env">;

export function createProcessTerminal({ stdout, stderr, env }: Streams): Terminal {
  let closed = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
    stdout.emit("drain");
  });
  let progressShown = false;
  const showProgress = (text: string): void => {
    if (!stderr.isTTY || (text === "" && !progressShown)) return;
    progressShown = text !== "";
    stderr.write(`\r\x1b[2K${text}`);
  };
  return {
    async write(text) {
      if (closed) throw new OutputClosedError("the output is closed");
      if (!stdout.write(text)) await new Promise<void>((resolve) => stdout.once("drain", resolve));
      // Output to files and pipes is written at once, and an engine in this thread answers in microtasks: without a
      // turn of the event loop Ctrl+C would be heard at the end only.
      await setImmediate();
      if (closed) throw new OutputClosedError("the output is closed");
    },
    writeError(text) {
      showProgress("");
      stderr.write(`${text}\n`);
    },
    showProgress,
    columns: stdout.isTTY ? (stdout.columns ?? 80) : null,
    color: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
  };
}
