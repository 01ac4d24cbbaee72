import * as v from "valibot";
import { spanKindNames } from "../../traces/model/span-kind.ts";
import { longestBookmarkLabel, mostBookmarks } from "./bookmark-contract.ts";
import type { CommandName, EngineCommands, ToEngine } from "./engine-contract.ts";

/*
 * What the engine accepts, checked once where a message comes in; inside, types are trusted. The type of each schema
 * is checked against the contract below, in both directions: a field added to one side only does not compile.
 */

/** Limits of a request; replies stay small because requests do. */
export const requestLimits = {
  keyChars: 256,
  queryChars: 4096,
  /** Of a what-if. */
  edits: 32,
  strips: 2000,
  /** Rows of one strip, tracks or rows of one scope, names of one request. */
  ids: 100_000,
  widthPx: 16_384,
  pageRows: 5000,
  treeNodes: 200_000,
  /** Traces of one side of a comparison. */
  sideTraces: 200,
  ledgerChars: 1_000_000,
  resamples: 100_000,
  /** Variants, backends, values of an option. */
  words: 256,
  samples: 1_000_000,
  /** Sums of one pass on a GPU. */
  gpuSums: 1024,
  /** Budget of one configuration: a day. */
  runMs: 86_400_000,
} as const;

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(requestLimits.keyChars));
const query = v.pipe(v.string(), v.maxLength(requestLimits.queryChars));
const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = count;
const ids = v.pipe(v.array(id), v.maxLength(requestLimits.ids));
const widthPx = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(requestLimits.widthPx));
const pageRows = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(requestLimits.pageRows));
const kind = v.picklist(spanKindNames);

/** Bookmarks of a trace, as they are sent and as they are kept. */
export const bookmarkList = v.pipe(
  v.array(
    v.strictObject({
      startNs: time,
      endNs: time,
      label: v.pipe(v.string(), v.maxLength(longestBookmarkLabel)),
    }),
  ),
  v.maxLength(mostBookmarks),
);

const strip = v.variant("kind", [
  v.strictObject({ kind: v.literal("rows"), rows: ids }),
  v.strictObject({ kind: v.literal("instants"), track: id }),
  v.strictObject({ kind: v.literal("counter"), track: id }),
]);

const scope = v.pipe(
  v.strictObject({
    startNs: v.exactOptional(time),
    endNs: v.exactOptional(time),
    tracks: v.exactOptional(ids),
    rows: v.exactOptional(ids),
    kinds: v.exactOptional(v.pipe(v.array(kind), v.maxLength(spanKindNames.length))),
    below: v.exactOptional(id),
    nameContains: v.exactOptional(query),
  }),
  v.check((value) => (value.startNs === undefined) === (value.endNs === undefined), "startNs and endNs: both or none"),
);

const span = { trace: key, span: id };
const range = { startNs: time, endNs: time };

const share = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1));
const comparison = { comparison: key };
const side = v.strictObject({
  label: query,
  traces: v.pipe(
    v.array(
      v.pipe(
        v.strictObject({
          trace: key,
          startNs: v.exactOptional(time),
          endNs: v.exactOptional(time),
          during: v.exactOptional(id),
        }),
        v.check(
          (value) => (value.startNs === undefined) === (value.endNs === undefined),
          "startNs and endNs: both or none",
        ),
      ),
    ),
    v.minLength(1),
    v.maxLength(requestLimits.sideTraces),
  ),
  itemsPerStep: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(1e-9))),
});
const measured = { metric: v.picklist(["total", "self"]), per: v.picklist(["step", "call", "item"]) };
const comparisonOptions = v.strictObject({
  tolerance: share,
  alpha: v.pipe(share, v.minValue(1e-6), v.maxValue(0.5)),
  resamples: v.pipe(count, v.maxValue(requestLimits.resamples)),
  allowIncomparable: v.boolean(),
});
const sideFiles = v.pipe(v.array(key), v.minLength(1), v.maxLength(requestLimits.sideTraces));
const resultSides = {
  before: sideFiles,
  after: sideFiles,
  options: comparisonOptions,
  corrections: v.pipe(
    v.array(
      v.strictObject({
        path: v.pipe(v.array(query), v.maxLength(requestLimits.words)),
        unit: v.nullable(key),
        better: v.nullable(v.picklist(["lower", "higher"])),
      }),
    ),
    v.maxLength(requestLimits.pageRows),
  ),
};
const reportLook = {
  format: v.picklist(["html", "markdown", "json", "junit"]),
  title: query,
  commandLine: v.nullable(query),
  version: key,
  hiddenSections: v.pipe(v.array(key), v.maxLength(100)),
};
const ledger = v.pipe(v.string(), v.maxLength(requestLimits.ledgerChars));
const page = { descending: v.boolean(), search: query, first: count, count: pageRows };
const words = v.pipe(v.array(key), v.maxLength(requestLimits.words));

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(requestLimits.runMs));
const optionValue = v.union([v.pipe(v.number(), v.finite()), query, v.boolean(), v.null()]);

const plan = v.strictObject({
  workload: key,
  variants: words,
  backends: words,
  options: v.record(key, v.pipe(v.array(optionValue), v.maxLength(requestLimits.words))),
  protocol: v.strictObject({
    warmupSteps: count,
    warmupMs: milliseconds,
    minSamples: v.pipe(count, v.minValue(1), v.maxValue(requestLimits.samples)),
    maxSamples: v.pipe(count, v.minValue(1), v.maxValue(requestLimits.samples)),
    targetFraction: share,
    maxMs: milliseconds,
    leastBeforeBudget: v.boolean(),
    seed: count,
    record: v.boolean(),
  }),
});

const isFloats = (value: unknown): boolean => value instanceof Float64Array && value.length <= requestLimits.gpuSums;
const gpuAnswer = v.variant("kind", [
  v.strictObject({
    kind: v.literal("open"),
    facts: v.strictObject({ name: query, software: v.boolean(), version: query }),
  }),
  v.strictObject({ kind: v.literal("upload"), slab: count }),
  v.strictObject({
    kind: v.literal("run"),
    sums: v.strictObject({
      sums: v.custom<Float64Array<ArrayBuffer>>(isFloats, "sums as doubles"),
      startMs: time,
      endMs: time,
    }),
  }),
  v.strictObject({ kind: v.literal("drop") }),
]);

const schemas = {
  "measurements.read": v.strictObject({ file: key }),
  "trace.open": v.strictObject({
    trace: key,
    file: key,
    importer: v.exactOptional(key),
    allowLargeInflate: v.exactOptional(v.boolean()),
    timesInNs: v.exactOptional(v.boolean()),
    otherClock: v.exactOptional(v.boolean()),
  }),
  "kept.list": v.null(),
  "kept.clear": v.null(),
  "gpu.serve": v.null(),
  "gpu.answer": v.union([
    v.strictObject({ question: count, answer: gpuAnswer }),
    v.strictObject({ question: count, fault: query }),
  ]),
  "trace.unpack": v.strictObject({ trace: key }),
  "trace.close": v.strictObject({ trace: key }),
  "timeline.view": v.pipe(
    v.strictObject({
      trace: key,
      panel: key,
      strips: v.pipe(v.array(strip), v.maxLength(requestLimits.strips)),
      ...range,
      widthPx,
      minBoxPx: v.pipe(v.number(), v.finite(), v.minValue(0)),
      search: v.nullable(key),
      generation: v.pipe(v.number(), v.safeInteger()),
      slots: v.exactOptional(v.picklist(["name", "selfShare"])),
    }),
    v.check((value) => value.endNs > value.startNs, "endNs must lie after startNs"),
  ),
  "timeline.pick": v.strictObject({ trace: key, strip, ...range }),
  "span.details": v.strictObject(span),
  "span.neighbor": v.strictObject({
    ...span,
    neighbor: v.picklist(["parent", "firstChild", "previous", "next", "previousStep", "nextStep"]),
  }),
  "span.list": v.strictObject({ trace: key, scope, first: count, count: pageRows }),
  "instant.details": v.strictObject({ trace: key, instant: id }),
  "table.top": v.strictObject({
    trace: key,
    scope,
    group: v.picklist(["name", "path"]),
    sort: v.picklist(["name", "count", "totalNs", "selfNs", "meanNs", "p50Ns", "p99Ns", "share"]),
    descending: v.boolean(),
    first: count,
    count: pageRows,
  }),
  "tree.calls": v.strictObject({
    trace: key,
    scope,
    direction: v.picklist(["topDown", "bottomUp"]),
    byTrack: v.boolean(),
    minShare: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1)),
    maxNodes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(requestLimits.treeNodes)),
  }),
  "search.run": v.strictObject({ trace: key, search: key, query }),
  "search.step": v.strictObject({
    trace: key,
    search: key,
    fromSpan: v.nullable(id),
    fromNs: time,
    direction: v.picklist(["next", "previous"]),
  }),
  "export.formats": v.null(),
  "trace.export": v.strictObject({
    trace: key,
    format: key,
    target: key,
    withArguments: v.boolean(),
    keepHomeFolders: v.boolean(),
  }),
  "bench.catalog": v.null(),
  "bench.backends": v.null(),
  "bench.start": v.strictObject({ run: key, trace: v.nullable(key), name: key, plan }),
  "bench.read": v.strictObject({ file: key }),
  "bench.stop": v.strictObject({ run: key }),
  "advice.get": v.strictObject({ trace: key }),
  "replay.ask": v.strictObject({
    trace: key,
    edits: v.pipe(
      v.array(
        v.strictObject({
          query,
          factor: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1000)),
          below: v.boolean(),
        }),
      ),
      v.maxLength(requestLimits.edits),
    ),
  }),
  "launch.list": v.strictObject({ trace: key }),
  "launch.metrics": v.strictObject({ trace: key, launch: id }),
  "nsight.plan": v.strictObject({ file: key }),
  "nsight.export": v.strictObject({ file: key }),
  "names.get": v.strictObject({ trace: key, ids }),
  "compare.start": v.strictObject({
    ...comparison,
    before: side,
    after: side,
    options: comparisonOptions,
  }),
  "bookmark.read": v.strictObject({ trace: key }),
  "bookmark.write": v.strictObject({ trace: key, bookmarks: bookmarkList }),
  "history.list": v.strictObject({ count: pageRows }),
  "history.read": v.strictObject({ suite: key, options: comparisonOptions }),
  "history.keep": v.strictObject({ suite: key, options: comparisonOptions, file: key }),
  "compare.measurements": v.strictObject(resultSides),
  "report.results": v.strictObject({ ...resultSides, ...reportLook }),
  "compare.close": v.strictObject(comparison),
  "compare.rows": v.strictObject({
    ...comparison,
    ...measured,
    ...page,
    sort: v.picklist(["delta", "absDelta", "relative", "before", "after", "q", "name", "count", "speed"]),
    significantOnly: v.boolean(),
    minDeltaNs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  }),
  "compare.distributions": v.strictObject({ ...comparison, ...measured, row: v.nullable(id) }),
  "compare.pairs": v.strictObject({ ...comparison, beforeStep: count, afterStep: count }),
  "compare.tree": v.strictObject({
    ...comparison,
    ...measured,
    maxNodes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(requestLimits.treeNodes)),
  }),
  "report.render": v.strictObject({
    ...comparison,
    ...reportLook,
    claims: v.nullable(ledger),
    scaling: v.nullable(v.strictObject({ before: key, after: key })),
  }),
  "claims.check": v.strictObject({ comparison: v.nullable(key), claims: v.nullable(ledger) }),
  "compare.kernels": v.strictObject({
    ...comparison,
    ...page,
    sort: v.picklist(["name", "before", "after", "delta", "absDelta", "count", "speed"]),
  }),
} satisfies { readonly [N in CommandName]: v.GenericSchema<unknown, EngineCommands[N]["request"]> };

/** Commands whose schema and contract differ in any field, optional ones included; `never` when they agree. */
type Mismatch = {
  [N in CommandName]: Same<Plain<EngineCommands[N]["request"]>, Plain<v.InferOutput<(typeof schemas)[N]>>> extends true
    ? never
    : N;
}[CommandName];
/** The contract says readonly and uses interfaces, schemas do neither. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const mismatchedCommands: [Mismatch] extends [never] ? readonly [] : Mismatch = [];
void mismatchedCommands;

/** A message that breaks the contract: a fault of the client, not of the file. */
export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
}

const toEngine = v.variant("kind", [
  v.strictObject({ kind: v.literal("call"), id: count, command: v.string(), request: v.unknown() }),
  v.strictObject({ kind: v.literal("cancel"), id: count }),
]);

/** The envelope of a message, its request still unchecked; throws `BadRequestError` for anything else. */
export function parseEnvelope(
  message: unknown,
):
  | { readonly kind: "call"; readonly id: number; readonly command: string; readonly request: unknown }
  | (ToEngine & { readonly kind: "cancel" }) {
  const result = v.safeParse(toEngine, message);
  if (result.success) return result.output;
  throw new BadRequestError(`message to the engine: ${describeIssue(result.issues[0])}`);
}

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(schemas, name);
}

/** The request, checked; throws `BadRequestError` that names the command, the field and what was expected. */
export function parseRequest<N extends CommandName>(command: N, request: unknown): EngineCommands[N]["request"] {
  const result = v.safeParse(schemas[command], request);
  if (result.success) return result.output;
  throw new BadRequestError(`${command}: ${describeIssue(result.issues[0])}`);
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
