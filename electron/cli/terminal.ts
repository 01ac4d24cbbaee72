import { setImmediate } from "node:timers/promises";

/** Where a command writes. Tests and the process differ here only. */
export interface Terminal {
  /**
   * Resolves when the reader has taken enough of it. After the reader went away (`| head`) nothing is written any more,
   * and the command goes on: it may have files to write, and a verdict.
   */
  write(text: string): Promise<void>;
  /** The same for what is made only to be written: throws `OutputClosedError` after the reader went away. */
  stream(text: string): Promise<void>;
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
  const endsWithReader = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE") throw error;
  };
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    endsWithReader(error);
    closed = true;
    stdout.emit("drain");
  });
  // Nobody is left to be told (`2>&1 | head`), and that is no reason to end.
  stderr.on("error", endsWithReader);
  let progressShown = false;
  const showProgress = (text: string): void => {
    if (!stderr.isTTY || (text === "" && !progressShown)) return;
    progressShown = text !== "";
    stderr.write(`\r\x1b[2K${text}`);
  };
  const write = async (text: string): Promise<void> => {
    if (closed) return;
    if (!stdout.write(text)) await new Promise<void>((resolve) => stdout.once("drain", resolve));
    // Output to files and pipes is written at once, and an engine in this thread answers in microtasks: without a
    // turn of the event loop Ctrl+C would be heard at the end only.
    await setImmediate();
  };
  return {
    write,
    async stream(text) {
      await write(text);
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
