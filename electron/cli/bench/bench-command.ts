import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { defaultProtocol, findPlanFault, type Protocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { toReportText } from "../../../native-bench/plan/report-text.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import { formatBytes, formatCounted, formatNumber } from "../../../traces/model/format-units.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import type { RunOutcome } from "../../contract/bench-contract.ts";
import { exportTrace } from "../commands/export.ts";
import { openCliEngine, type CliEngine } from "../cli-engine.ts";
import { formatFindings } from "../print/findings-text.ts";
import { parseCount } from "../parse-options.ts";
import { refuseWrite } from "../../engine/write-file.ts";
import type { CliHost } from "../run-cli.ts";
import { UsageError } from "../usage-error.ts";
import {
  addOptionFlags,
  describeWorkload,
  completeBackend,
  parseOptionFlags,
  parseWords,
  type FlagValues,
} from "./option-flags.ts";
import { checkFiles } from "./check-files.ts";
import { checkEnding, checkPaths } from "./check-paths.ts";
import { createBenchProgress } from "./progress.ts";
import { formatCase } from "./case-ratio.ts";
import { formatEnvironment, formatResults } from "./results-table.ts";

/** `bench <workload>` for every workload, its flags made from its options; `bench list` tells what there is. */
export function addBenchCommand(program: Command, host: CliHost): void {
  const bench = program.command("bench").description("Runs a workload, measures it and tells where its time goes.");
  for (const workload of host.createRuns().catalog) addWorkloadCommand(bench, workload, host);
  bench
    .command("check")
    .argument("<files...>", "benchmark files: saved by bench, or JSON of any make with means in ms")
    .description(
      "Looks for numbers that do not measure what they say. Exit code 1 when one must not be used, 3 when a file cannot be judged.",
    )
    .action((files: readonly string[]) => withEngine(host, (engine) => checkFiles(engine, files, host)));
  bench
    .command("kept")
    .option("--clear", "remove all of it")
    .description("Fits that were stopped and can go on, and how much disk is kept for later runs.")
    .action((flags: FlagValues) => withEngine(host, (engine) => printKept(engine, flags["clear"] === true, host)));
  bench
    .command("list")
    .description("What can be run, and on what.")
    .action(() => withEngine(host, (engine) => printCatalog(engine, host)));
}

function addWorkloadCommand(bench: Command, workload: WorkloadFacts, host: CliHost): void {
  const command = bench
    .command(workload.id)
    .description(workload.description)
    .option("--variant <list>", `what to compare: ${workload.variants.map(({ id }) => id).join(", ")}`)
    .option("--backend <list>", `where to run: ${workload.backends.join(", ")}`)
    .option("--engine <list>", "the same as --backend");
  if (groupsOf(workload).length > 0)
    command.option("--case <id>", `all sides of one before/after case: ${groupsOf(workload).join(", ")}`);
  addOptionFlags(command, workload);
  command
    .option("--samples <count>", "samples of a configuration at most", parseCount)
    .option("--least-samples <count>", "samples of a configuration at least", parseCount)
    .option(
      "--run-budget <ms>",
      "time of a configuration at most, within one sample and warm-up excluded; goes before --least-samples",
      parseCount,
    )
    .option("--run-warmup <ms>", "steps before the first sample, at least this long", parseCount)
    .option("--run-seed <number>", "of inputs and order", parseCount)
    .option("--no-spans", "record no spans")
    .option("--trace <file>", "write the spans of the run; the ending tells the format, as in export")
    .option("--json <file>", "write the report as JSON, - for the standard output")
    .action((flags: FlagValues) => withEngine(host, (engine) => runWorkload(engine, workload, flags, host)));
}

async function withEngine(host: CliHost, use: (engine: CliEngine) => Promise<void>): Promise<void> {
  const engine = openCliEngine(host);
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
}

async function printCatalog({ client }: CliEngine, { terminal }: CliHost): Promise<void> {
  const [catalog, backends] = await Promise.all([
    client.call("bench.catalog", null),
    client.call("bench.backends", null),
  ]);
  for (const workload of catalog) await terminal.write(`${describeWorkload(workload, backends).join("\n")}\n\n`);
}

async function printKept({ client }: CliEngine, clear: boolean, { terminal }: CliHost): Promise<void> {
  if (clear) await client.call("kept.clear", null);
  const { fits, bytes } = await client.call("kept.list", null);
  for (const { title, savedMs, passes, iteration, cost } of fits) {
    const place =
      iteration === null ? "before phase 2" : `iteration ${iteration}, cost ${formatNumber(cost ?? Number.NaN)}`;
    await terminal.write(
      `${title}: ${place}, ${formatCounted(passes, "pass", "passes")}, saved ${new Date(savedMs).toISOString()}\n`,
    );
  }
  await terminal.write(`${formatCounted(fits.length, "stopped fit")}, ${formatBytes(bytes)} kept\n`);
}

async function runWorkload(
  engine: CliEngine,
  workload: WorkloadFacts,
  flags: FlagValues,
  host: CliHost,
): Promise<void> {
  const { terminal } = host;
  const wanted = toPlan(workload, flags);
  await checkPaths(wanted, workload, flags, host.workingFolder);
  const plan = grantFiles(wanted, workload, engine, host);
  const { json, trace: traceFile } = flags;
  if (typeof traceFile === "string" && !plan.protocol.record)
    throw new UsageError("--trace needs spans; drop --no-spans");
  const trace = typeof traceFile === "string" ? "trace" : null;
  if (typeof traceFile === "string") checkEnding(traceFile, await engine.client.call("export.formats", null));
  const { report, findings } = await measure(engine, plan, trace, host);
  // First what was measured: a file that cannot be written must not take it away.
  if (json !== "-") {
    await terminal.write(formatResults(report, workload, terminal));
    if (typeof flags["case"] === "string") await terminal.write(formatCase(report, workload));
    await terminal.write(formatEnvironment(report, terminal));
    if (findings.length > 0) await terminal.write(`\n${formatFindings(findings)}`);
  }
  if (typeof json === "string") await writeReport(report, workload, json, host);
  if (trace !== null) await writeTrace(engine, trace, String(traceFile), host);
  if (host.signal.aborted) throw new CancelledError();
  if (report.results.every(({ medianMs }) => medianMs === null))
    throw new Error("nothing was measured; the reasons are above");
}

/** The first Ctrl+C ends the run early; what was measured by then is written all the same. */
async function measure(
  { client }: CliEngine,
  plan: RunPlan,
  trace: string | null,
  { terminal, signal }: CliHost,
): Promise<RunOutcome> {
  const stop = (): void => void client.call("bench.stop", { run });
  signal.addEventListener("abort", stop, { once: true });
  const progress = createBenchProgress((text) => terminal.showProgress(text));
  const stopListening = client.on("bench.progressed", ({ updates }) => progress.take(updates));
  try {
    return await client.call("bench.start", { run, trace, name: plan.workload, plan });
  } finally {
    stopListening();
    signal.removeEventListener("abort", stop);
    terminal.showProgress("");
  }
}

const run = "run";

function toPlan(workload: WorkloadFacts, flags: FlagValues): RunPlan {
  const variants = chooseCase(workload, flags["case"]) ?? parseWords(flags["variant"]) ?? workload.defaultVariants;
  const plan: RunPlan = {
    workload: workload.id,
    variants,
    backends:
      parseWords(flags["engine"] ?? flags["backend"])?.map((word) => completeBackend(word, workload.backends)) ??
      workload.backends.slice(0, 1),
    options: parseOptionFlags(flags, workload),
    protocol: toProtocol(defaultProtocol(workload, variants), flags),
  };
  const fault = findPlanFault(plan, workload);
  if (fault !== null) throw new UsageError(fault);
  return plan;
}

const groupsOf = ({ variants }: WorkloadFacts): readonly string[] => [
  ...new Set(variants.flatMap(({ group }) => (group === undefined ? [] : [group]))),
];

/** The variants of the group that `--case` names; null without it. */
function chooseCase(workload: WorkloadFacts, id: FlagValues[string]): readonly string[] | null {
  if (typeof id !== "string") return null;
  const sides = workload.variants.filter(({ group }) => group === id);
  if (sides.length === 0) throw new UsageError(`there is no case "${id}"; cases are ${groupsOf(workload).join(", ")}`);
  return sides.map((side) => side.id);
}

function toProtocol(standard: Protocol, flags: FlagValues): Protocol {
  const numberOf = (name: string): number | null => (flags[name] === undefined ? null : Number(flags[name]));
  const [most, least] = [numberOf("samples"), numberOf("leastSamples")];
  const budget = numberOf("runBudget");
  if (most !== null && least !== null && least > most)
    throw new UsageError(`--least-samples ${least} is more than --samples ${most}`);
  const maxSamples = most ?? Math.max(standard.maxSamples, least ?? 0);
  return {
    ...standard,
    maxSamples,
    minSamples: Math.min(maxSamples, least ?? standard.minSamples),
    maxMs: budget ?? standard.maxMs,
    leastBeforeBudget: budget === null && (least !== null || standard.leastBeforeBudget),
    warmupMs: numberOf("runWarmup") ?? standard.warmupMs,
    seed: numberOf("runSeed") ?? standard.seed,
    record: flags["spans"] !== false,
  };
}

/** The engine takes files by token; here the path as the user wrote it is the token. */
function grantFiles(plan: RunPlan, { options }: WorkloadFacts, engine: CliEngine, host: CliHost): RunPlan {
  for (const [id, values] of Object.entries(plan.options)) {
    if (options[id]?.kind !== "file") continue;
    for (const file of values) {
      if (typeof file === "string") engine.grant(file, { path: resolve(host.workingFolder, file), name: file });
    }
  }
  return plan;
}

async function writeTrace(
  { client: engine, grantTarget }: CliEngine,
  trace: string,
  out: string,
  host: CliHost,
): Promise<void> {
  const line = await exportTrace(
    { engine, trace, summary: { launchCount: 0 }, grantTarget },
    resolve(host.workingFolder, out),
    { out, arguments: true },
    host,
  );
  host.terminal.writeError(line);
}

async function writeReport(report: BenchReport, workload: WorkloadFacts, file: string, host: CliHost): Promise<void> {
  const text = toReportText(report, workload);
  if (file === "-") await host.terminal.write(text);
  else await writeFile(resolve(host.workingFolder, file), text).catch(refuseWrite);
}
