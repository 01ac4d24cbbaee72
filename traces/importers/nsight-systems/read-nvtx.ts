import type { SqliteRow } from "../../io/sqlite/sqlite.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { kindOfEvent } from "../chrome/kinds.ts";
import type { ThreadRef } from "./owners.ts";
import { hasTime, type Reading } from "./reading.ts";
import { type EventName, EventNames } from "./string-ids.ts";

/** Values of ENUM_NSYS_EVENT_TYPE. */
const EventType = {
  category: 33,
  mark: 34,
  threadName: 39,
  pushPop: 59,
  startEnd: 60,
  domainCreate: 75,
  domainDestroy: 76,
} as const;

/** Column numbers behind the rowid. */
const Column = { start: 1, end: 2, type: 3, globalTid: 4, text: 5, textId: 6, domain: 7 } as const;
const columns = ["start", "end", "eventType", "globalTid", "text", "textId", "domainId"];

/** Ranges and marks that the program made with NVTX; names of threads and domains. */
export function readNvtx(reading: Reading): void {
  const { builder, scan, owners, strings, ranges } = reading;
  const { ledger } = builder;
  const names = new EventNames(strings, builder, { kindOf: rangeKind });
  const domains = readDomains(reading);
  const nameOf = (row: SqliteRow): EventName => {
    if (row.isText(Column.text)) return names.ofText(row.text(Column.text) ?? "");
    return names.of(row, Column.textId);
  };
  const categoryOf = createCategories(reading, domains);
  const openEnded = { openEnded: true };
  const steps = new StepFilter();
  scan.events("NVTX_EVENTS", columns, (row, place) => {
    const type = row.number(Column.type);
    if (describesOthers(type)) {
      if (type === EventType.threadName) nameThread(reading, row);
      return ledger.metadata();
    }
    if (!hasTime(row, Column.start, builder)) return;
    const startNs = row.number(Column.start);
    const thread = owners.threadOf(row, Column.globalTid);
    const category = categoryOf(row, thread);
    const isClosed = row.isInteger(Column.end);
    const { id, kind } = nameOf(row);
    if (!hasExtent(type, isClosed)) {
      builder.addInstant(owners.trackOf(thread), startNs, id, category, 0, place);
      return;
    }
    const endNs = isClosed ? row.number(Column.end) : Infinity;
    // Ranges that may end on another thread do not nest with the calls of this one.
    const track =
      type === EventType.startEnd ? owners.extraTrack(thread.process, "NVTX ranges") : owners.trackOf(thread);
    const span = builder.addSpan(
      track,
      startNs,
      isClosed ? endNs - startNs : 0,
      id,
      kind,
      category,
      place,
      isClosed ? undefined : openEnded,
    );
    if (!isClosed) ledger.note("openEnded", "ranges without an end, drawn to the end of the trace", -1, 1, "info");
    if (kind === SpanKind.step) steps.add(thread.index, startNs, endNs, span);
    if (type === EventType.pushPop && ranges.wanted) ranges.add(thread.index, startNs, endNs, id);
  });
  for (const span of steps.inner()) if (span >= 0) builder.setKind(span, SpanKind.phase);
}

function describesOthers(type: number): boolean {
  return (
    type === EventType.domainCreate ||
    type === EventType.domainDestroy ||
    type === EventType.category ||
    type === EventType.threadName
  );
}

/** Marks have no end; ranges may lack theirs. */
function hasExtent(type: number, isClosed: boolean): boolean {
  return type !== EventType.mark && (isClosed || type === EventType.pushPop || type === EventType.startEnd);
}

function nameThread({ owners, strings }: Reading, row: SqliteRow): void {
  const thread = owners.findThread(row, Column.globalTid);
  const name = row.text(Column.text) ?? strings.text(row.number(Column.textId));
  if (thread !== null && name !== null) owners.nameThread(thread, name);
}

/** Names of domains by process and number: rows of domains may follow those that use them. */
function readDomains({ scan, strings }: Reading): ReadonlyMap<string, string> {
  const domains = new Map<string, string>();
  scan.look("NVTX_EVENTS", columns, (row) => {
    if (row.number(Column.type) !== EventType.domainCreate) return;
    const name = row.text(Column.text) ?? strings.text(row.number(Column.textId));
    if (name !== null) domains.set(`${processKey(row)} ${row.number(Column.domain)}`, name);
  });
  return domains;
}

const processKey = (row: SqliteRow): number => Math.floor(row.number(Column.globalTid) / 2 ** 24);

/** Category: the domain by name where it has one. */
function createCategories(
  { builder }: Reading,
  domains: ReadonlyMap<string, string>,
): (row: SqliteRow, thread: ThreadRef) => number {
  const plain = builder.category("NVTX");
  if (domains.size === 0) return () => plain;
  const known = new Map<number, number>();
  return (row, thread) => {
    const domain = row.number(Column.domain);
    if (domain === 0) return plain;
    const key = thread.process.index * 2 ** 32 + domain;
    let category = known.get(key);
    if (category === undefined) {
      const name = domains.get(`${processKey(row)} ${domain}`);
      category = name === undefined ? plain : builder.category(`NVTX ${name}`);
      known.set(key, category);
    }
    return category;
  };
}

/** "Step 190 to 200", "ProfilerStep#3", "train step 4", "iteration: 12", "batch_7"; a word alone counts too. */
const stepName =
  /^(?:(?:train(?:ing)?|eval(?:uation)?|profiler|global|optimi[sz]ation|solver)[\s_.:#-]*)?(?:step|iter(?:ation)?|batch)(?:$|[\s_.:#=(-]*\d)/i;

const collectiveName = /^(?:MPI_|nccl|NCCL:)/;
const frameworkOp = /^(?:aten|c10|torch|prims|at)::|, op_id = \d+$/;

/** Kind of an NVTX range by the name its author gave it. */
export function rangeKind(name: string): SpanKind {
  if (stepName.test(name)) return SpanKind.step;
  if (collectiveName.test(name)) return SpanKind.collective;
  if (frameworkOp.test(name)) return SpanKind.op;
  const kind = kindOfEvent(null, name);
  return kind === SpanKind.other ? SpanKind.phase : kind;
}

/** Of ranges that are called steps, those inside another one are parts of it. */
class StepFilter {
  readonly #steps: { thread: number; startNs: number; endNs: number; span: number }[] = [];

  add(thread: number, startNs: number, endNs: number, span: number): void {
    this.#steps.push({ thread, startNs, endNs, span });
  }

  /** Spans of the inner ones. */
  inner(): number[] {
    const found: number[] = [];
    const outerEnd = new Map<number, number>();
    const ordered = this.#steps.toSorted((a, b) => a.startNs - b.startNs || b.endNs - a.endNs);
    for (const { thread, startNs, endNs, span } of ordered) {
      const end = outerEnd.get(thread) ?? -Infinity;
      if (startNs < end) found.push(span);
      else outerEnd.set(thread, endNs);
    }
    return found;
  }
}
