import type { ByteSource, RandomAccess } from "../../io/byte-source.ts";
import { FieldReader, messageEnd, WireError, WireType } from "../../io/protobuf.ts";
import type { Dimensions } from "../../model/launch-table.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { walkReport, type ReportCut, type ResultEntry } from "./container.ts";
import { describeLaunches } from "./describe-launches.ts";
import { LaunchCollector } from "./launch-collector.ts";
import { unitOfMetric } from "./units.ts";

/** Fields of a result, of a metric in it, and of a metric's value. */
const Result = { mangledName: 5, name: 6, signature: 7, grid: 10, block: 11, metric: 13, section: 17 } as const;
const Metric = { nameId: 1, value: 2 } as const;
const Value = { text: 1, float: 2, double: 3, uint64: 5 } as const;
/** Fields of a section and of a metric in its header. */
const Section = { title: 2, header: 4 } as const;
const Header = { metric: 2, id: 1, label: 2 } as const;

/** Reads a report of Nsight Compute; see the mapping in `formats/nsight-compute.ts`. */
export async function readReport(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const bytes = await source.openRandomAccess(() => context.throwIfCancelled());
  const collector = new LaunchCollector();
  const reading = new ReportReading(bytes, builder, collector, context);
  const cut = walkReport(bytes, ({ strings, results }) => {
    reading.addStrings(strings);
    for (const result of results) reading.readResult(result);
  });
  if (cut !== null) noteCut(cut, collector.launchCount, builder);
  builder.setLaunches(collector.toTable());
  return describeLaunches(collector, {
    fileName: context.fileName,
    format: "nsight-compute",
    formatLabel: "Nsight Compute report",
  });
}

function noteCut(cut: ReportCut, launchCount: number, { ledger }: TraceBuilder): void {
  ledger.truncatedAt(cut.byteOffset);
  ledger.note("cut", `${cut.message}; ${launchCount} kernels before it were kept`, cut.byteOffset);
}

interface Labels {
  readonly label: string;
  readonly section: string;
}

class ReportReading {
  readonly #bytes: RandomAccess;
  readonly #builder: TraceBuilder;
  readonly #collector: LaunchCollector;
  readonly #context: ImportContext;
  readonly #reader = new FieldReader();
  /** Grows from block to block; metrics name it by position. */
  readonly #strings: string[] = [];

  constructor(bytes: RandomAccess, builder: TraceBuilder, collector: LaunchCollector, context: ImportContext) {
    this.#bytes = bytes;
    this.#builder = builder;
    this.#collector = collector;
    this.#context = context;
  }

  addStrings(strings: readonly string[]): void {
    for (const text of strings) this.#strings.push(text);
  }

  /** A result that is damaged is dropped as a whole: half of its metrics would pass for all. */
  readResult({ start, end }: ResultEntry): void {
    const { ledger } = this.#builder;
    this.#context.throwIfCancelled();
    ledger.read();
    if (end - start > this.#context.limits.eventBytes)
      return ledger.dropped("tooLarge", "kernel results beyond the size limit", start);
    const buffer = new Uint8Array(end - start);
    this.#bytes.readAt(start, buffer);
    this.#reader.attach(buffer, start);
    try {
      const result = decodeResult(this.#reader, start, end);
      if (!this.#isConsistent(result))
        return ledger.dropped(
          "inconsistentResult",
          "kernels whose grid and block do not give their thread count",
          start,
        );
      this.#addLaunch(result);
      ledger.foldedIn();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      ledger.dropped("damagedResult", `kernel results that cannot be decoded (${error.message})`, error.byteOffset);
    }
    this.#context.reportProgress(end, () => ({
      name: this.#context.fileName,
      format: "nsight-compute",
      formatLabel: "Nsight Compute report",
      facts: [],
    }));
  }

  /** Grid × block is what the file says of the number of threads, in every sound result. */
  #isConsistent({ grid, block, metrics }: DecodedResult): boolean {
    const threads = grid[0] * grid[1] * grid[2] * block[0] * block[1] * block[2];
    const said = metrics.findLast(({ nameId }) => this.#strings[nameId] === "launch__thread_count")?.value;
    return said === undefined || said === null || said === threads;
  }

  #addLaunch({ name, mangledName, signature, grid, block, metrics, labels }: DecodedResult): void {
    const launch = this.#collector.addLaunch({
      name: name || mangledName || "(no name)",
      signature: signature || mangledName || null,
      grid,
      block,
    });
    let withoutName = 0;
    for (const { nameId, value } of metrics) {
      const id = this.#strings[nameId];
      if (id === undefined) {
        withoutName++;
        continue;
      }
      const describe = (): { label: string; section: string; unit: string } => {
        const known = labels.get(id);
        return { label: known?.label ?? id, section: known?.section ?? "", unit: unitOfMetric(id) };
      };
      const metric = this.#collector.metric(id, describe);
      // Of a metric that is listed twice the last value counts, as in the tool itself.
      if (value !== null) this.#collector.setValue(launch, metric, value);
    }
    this.#builder.ledger.note("metricsWithoutName", "metrics whose name is not in the string table", -1, withoutName);
  }
}

interface DecodedResult {
  readonly name: string;
  readonly mangledName: string;
  readonly signature: string;
  readonly grid: Dimensions;
  readonly block: Dimensions;
  readonly metrics: readonly MetricValue[];
  readonly labels: ReadonlyMap<string, Labels>;
}

interface MetricValue {
  readonly nameId: number;
  /** Null: the metric is listed without a value. */
  readonly value: number | string | null;
}

function decodeResult(reader: FieldReader, start: number, end: number): DecodedResult {
  let name = "";
  let mangledName = "";
  let signature = "";
  let grid: Dimensions = [1, 1, 1];
  let block: Dimensions = [1, 1, 1];
  const metrics: MetricValue[] = [];
  const labels = new Map<string, Labels>();
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Result.name) name = reader.text();
    else if (reader.field === Result.mangledName) mangledName = reader.text();
    else if (reader.field === Result.signature) signature = reader.text();
    else if (reader.field === Result.grid) grid = decodeDimensions(reader);
    else if (reader.field === Result.block) block = decodeDimensions(reader);
    else if (reader.field === Result.section) decodeSection(reader, labels);
    else if (reader.field === Result.metric) {
      metrics.push(decodeMetric(reader));
    }
  }
  return { name, mangledName, signature, grid, block, metrics, labels };
}

function decodeDimensions(reader: FieldReader): Dimensions {
  const dimensions: [number, number, number] = [1, 1, 1];
  const { start, end } = reader;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field >= 1 && reader.field <= 3) dimensions[reader.field - 1] = reader.number;
  return dimensions;
}

/** Instances (a value for every instruction) are passed over. */
function decodeMetric(reader: FieldReader): MetricValue {
  const { start, end } = reader;
  let nameId = 0;
  let value: number | string | null = null;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Metric.nameId) nameId = reader.number;
    else if (reader.field === Metric.value && reader.wire === WireType.bytes) value = decodeValue(reader);
  }
  return { nameId, value };
}

function decodeValue(reader: FieldReader): number | string | null {
  const { start, end } = reader;
  let value: number | string | null = null;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Value.text) value = reader.text();
    else if (reader.field === Value.float || reader.field === Value.double) value = reader.float();
    else if (reader.field === Value.uint64) value = Number(reader.uint64());
  }
  return value;
}

/** Title of the section, and the names that it gives its metrics. */
function decodeSection(reader: FieldReader, labels: Map<string, Labels>): void {
  const { start, end } = reader;
  let section = "";
  const found: [id: string, label: string][] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Section.title) section = reader.text();
    else if (reader.field === Section.header) decodeHeader(reader, found);
  }
  for (const [id, label] of found) if (!labels.has(id)) labels.set(id, { label: label || id, section });
}

function decodeHeader(reader: FieldReader, found: [id: string, label: string][]): void {
  const { start, end } = reader;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field !== Header.metric) continue;
    found.push(decodeHeaderMetric(reader));
  }
}

function decodeHeaderMetric(reader: FieldReader): [id: string, label: string] {
  const { start, end } = reader;
  let id = "";
  let label = "";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Header.id) id = reader.text();
    else if (reader.field === Header.label) label = reader.text();
  }
  return [id, label];
}
