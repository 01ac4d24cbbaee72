import type { ByteSource } from "../../io/byte-source.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { Dimensions } from "../../model/launch-table.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { CsvRecords } from "./csv-records.ts";
import { describeLaunches } from "./describe-launches.ts";
import { LaunchCollector } from "./launch-collector.ts";
import { isNumberLike, type NumberStyle, NumberStyleVotes, parseLocaleNumber } from "./locale-numbers.ts";
import { toBaseUnit } from "./units.ts";

/** First columns of both pages. */
export const csvHead = '"ID","Process ID"';

const chunkBytes = 2 ** 20;
/** The head line follows the program's own output, which has no end of its own. */
const largestPreambleChars = 16 * 2 ** 20;

/** Columns that say which kernel a row is about; host, process and stream are not read. */
const identityColumns: ReadonlySet<string> = new Set([
  "ID",
  "Process ID",
  "Process Name",
  "Host Name",
  "Kernel Name",
  "Kernel Time",
  "Context",
  "Stream",
  "Block Size",
  "Grid Size",
  "Device",
  "CC",
]);

/** Reads what `ncu --csv` prints; see the mapping in `formats/nsight-compute-csv.ts`. */
export async function readNcuCsv(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const page = new CsvPage();
  const records = new CsvRecords((fields, isCut) => page.add(fields, isCut));
  const buffer = new Uint8Array(chunkBytes);
  const decoder = new TextDecoder();
  let preamble: string | null = "";
  for (let count = await source.fill(buffer); count > 0; count = await source.fill(buffer)) {
    context.throwIfCancelled();
    context.reportProgress(source.storedRead, () => ({ ...labelsOf(context), facts: [] }));
    const text = decoder.decode(buffer.subarray(0, count), { stream: true });
    if (preamble === null) records.push(text);
    else {
      preamble += text;
      const start = findHead(preamble);
      if (start >= 0) {
        records.push(preamble.slice(start));
        preamble = null;
      } else if (preamble.length > largestPreambleChars) break;
    }
  }
  records.end();
  if (preamble !== null)
    throw new TraceFormatError(`expected a line that starts with ${csvHead}, found none`, { byteOffset: 0 });
  const collector = new LaunchCollector();
  page.collect(collector, builder);
  builder.setLaunches(collector.toTable());
  return describeLaunches(collector, labelsOf(context));
}

const labelsOf = ({ fileName }: ImportContext) => ({
  name: fileName,
  fileName,
  format: "nsight-compute-csv",
  formatLabel: "Nsight Compute table (CSV)",
});

/** Where the line of column names starts; -1 when it is not there (yet). */
export function findHead(text: string): number {
  if (text.startsWith(csvHead)) return 0;
  const found = text.indexOf(`\n${csvHead}`);
  if (found >= 0) return found + 1;
  return text.startsWith(`\uFEFF${csvHead}`) ? 1 : -1;
}

interface MetricCell {
  readonly launch: number;
  readonly id: string;
  readonly section: string;
  readonly unit: string;
  readonly text: string;
}

/** All rows of a page: how its numbers are written is known at the end only. */
class CsvPage {
  #columns: readonly string[] | null = null;
  #rows: (readonly string[])[] = [];
  #isCut = false;

  add(fields: readonly string[], isCut: boolean): void {
    if (this.#columns === null) this.#columns = fields;
    else if (fields.length > 1 || fields[0].trim() !== "") {
      this.#rows.push(fields);
      this.#isCut ||= isCut;
    }
  }

  collect(collector: LaunchCollector, builder: TraceBuilder): void {
    const { ledger } = builder;
    const columns = this.#columns ?? [];
    const rows = this.#rows;
    checkColumns(columns, builder);
    ledger.read(rows.length);
    if (this.#isCut) {
      rows.pop();
      ledger.dropped("cutRow", "rows that the end of the file cuts off", -1);
    }
    const isDetails = columns.includes("Metric Name") && columns.includes("Metric Value");
    const { cells, styleKeyOf } = isDetails
      ? readDetails(columns, rows, collector, builder)
      : readRaw(columns, rows, collector, builder);
    setValues(cells, styleKeyOf, collector, builder);
  }
}

/** Without names a table says nothing; sizes are missing in the tables of old versions. */
function checkColumns(columns: readonly string[], { ledger }: TraceBuilder): void {
  if (!columns.includes("Kernel Name"))
    throw new TraceFormatError('expected a column "Kernel Name" in the table of Nsight Compute, found none', {
      byteOffset: 0,
    });
  for (const name of ["Grid Size", "Block Size"])
    if (!columns.includes(name))
      ledger.note(`no${name.replace(" ", "")}`, `the table has no column "${name}": it is shown as 1 × 1 × 1`, -1);
}

interface PageCells {
  readonly cells: readonly MetricCell[];
  /** Cells of one key are written in one style. */
  readonly styleKeyOf: (cell: MetricCell) => string;
}

/** One row a metric; rows of rules have no metric, and rows may end before the last columns. */
function readDetails(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  collector: LaunchCollector,
  { ledger }: TraceBuilder,
): PageCells {
  const at = (name: string): number => columns.indexOf(name);
  const [id, name, section, unit, value] = ["ID", "Metric Name", "Section Name", "Metric Unit", "Metric Value"].map(at);
  const launches = new Map<string, number>();
  const cells: MetricCell[] = [];
  for (const row of rows) {
    if (row.length <= name || row.length > columns.length) {
      ledger.dropped("raggedRow", `rows with fewer or more fields than the ${columns.length} columns allow`, -1);
      continue;
    }
    const key = `${row[id]} ${row[at("Process ID")] ?? ""}`;
    let launch = launches.get(key);
    if (launch === undefined) {
      launch = addLaunch(columns, row, collector);
      launches.set(key, launch);
    }
    if (row[name] === "") {
      ledger.metadata();
      continue;
    }
    ledger.foldedIn();
    cells.push({ launch, id: row[name], section: row[section] ?? "", unit: row[unit] ?? "", text: row[value] ?? "" });
  }
  return { cells, styleKeyOf: () => "" };
}

/** One row a kernel, one column a metric; the first row holds the units. */
function readRaw(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  collector: LaunchCollector,
  { ledger }: TraceBuilder,
): PageCells {
  const [units, ...kernels] = rows;
  const hasUnits = units !== undefined && units[0] === "";
  if (hasUnits) ledger.metadata();
  const cells: MetricCell[] = [];
  for (const row of hasUnits ? kernels : rows) {
    if (row.length > columns.length || row.length <= columns.indexOf("Kernel Name")) {
      ledger.dropped("raggedRow", `rows with fewer or more fields than the ${columns.length} columns allow`, -1);
      continue;
    }
    ledger.foldedIn();
    const launch = addLaunch(columns, row, collector);
    for (const [column, id] of columns.entries()) {
      if (identityColumns.has(id)) continue;
      cells.push({ launch, id, section: "", unit: hasUnits ? (units[column] ?? "") : "", text: row[column] ?? "" });
    }
  }
  return { cells, styleKeyOf: (cell) => cell.id };
}

function addLaunch(columns: readonly string[], row: readonly string[], collector: LaunchCollector): number {
  const cell = (name: string): string => row[columns.indexOf(name)] ?? "";
  const signature = cell("Kernel Name");
  return collector.addLaunch({
    name: baseName(signature),
    signature: signature === "" ? null : signature,
    grid: parseDimensions(cell("Grid Size")),
    block: parseDimensions(cell("Block Size")),
  });
}

/** Scopes that have no name, as compilers and demanglers write them. */
const namelessScopes = /(?:<unnamed>|\(anonymous namespace\)|\{anonymous\})::/g;

/** "void gemm<float, 4>(float*)" → "gemm". */
function baseName(signature: string): string {
  const named = signature.replace(namelessScopes, "");
  const open = named.search(/[<([]/);
  const head = (open < 0 ? named : named.slice(0, open)).trim();
  return head.split(/\s+/).at(-1) || signature || "(no name)";
}

/** "(256, 1, 1)" or, in other languages, "(256. 1. 1)". */
function parseDimensions(text: string): Dimensions {
  const [x = 1, y = 1, z = 1] = (text.match(/\d+/g) ?? []).map(Number);
  return [x, y, z];
}

function setValues(
  cells: readonly MetricCell[],
  styleKeyOf: (cell: MetricCell) => string,
  collector: LaunchCollector,
  { ledger }: TraceBuilder,
): void {
  const votes = new Map<string, NumberStyleVotes>();
  const all = new NumberStyleVotes();
  for (const cell of cells) {
    if (!isNumberLike(cell.text)) continue;
    const key = styleKeyOf(cell);
    const own = votes.get(key) ?? new NumberStyleVotes();
    own.add(cell.text);
    votes.set(key, own);
    all.add(cell.text);
  }
  /** One program wrote all columns: where one of them does not tell, the others do, unless they do not agree. */
  const styleOf = (cell: MetricCell): NumberStyle => {
    const own = votes.get(styleKeyOf(cell))?.style ?? "undecided";
    return own === "undecided" ? all.style : own;
  };
  for (const cell of cells) {
    const { launch, id, section, unit: written, text } = cell;
    // Not collected, which is not 0.
    if (text === "" || text === "n/a") continue;
    const { unit, factor } = toBaseUnit(written);
    const metricKey = section === "" ? id : uniqueId(id, section, unit, collector);
    const metric = collector.metric(metricKey, () => ({ label: id, section, unit }));
    if (!isNumberLike(text)) {
      collector.setValue(launch, metric, text);
      continue;
    }
    const value = parseLocaleNumber(text, styleOf(cell));
    if (value === null) {
      ledger.note("ambiguousNumber", `numbers that may be thousands or fractions, the first "${text}"; left out`, -1);
      continue;
    }
    collector.setValue(launch, metric, value * factor);
  }
}

/** The same name stands in several sections, and with two units in one ("Memory Throughput" in % and in byte/s). */
function uniqueId(id: string, section: string, unit: string, collector: LaunchCollector): string {
  return collector.claim(id, `${section}\n${unit}`, [
    `${id} [${unit}]`,
    `${section}: ${id}`,
    `${section}: ${id} [${unit}]`,
  ]);
}
