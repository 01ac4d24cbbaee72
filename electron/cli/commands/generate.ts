import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import {
  generateExperiment,
  referenceSigma,
} from "../../../native-bench/workloads/streaming-optimizer/data/generate-experiment.ts";
import { sidecarPath } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { countPoints } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { fitModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import { parseCount } from "../parse-options.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";
import { UsageError } from "../usage-error.ts";

interface GenerateOptions {
  readonly points: number;
  readonly out: string;
  readonly model: string;
  readonly seed: number;
  readonly sigma: number;
  readonly dtype: "f32" | "f64";
  readonly half?: boolean;
  readonly force?: boolean;
}

export function addGenerateCommand(program: Command, host: CliHost): void {
  const generate = program.command("generate").description("Makes data to measure with.");
  generate
    .command("xpcs")
    .description("A synthetic XPCS experiment with known truth, as .npy with its description beside it.")
    .requiredOption("--points <count>", "points at least; maps are square", parseCount)
    .requiredOption("--out <file>", "where to write, ending in .npy")
    .addOption(
      new Option("--model <id>", "what the points follow").choices(fitModels.map(({ id }) => id)).default("laminar"),
    )
    .option("--seed <count>", "the same seed gives the same bytes", parseCount, 1)
    .option("--sigma <number>", "standard deviation of the noise", parseSigma, referenceSigma)
    .addOption(new Option("--dtype <type>", "type of the values").choices(["f32", "f64"]).default("f64"))
    .option("--half", "only one half of each map, as instruments that mirror it give")
    .option("--force", "replace a file that is there")
    .action(async (options: GenerateOptions) => generateXpcs(options, host));
}

async function generateXpcs(options: GenerateOptions, { terminal, signal, workingFolder }: CliHost): Promise<void> {
  const path = resolve(workingFolder, options.out);
  if (!path.endsWith(".npy")) throw new UsageError(`expected a file name that ends in .npy, found "${options.out}"`);
  if (options.force !== true && existsSync(path)) throw new UsageError(`"${options.out}" exists; --force replaces it`);
  const model = fitModels.find(({ id }) => id === options.model);
  if (model === undefined) throw new UsageError(`there is no model "${options.model}"`);
  const experiment = await generateExperiment({
    path,
    model,
    pointCount: options.points,
    seed: options.seed,
    sigma: options.sigma,
    dtype: options.dtype,
    layout: options.half === true ? "upper" : "full",
    parameters: null,
    signal,
    onProgress: (done, total) =>
      terminal.showProgress(`Writing ${basename(path)}: ${Math.floor((100 * done) / total)} %`),
  });
  terminal.showProgress("");
  const n = experiment.timeCount;
  await terminal.write(
    toOneLine(
      `${options.out}: ${formatCount(countPoints(experiment))} points, ${experiment.anglesDegrees.length} maps of ${n} × ${n}, and ${basename(sidecarPath(path))}`,
    ) + "\n",
  );
}

function parseSigma(text: string): number {
  const sigma = Number(text);
  if (!(sigma >= 0) || !Number.isFinite(sigma)) throw new UsageError(`"${text}" is not a number from 0 up`);
  return sigma;
}
