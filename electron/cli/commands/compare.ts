import { basename, resolve } from "node:path";
import { readFile, writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { ComparisonSummary, DeltaPage, DeltaRow } from "../../../traces/compare/comparison.ts";
import { usualDraws } from "../../../traces/compare/draws.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import { BenchmarkResultsError } from "../../../traces/model/errors.ts";
import type { ReportFormat } from "../../../traces/report/report.ts";
import type { CompareSide } from "../../contract/compare-contract.ts";
import type { EngineClient } from "../../contract/engine-contract.ts";
import { type CliEngine, openCliEngine } from "../cli-engine.ts";
import { formatComparison } from "../print/comparison.ts";
import { formatMeasurementComparison } from "../print/measurement-comparison.ts";
import { printPdf } from "../print/pdf.ts";
import { parseLevel, parseShare } from "../parse-options.ts";
import { checkTarget } from "../check-target.ts";
import { GateError, gateCodes } from "../gate-error.ts";
import type { CliHost } from "../run-cli.ts";
import { openTrace, UnreadableFileError, type ReadOptions } from "../trace-session.ts";
import { UsageError } from "../usage-error.ts";

interface CompareOptions extends ReadOptions {
  readonly scaling?: readonly string[];
  readonly vs: readonly string[];
  readonly gate: number;
  readonly alpha: number;
  readonly rows?: string;
  readonly items?: readonly [before: number, after: number];
  readonly claims?: string;
  readonly title: string;
  readonly json?: string;
  readonly report: readonly string[];
  readonly allowIncomparable?: boolean;
  readonly inconclusive: "fail" | "pass";
}

/** Lines of the table in the terminal. */
const shownRows = 15;
const comparison = "comparison";

const reportFormats: ReadonlyMap<string, ReportFormat | "pdf"> = new Map([
  ["html", "html"],
  ["md", "markdown"],
  ["json", "json"],
  ["xml", "junit"],
  ["pdf", "pdf"],
]);

export function addCompareCommand(program: Command, host: CliHost): void {
  program
    .command("compare")
    .description("What changed between two sides of traces, and whether it is real. Several files a side are runs.")
    .argument("<before...>", "traces before the change")
    .option("--vs <after...>", "traces after the change")
    .option("--gate <change>", "smallest change that matters, as 5% or 0.05", parseShare, 0.05)
    .option("--alpha <level>", "level of the tests", parseLevel, 0.05)
    .option("--rows <text>", "rows whose names hold this text decide as well")
    .option("--items <count[,count]>", "items of a step, before and after", parseItems)
    .option("--claims <file>", "claims ledger (YAML) to check")
    .option("--scaling <files...>", "two files of benchmark results, before and after, for the report's scaling curves")
    .option("--title <text>", "title of the report", "Comparison")
    .option("--json <file>", "write everything as JSON")
    .option(
      "--report <file>",
      "write a report: .html, .pdf, .md, .xml (JUnit) or .json; may be given more than once",
      collect,
      [],
    )
    .option("--allow-incomparable", "judge even what is not comparable")
    .addOption(
      new Option("--inconclusive <what>", "whether an open verdict fails").choices(["fail", "pass"]).default("fail"),
    )
    .option("--allow-large-inflate", "go on where a compressed file grows so much that it looks like a trap")
    .action(
      async (before: readonly string[], given: Omit<CompareOptions, "vs"> & { readonly vs?: readonly string[] }) => {
        const { vs } = given;
        if (vs === undefined) {
          const [first = "BEFORE", second = "AFTER"] = before;
          throw new UsageError(
            `which files are after the change? deltaflame compare ${quote(first)} --vs ${quote(second)}`,
          );
        }
        const options = { ...given, vs };
        const formats = options.report.map((path) => ({ path, format: formatOf(path) }));
        const outputs =
          options.json === undefined ? formats : [...formats, { path: options.json, format: "json" } as const];
        for (const { path } of formats) await checkTarget("--report", path, host.workingFolder);
        if (options.json !== undefined) await checkTarget("--json", options.json, host.workingFolder);
        const code = await compareFiles(before, options, outputs, host).catch((error: unknown) => {
          if (!isResults(error)) throw error;
          return compareResults(before, options, outputs, host);
        });
        if (code !== gateCodes.passed) throw new GateError(code);
      },
    );
}

/** Tokens of the result files for scaling curves. */
function grantScaling(
  { grant }: Pick<CliEngine, "grant">,
  { scaling: files }: CompareOptions,
  host: CliHost,
): { readonly before: string; readonly after: string } | null {
  if (files === undefined) return null;
  const [before, after] = files;
  if (before === undefined || after === undefined || files.length > 2)
    throw new UsageError(`--scaling: expected two files, before and after, found ${files.length}`);
  grant("scaling before", { path: resolve(host.workingFolder, before), name: basename(before) });
  grant("scaling after", { path: resolve(host.workingFolder, after), name: basename(after) });
  return { before: "scaling before", after: "scaling after" };
}

interface Output {
  readonly path: string;
  readonly format: ReportFormat | "pdf";
}

async function compareFiles(
  before: readonly string[],
  options: CompareOptions,
  outputs: readonly Output[],
  host: CliHost,
): Promise<number> {
  const engine = openCliEngine(host);
  try {
    const [left, right] = await openSides(engine, before, options, host);
    const { client } = engine;
    const summary = await client.call(
      "compare.start",
      {
        comparison,
        before: left,
        after: right,
        options: {
          tolerance: options.gate,
          alpha: options.alpha,
          resamples: usualDraws,
          allowIncomparable: options.allowIncomparable ?? false,
        },
      },
      { signal: host.signal },
    );
    const rows = await askRows(client, host, "", shownRows);
    await host.terminal.write(formatComparison(summary, rows, host.terminal));
    const gated = options.rows === undefined ? [] : await findGatedRows(client, options.rows, host);
    const { claims, accuracyFails } = await readClaims(options, client, host);
    const commandLine = writeCommandLine(before, options);
    const scaling = grantScaling(engine, options, host);
    await writeOutputs(outputs, host, async (format) => {
      const look = { format, title: options.title, commandLine, version: host.version, hiddenSections: [] };
      const request = { comparison, claims, scaling, ...look };
      return (await client.call("report.render", request, { signal: host.signal })).text;
    });
    return decide(summary, gated, accuracyFails, options);
  } finally {
    host.terminal.showProgress("");
    await engine.close();
  }
}

/** What decides about benchmark results. */
export type ResultOptions = Pick<
  CompareOptions,
  "vs" | "gate" | "alpha" | "rows" | "allowIncomparable" | "inconclusive"
> &
  Partial<Pick<CompareOptions, "title">>;

/** The same for files of benchmark results. */
async function compareResults(
  before: readonly string[],
  options: ResultOptions,
  outputs: readonly Output[],
  host: CliHost,
): Promise<number> {
  const { client, grant, close } = openCliEngine(host);
  const grantAll = (side: string, files: readonly string[]): readonly string[] =>
    files.map((file, index) => {
      const token = `${side} ${index}`;
      grant(token, { path: resolve(host.workingFolder, file), name: basename(file) });
      return token;
    });
  try {
    const sides = {
      before: grantAll("before", before),
      after: grantAll("after", options.vs),
      options: {
        tolerance: options.gate,
        alpha: options.alpha,
        resamples: usualDraws,
        allowIncomparable: options.allowIncomparable ?? false,
      },
      corrections: [],
    };
    const result = await client.call("compare.measurements", sides, { signal: host.signal });
    await host.terminal.write(formatMeasurementComparison(result, host.terminal));
    const commandLine = writeCommandLine(before, options);
    await writeOutputs(outputs, host, async (format) => {
      const look = { format, title: options.title ?? "Comparison", commandLine, version: host.version };
      const request = { ...sides, ...look, hiddenSections: [] };
      return (await client.call("report.results", request, { signal: host.signal })).text;
    });
    return decideResults(result, options);
  } finally {
    await close();
  }
}

/** Any regression fails; without one measurement that could be decided there is no verdict. */
export function decideResults({ rows }: MeasurementComparison, { rows: text, inconclusive }: ResultOptions): number {
  const gated = rows.filter(({ name }) => text === undefined || name.toLowerCase().includes(text.toLowerCase()));
  if (gated.length === 0 && text !== undefined)
    throw new UsageError(`--rows: no measurement has "${text}" in its name`);
  if (gated.some(({ verdict }) => verdict === "regressed")) return gateCodes.regressed;
  const isOpen = gated.every(({ verdict }) => verdict === "inconclusive");
  return isOpen && inconclusive === "fail" ? gateCodes.undecided : gateCodes.passed;
}

/** Holds benchmark results where a trace was looked for. */
function isResults(error: unknown): error is UnreadableFileError {
  return error instanceof UnreadableFileError && error.cause instanceof BenchmarkResultsError;
}

/** Both sides, each file read in a thread of its own. Throws what is wrong with them, results last: those have a way of their own. */
async function openSides(
  engine: CliEngine,
  before: readonly string[],
  options: CompareOptions,
  host: CliHost,
): Promise<readonly [CompareSide, CompareSide]> {
  const [left, right] = await Promise.allSettled([
    openSide(engine, "before", before, options, host),
    openSide(engine, "after", options.vs, options, host),
  ]);
  if (left.status === "fulfilled" && right.status === "fulfilled") return [left.value, right.value];
  const faults: readonly unknown[] = [left, right].flatMap((side) => (side.status === "rejected" ? [side.reason] : []));
  const fault = faults.find((each) => !isResults(each)) ?? faults[0];
  if (faults.length === 1 && isResults(fault))
    throw new UnreadableFileError(
      fault.file,
      "holds benchmark results, and the other side is a trace: compare traces with traces, results with results",
    );
  throw fault;
}

async function openSide(
  engine: CliEngine,
  side: "before" | "after",
  files: readonly string[],
  options: CompareOptions,
  host: CliHost,
): Promise<CompareSide> {
  const traces: { trace: string }[] = [];
  for (const [index, file] of files.entries()) {
    const trace = `${side} ${index}`;
    await openTrace(engine, { trace, file, options }, host);
    traces.push({ trace });
  }
  const itemsPerStep = options.items?.[side === "before" ? 0 : 1] ?? null;
  return { label: "", traces, itemsPerStep };
}

function askRows(client: EngineClient, { signal }: CliHost, search: string, count: number): Promise<DeltaPage> {
  return client.call(
    "compare.rows",
    {
      comparison,
      metric: "self",
      per: "step",
      sort: "absDelta",
      descending: true,
      search,
      significantOnly: false,
      minDeltaNs: 0,
      first: 0,
      count,
    },
    { signal },
  );
}

/** Rows that decide beside the step. A text that no row has would be a gate that cannot fail. */
async function findGatedRows(client: EngineClient, text: string, host: CliHost): Promise<readonly DeltaRow[]> {
  const page = await askRows(client, host, text, 5000);
  if (page.rowCount === 0) throw new UsageError(`--rows: no row has "${text}" in its name`);
  return page.rows;
}

async function readClaims(
  { claims: file }: CompareOptions,
  client: EngineClient,
  { workingFolder, signal }: CliHost,
): Promise<{ readonly claims: string | null; readonly accuracyFails: boolean }> {
  if (file === undefined) return { claims: null, accuracyFails: false };
  const claims = await readFile(resolve(workingFolder, file), "utf8").catch((cause: unknown) => {
    throw new UnreadableFileError(file, "cannot be read", { cause });
  });
  const checked = await client.call("claims.check", { comparison, claims }, { signal });
  return { claims, accuracyFails: checked.accuracy.some(({ passes }) => !passes) };
}

async function writeOutputs(
  outputs: readonly Output[],
  host: CliHost,
  render: (format: ReportFormat) => Promise<string>,
): Promise<void> {
  for (const { path, format } of outputs) {
    const text = await render(format === "pdf" ? "html" : format);
    const target = resolve(host.workingFolder, path);
    if (format === "pdf") await printPdf(text, target, host);
    else await writeFile(target, text);
    await host.terminal.write(`Wrote ${basename(path)}\n`);
  }
}

/** The command that gives these numbers, with names of files only: a report leaves the machine. */
function writeCommandLine(
  before: readonly string[],
  options: ResultOptions & Partial<Pick<CompareOptions, "items" | "claims" | "scaling">>,
): string {
  const { vs, gate, alpha, items, rows, claims, scaling, allowIncomparable } = options;
  return [
    "deltaflame",
    "compare",
    ...before.map((file) => basename(file)),
    "--vs",
    ...vs.map((file) => basename(file)),
    "--gate",
    `${gate}`,
    "--alpha",
    `${alpha}`,
    ...(items === undefined ? [] : ["--items", items.join(",")]),
    ...(rows === undefined ? [] : ["--rows", rows]),
    ...(claims === undefined ? [] : ["--claims", basename(claims)]),
    ...(scaling === undefined ? [] : ["--scaling", ...scaling.map((file) => basename(file))]),
    ...(allowIncomparable === true ? ["--allow-incomparable"] : []),
  ]
    .map(quote)
    .join(" ");
}

function quote(word: string): string {
  return /^[\w./:=%@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A regression of the step, a gated row or the accuracy decides first; then what could not be decided. */
function decide(
  { headline }: ComparisonSummary,
  rows: readonly DeltaRow[],
  accuracyFails: boolean,
  { inconclusive }: CompareOptions,
): number {
  const verdicts = rows.map(({ estimate }) => estimate?.verdict ?? null);
  if (accuracyFails || headline.estimate?.verdict === "regressed" || verdicts.includes("regressed"))
    return gateCodes.regressed;
  if (headline.estimate === null) return gateCodes.undecided;
  return headline.estimate.verdict === "inconclusive" && inconclusive === "fail"
    ? gateCodes.undecided
    : gateCodes.passed;
}

function formatOf(path: string): Output["format"] {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = reportFormats.get(ending);
  if (format === undefined)
    throw new UsageError(`--report ${path}: expected an ending of ${[...reportFormats.keys()].join(", ")}`);
  return format;
}

function parseItems(text: string): readonly [number, number] {
  const counts = text.split(",").map(Number);
  const [before = Number.NaN, after = before] = counts;
  if (counts.length > 2 || !(before > 0) || !(after > 0))
    throw new UsageError(`--items: expected one or two counts, found "${text}"`);
  return [before, after];
}

function collect(text: string, known: readonly string[]): readonly string[] {
  return [...known, text];
}
