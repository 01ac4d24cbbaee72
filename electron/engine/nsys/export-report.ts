import { type ChildProcess, spawn } from "node:child_process";
import { rename, rm, stat } from "node:fs/promises";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";

const lookMs = 250;
/** What nsys says at the end is shown when it fails. */
const keptOutputChars = 500;

export interface ExportJob {
  readonly reportPath: string;
  /** Where the database goes; must not be there yet. */
  readonly databasePath: string;
  readonly signal: AbortSignal;
  /** Size of the database so far: nsys tells nothing of its progress. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Lets the user's nsys make a database of a report. The database has another name until it is whole; nothing of it is
 * left when the export fails or is cancelled.
 */
export async function exportReport({ reportPath, databasePath, signal, onBytes }: ExportJob): Promise<void> {
  if (signal.aborted) throw new CancelledError();
  const partPath = databasePath.replace(/\.sqlite$/, ".part.sqlite");
  const nsys = spawn(
    "nsys",
    ["export", "--type", "sqlite", "--force-overwrite", "true", "--output", partPath, reportPath],
    {
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    },
  );
  const stop = (): void => void nsys.kill();
  signal.addEventListener("abort", stop, { once: true });
  const timer = setInterval(() => {
    void stat(partPath).then(
      ({ size }) => onBytes(size),
      // Not there yet.
      () => undefined,
    );
  }, lookMs);
  try {
    const { code, output } = await endOf(nsys);
    if (signal.aborted) throw new CancelledError();
    if (code !== 0)
      throw new UserFacingError(`nsys ended with code ${code}: ${withoutPaths(output) || "it said nothing"}`);
    await rename(partPath, databasePath).catch((error: unknown) => {
      throw new UserFacingError("nsys ended without making a database", { cause: error });
    });
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    await rm(partPath, { force: true });
  }
}

function endOf(nsys: ChildProcess): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = "";
  const keep = (text: string): void => void (output = (output + text).slice(-keptOutputChars));
  nsys.stdout?.setEncoding("utf8").on("data", keep);
  nsys.stderr?.setEncoding("utf8").on("data", keep);
  return new Promise((resolve, reject) => {
    nsys.on("error", (error) => reject(new UserFacingError("nsys cannot be started", { cause: error })));
    nsys.on("close", (code) => resolve({ code, output: output.trim() }));
  });
}

/** Messages show names of files, not their folders. */
function withoutPaths(text: string): string {
  return text.replace(/(?:[A-Za-z]:)?(?:[\\/][^\s'"\\/]+)+(?=[\\/])/g, "…");
}
