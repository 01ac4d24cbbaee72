import { resolve } from "node:path";
import { CancelledError } from "../../../traces/model/errors.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import type { IntegrityFinding } from "../../../traces/measure/integrity/finding.ts";
import type { CliEngine } from "../cli-engine.ts";
import { exitCodes } from "../exit-codes.ts";
import { GateError } from "../gate-error.ts";
import { formatFindings } from "../print/findings-text.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";

/** `bench check`: judges every file, tells of each that cannot be, and ends with the worst exit code of all. */
export async function checkFiles(engine: CliEngine, files: readonly string[], host: CliHost): Promise<void> {
  const { terminal, signal } = host;
  let invalid = 0;
  let unreadable = 0;
  for (const file of files) {
    if (signal.aborted) throw new CancelledError();
    const findings = await readFindings(engine, file, host);
    if (findings === null) unreadable++;
    else {
      invalid += findings.filter(({ severity }) => severity === "invalid").length;
      const text = findings.length === 0 ? "nothing found\n" : formatFindings(findings);
      await terminal.write(`${toOneLine(file)}\n${text}\n`);
    }
  }
  if (invalid > 0) terminal.writeError(`deltaflame: ${formatCounted(invalid, "number")} must not be used`);
  if (unreadable > 0) throw new GateError(exitCodes.unreadable);
  if (invalid > 0) throw new GateError(exitCodes.failed);
}

/** Null for a file that cannot be judged, which is told at once. */
async function readFindings(
  engine: CliEngine,
  file: string,
  { terminal, workingFolder }: CliHost,
): Promise<readonly IntegrityFinding[] | null> {
  engine.grant(file, { path: resolve(workingFolder, file), name: file });
  try {
    return (await engine.client.call("bench.read", { file })).findings;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.writeError(`deltaflame: ${toOneLine(`${file}: ${reason}`)}`);
    return null;
  }
}
