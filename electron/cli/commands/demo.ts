import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { formatDuration } from "../../../traces/model/format-units.ts";
import { toFileError } from "../../engine/files.ts";
import { encodePng } from "../picture/png.ts";
import { drawTimeline } from "../picture/draw-timeline.ts";
import { formatHeading } from "../print/table.ts";
import type { CliHost } from "../run-cli.ts";
import { withTrace, type TraceSession } from "../trace-session.ts";
import { formatKinds, formatLedger } from "./info.ts";
import { formatTop, readTop } from "./top.ts";

/** One line of `samples.json`. */
export interface SampleEntry {
  readonly id: string;
  readonly file: string;
  readonly name: string;
  readonly description: string;
}

const topRows = 5;
const defaultFolder = "deltaflame-demo";

/** Runs a command line of this program, its name left out; returns the exit code. */
export type RunCommandLine = (words: readonly string[], host: CliHost) => Promise<number>;

export function addDemoCommand(program: Command, host: CliHost, runCommandLine: RunCommandLine): void {
  program
    .command("demo")
    .description(
      "The main job once through: opens the bundled traces, runs both workloads briefly, compares, writes a report.",
    )
    .option(
      "--out <folder>",
      `where all that is written goes (default: ${defaultFolder}, or a temporary folder where that cannot be made)`,
    )
    .option("--samples-only", "only open the bundled traces and draw their timelines")
    .action(async ({ out, samplesOnly }: { readonly out?: string; readonly samplesOnly?: boolean }) => {
      const { terminal, distFolder, workingFolder } = host;
      const samplesFolder = join(distFolder, "samples");
      const folder = await makeFolder(workingFolder, out);
      const written: string[] = [];
      for (const sample of await readSampleList(samplesFolder)) {
        await terminal.write(formatHeading(`${sample.name}: ${sample.description}`, terminal));
        await withTrace(join(samplesFolder, sample.file), host, {}, async (session) => {
          await terminal.write(await describe(session, host));
          const path = join(folder, `${sample.id}.png`);
          await writeFile(path, encodePng(await drawTimeline(session, host.signal)));
          written.push(path);
        });
      }
      if (samplesOnly !== true) written.push(...(await runJobs(samplesFolder, folder, host, runCommandLine)));
      await terminal.write(`${formatHeading("Written", terminal)}${written.map((path) => `${path}\n`).join("")}`);
      await terminal.write(
        "\nThe same on your own: deltaflame info FILE, deltaflame bench list, deltaflame compare BEFORE --vs AFTER, deltaflame open FILE\n",
      );
    });
}

/** Command lines as a user would type them in `folder`; returns the files that they wrote. */
async function runJobs(
  samplesFolder: string,
  folder: string,
  host: CliHost,
  runCommandLine: RunCommandLine,
): Promise<string[]> {
  const sample = (file: string): string => join(samplesFolder, file);
  // Lists of words: folders may hold blanks.
  const jobs = [
    [
      ..."bench student --variant naive,fast --structures c6h6 --batch 1,8 --run-budget 1000".split(" "),
      ..."--trace student.dflame --json student.json".split(" "),
    ],
    "bench optimizer --points 200000 --trace optimizer.dflame --json optimizer.json".split(" "),
    // What the next job then finds measured.
    ["what-if", sample("training-before.pt.trace.json.gz"), ..."--remove DataLoader --rows 6".split(" ")],
    ["compare", sample("training-before.pt.trace.json.gz"), "--vs", sample("training-after.pt.trace.json.gz")].concat(
      "--report comparison.html".split(" "),
    ),
  ];
  const written: string[] = [];
  for (const words of jobs) {
    const shown = words.map((word) => (word.startsWith(samplesFolder) ? basename(word) : word)).join(" ");
    await host.terminal.write(formatHeading(`deltaflame ${shown}`, host.terminal));
    const exitCode = await runCommandLine(words, { ...host, workingFolder: folder });
    host.signal.throwIfAborted();
    if (exitCode !== 0) throw new Error(`"deltaflame ${shown}" ended with ${exitCode}`);
    for (const [i, word] of words.entries()) {
      const file = words[i + 1];
      if (["--trace", "--json", "--report"].includes(word) && file !== undefined) written.push(join(folder, file));
    }
  }
  return written;
}

/** A folder that the user named must work; the default gives way to a temporary one. */
async function makeFolder(workingFolder: string, out: string | undefined): Promise<string> {
  const folder = resolve(workingFolder, out ?? defaultFolder);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    const reason = toFileError(error);
    if (out !== undefined)
      throw new Error(`${out}: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: error });
    return await mkdtemp(join(tmpdir(), `${defaultFolder}-`));
  }
}

/** The traces that ship; the list lies beside them. */
export async function readSampleList(folder: string): Promise<readonly SampleEntry[]> {
  return JSON.parse(await readFile(join(folder, "samples.json"), "utf8")) as readonly SampleEntry[];
}

async function describe(session: TraceSession, host: CliHost): Promise<string> {
  const { summary } = session;
  const { terminal } = host;
  const top = await readTop(session, host, { group: "name", sort: "self", kind: [], limit: topRows });
  return [
    `${summary.formatLabel}, ${formatDuration(summary.durationNs)}\n\n`,
    formatKinds(summary, terminal),
    "\n",
    formatTop(top, terminal),
    "\n",
    formatLedger(summary, terminal),
  ].join("");
}
