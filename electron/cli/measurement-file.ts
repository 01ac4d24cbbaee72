import { basename, resolve } from "node:path";
import type { MeasurementSet } from "../../traces/measure/measurement.ts";
import { TraceFormatError } from "../../traces/model/errors.ts";
import { readFileStamp } from "../engine/files.ts";
import { openCliEngine } from "./cli-engine.ts";
import type { CliHost } from "./run-cli.ts";
import { UnreadableFileError } from "./trace-session.ts";

/** Reads a file of benchmark results; throws `UnreadableFileError` for one that cannot be read. */
export async function readMeasurementFile(
  file: string,
  host: CliHost,
): Promise<{ readonly set: MeasurementSet; readonly fileBytes: number }> {
  const { client, grant, close } = openCliEngine(host);
  try {
    const path = resolve(host.workingFolder, file);
    grant("file", { path, name: basename(file) });
    const set = await client.call("measurements.read", { file: "file" }, { signal: host.signal });
    const { bytes } = await readFileStamp(path);
    return { set, fileBytes: bytes };
  } catch (error) {
    if (error instanceof TraceFormatError) throw new UnreadableFileError(file, error.message, { cause: error });
    throw error;
  } finally {
    await close();
  }
}
