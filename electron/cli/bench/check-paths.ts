import { extname } from "node:path";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { RunPlan } from "../../../native-bench/plan/run-plan.ts";
import type { ExportFormat } from "../../contract/engine-contract.ts";
import { checkTarget, kindOfPath } from "../check-target.ts";
import { UsageError } from "../usage-error.ts";
import type { FlagValues } from "./option-flags.ts";

/**
 * Looks before a run, which may take minutes, for what would fail it or lose its results: files that are read must be
 * there, and folders that are written into. Throws `UsageError` with the flag.
 */
export async function checkPaths(
  { options }: RunPlan,
  workload: WorkloadFacts,
  flags: FlagValues,
  workingFolder: string,
): Promise<void> {
  for (const [id, option] of Object.entries(workload.options)) {
    // Without endings it is a folder that the run makes.
    if (option.kind !== "file" || option.extensions.length === 0) continue;
    for (const path of options[id] ?? []) {
      if (typeof path !== "string") continue;
      const kind = await kindOfPath(path, workingFolder);
      if (kind !== "file") throw new UsageError(`${path} is ${kind === null ? "not there" : "a folder"}`);
    }
  }
  for (const name of ["json", "trace"]) {
    const path = flags[name];
    if (typeof path !== "string" || path === "-") continue;
    await checkTarget(`--${name}`, path, workingFolder);
  }
}

/** The ending of `--trace` tells the format; throws `UsageError` with the endings there are. */
export function checkEnding(file: string, formats: readonly ExportFormat[]): void {
  const endings = formats.filter(({ takes }) => takes !== "launches").map(({ extension }) => `.${extension}`);
  if (endings.includes(extname(file).toLowerCase())) return;
  throw new UsageError(`--trace ${file}: its ending tells the format, one of ${endings.join(", ")}`);
}
