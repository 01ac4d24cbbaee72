import { readFile } from "node:fs/promises";
import { isBenchReport, type BenchReport } from "../../traces/measure/bench-report.ts";
import { hasTimings, jsonFindings, reportFindings } from "../../traces/measure/integrity/inspect.ts";
import { UserFacingError } from "../../traces/model/errors.ts";
import type { BenchFile } from "../contract/bench-contract.ts";
import { readFileStamp } from "./files.ts";
import type { JobContext } from "./serve-client.ts";
import type { GrantedFile } from "./trace-store.ts";

/** Benchmark files are small; what is larger is a trace or a mistake. */
const largestBytes = 64 * 2 ** 20;

/** Reads results that were saved by a run, or a benchmark file of any make, and judges its numbers between other answers. */
export async function readBenchFile(
  { path, name }: GrantedFile,
  { runSlices }: Pick<JobContext, "runSlices">,
): Promise<BenchFile> {
  const { bytes } = await readFileStamp(path);
  if (bytes > largestBytes) throw new UserFacingError(`expected a benchmark file below 64 MiB, found ${bytes} bytes`);
  const file = parseJson(await readFile(path, "utf8"));
  const report = toReport(file);
  if (report === null && !hasTimings(file))
    throw new UserFacingError(
      'expected a report of bench --json, or JSON with times such as "mean_ms"; found none that can be judged',
    );
  return { name, report, findings: await runSlices(report === null ? jsonFindings(file) : reportFindings(report)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserFacingError(`expected JSON, found ${reason}`, { cause: error });
  }
}

/** Null for a file of another make. Throws `UserFacingError` for a report of a newer program or a damaged one. */
function toReport(file: unknown): BenchReport | null {
  if (typeof file !== "object" || file === null) return null;
  const { format, version } = file as Readonly<Record<string, unknown>>;
  if (format !== "deltaflame-bench") return null;
  if (version !== 1) throw new UserFacingError(`expected a report of version 1, found version ${String(version)}`);
  if (!isBenchReport(file))
    throw new UserFacingError("expected a report with results, found one without or with damaged ones");
  return file;
}
