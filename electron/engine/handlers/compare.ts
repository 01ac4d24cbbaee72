import { join } from "node:path";
import { compareTraces, type Comparison } from "../../../traces/compare/compare-traces.ts";
import { pairCurves } from "../../../traces/compare/measurements/scaling-pairs.ts";
import type { SideInput, SidePart } from "../../../traces/compare/side.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { type Inputs, noArguments } from "../../../traces/advise/inputs.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { endOf } from "../../../traces/model/trace.ts";
import { spansPerSlice, type Sliced } from "../../../traces/model/sliced.ts";
import { bundledLedger } from "../../../traces/report/claims/bundled-ledger.ts";
import { checkClaims } from "../../../traces/report/claims/check-claims.ts";
import type { ClaimsReport } from "../../../traces/report/claims/claim.ts";
import { readLedger, type Ledger } from "../../../traces/report/claims/ledger.ts";
import { collectReport } from "../../../traces/report/collect-report.ts";
import { listSections } from "../../../traces/report/collect-sections.ts";
import { reportSections } from "../../../traces/report/registry.ts";
import { renderReport } from "../../../traces/report/render-report.ts";
import type { ComparePart, CompareSide, ComparisonKey } from "../../contract/compare-contract.ts";
import type { JobContext } from "../serve-client.ts";
import type { TraceStore } from "../trace-store.ts";
import { createNoiseStore } from "../noise-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { checkSpan } from "./known-ids.ts";
import { readInputsOfPart } from "../read-inputs.ts";
import { readGranted } from "./read-results.ts";

type CompareCommand =
  | "compare.start"
  | "compare.close"
  | "compare.rows"
  | "compare.distributions"
  | "compare.tree"
  | "compare.pairs"
  | "compare.kernels"
  | "report.render"
  | "claims.check";

/** Comparisons a client may keep; each holds values of every row and step. */
const mostComparisons = 8;

/** Comparisons live here under their keys; one keeps its traces alive after their tabs are closed. */
export function createCompareHandlers({ store, grants, host }: HandlerParts): Pick<Handlers, CompareCommand> {
  const comparisons = new Map<ComparisonKey, Comparison>();
  const noise = createNoiseStore(join(host.historyFolder, "run-noise.json"));
  const find = (key: ComparisonKey): Comparison => {
    const found = comparisons.get(key);
    if (found === undefined) throw new UserFacingError("this comparison is not open any more");
    return found;
  };
  return {
    async "compare.start"({ comparison: key, before, after, options }, context) {
      const sides = [toSideInput(before, store), toSideInput(after, store)] as const;
      const known = new Map((await noise.read()).map((each) => [each.workload, each]));
      const work = compareTraces(...sides, options, (workload) => known.get(workload) ?? null);
      const made = await context.runSlices(countSlices(work, context));
      await noise.add(made.noise);
      comparisons.delete(key);
      comparisons.set(key, made);
      for (const oldest of comparisons.keys()) {
        if (comparisons.size <= mostComparisons) break;
        comparisons.delete(oldest);
      }
      return { comparison: key, ...made.summary };
    },
    async "compare.close"({ comparison }) {
      comparisons.delete(comparison);
      return null;
    },
    "compare.rows": ({ comparison, ...request }, context) => context.runSlices(find(comparison).rows(request)),
    "compare.distributions": ({ comparison, row, metric, per }, context) =>
      context.runSlices(find(comparison).distributions(row, metric, per)),
    "compare.tree": ({ comparison, maxNodes, metric, per }, context) =>
      context.runSlices(find(comparison).tree(maxNodes, metric, per)),
    "compare.pairs": ({ comparison, beforeStep, afterStep }, context) =>
      context.runSlices(find(comparison).pairs(beforeStep, afterStep)),
    async "compare.kernels"({ comparison, ...request }) {
      return find(comparison).kernels(request);
    },
    async "report.render"({ comparison, format, claims, scaling: files, ...look }, context) {
      const found = find(comparison);
      const checked = claims === null ? null : await context.runSlices(checkLedger(readLedger(claims), found));
      const results = async (token: string): Promise<readonly MeasurementSet[]> => [
        await readGranted(token, grants, context),
      ];
      const scaling = files === null ? [] : pairCurves(await results(files.before), await results(files.after));
      const inputs = {
        before: await inputsOf(found.parts.before, store, context),
        after: await inputsOf(found.parts.after, store, context),
      };
      const report = await context.runSlices(collectReport(found, { ...look, claims: checked, scaling, inputs }));
      const { extension, mediaType, text } = renderReport(report, format);
      return {
        fileName: `${look.title}.${extension}`,
        mediaType,
        text,
        sections: listSections(reportSections, report),
      };
    },
    "claims.check": ({ comparison, claims }, context) =>
      context.runSlices(
        checkLedger(readLedger(claims ?? bundledLedger), comparison === null ? null : find(comparison)),
      ),
  };
}

/** Findings of a side are those of its first trace. */
async function inputsOf([first]: readonly SidePart[], store: TraceStore, context: JobContext): Promise<Inputs> {
  return first === undefined ? noArguments : await readInputsOfPart(first, store, context);
}

/** Tells how far a comparison has come; how much there is depends on what matches. */
function* countSlices<T>(work: Sliced<T>, { reportProgress }: JobContext): Sliced<T> {
  for (let slices = 1; ; slices++) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (slices % slicesPerReport === 0) reportProgress({ done: slices * spansPerSlice, total: null, unit: "spans" });
    yield;
  }
}

const slicesPerReport = 16;

/** Rows that a claim may name: all of them. */
const everyRow = {
  metric: "total",
  per: "step",
  sort: "absDelta",
  descending: true,
  search: "",
  significantOnly: false,
  minDeltaNs: 0,
  first: 0,
  count: Infinity,
} as const;

function* checkLedger(ledger: Ledger, comparison: Comparison | null): Sliced<ClaimsReport> {
  if (comparison === null) return checkClaims(ledger, null);
  const { headline, options } = comparison.summary;
  const { rows } = yield* comparison.rows(everyRow);
  return checkClaims(ledger, { step: headline.estimate, rows, alpha: options.alpha });
}

function toSideInput({ label, traces, itemsPerStep }: CompareSide, store: TraceStore): SideInput {
  return { label, itemsPerStep, parts: traces.map((part) => toSidePart(part, store)) };
}

function toSidePart({ trace: key, startNs, endNs, during }: ComparePart, store: TraceStore): SidePart {
  const { file } = store.entry(key);
  const { trace } = store.current(key);
  if (trace.meta.partial) throw new UserFacingError(`${file.name} is still being read; compare it when it is complete`);
  if (trace.launches !== undefined)
    throw new UserFacingError(
      `${file.name} holds kernels that ran one by one, without the time axis that a comparison goes along; open both and read them side by side, or export both as tables`,
    );
  const range = { startNs: startNs ?? -Infinity, endNs: endNs ?? Infinity };
  if (during !== undefined) {
    checkSpan(trace, during);
    range.startNs = Math.max(range.startNs, trace.spans.startNs[during] ?? 0);
    range.endNs = Math.min(range.endNs, endOf(trace.spans, during));
  }
  return { key, fileName: file.name, trace, ...range };
}
