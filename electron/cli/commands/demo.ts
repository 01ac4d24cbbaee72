import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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

export function addDemoCommand(program: Command, host: CliHost): void {
  program
    .command("demo")
    .description("Opens the bundled traces, prints what is in them and draws their timelines.")
    .option(
      "--out <folder>",
      `where the pictures go (default: ${defaultFolder}, or a temporary folder where that cannot be made)`,
    )
    .action(async ({ out }: { readonly out?: string }) => {
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
      await terminal.write(
        `${formatHeading("Timelines written to", terminal)}${written.map((path) => `${path}\n`).join("")}`,
      );
      await terminal.write(
        "\nThe same on your own trace: deltaflame info FILE, deltaflame top FILE, deltaflame open FILE\n",
      );
    });
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
