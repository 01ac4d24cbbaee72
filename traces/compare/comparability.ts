import { liveRunLabel } from "../measure/live-run.ts";
import { formatCount, formatShare } from "../model/format-units.ts";
import { textOf } from "../model/text-table.ts";
import type { Trace } from "../model/trace.ts";
import type { Comparability, ComparabilityCheck, ComparabilityGrade, StepRule } from "./comparison.ts";
import type { PreparedSide } from "./observations.ts";

/** Differences of work per step beyond these: doubtful, not comparable. */
const doubtfulWork = 1.05;
const otherWork = 2;
const smallestCoverage = 0.8;

export interface ComparabilityInput {
  readonly before: PreparedSide;
  readonly after: PreparedSide;
  readonly coverage: { readonly before: number; readonly after: number };
}

/** What differs besides the thing that is compared. Every check lists both values. */
export function checkComparability(input: ComparabilityInput): Comparability {
  const checks = [
    checkFormats(input),
    checkSteps(input),
    checkConfigurations(input),
    checkItems(input),
    checkWork(input),
    checkTruncation(input),
    checkCoverage(input),
    ...checkFacts(input),
  ].filter((check) => check !== null);
  const grade = checks.reduce<ComparabilityGrade>((worst, check) => (check.grade > worst ? check.grade : worst), "A");
  return { grade, checks };
}

function check(
  [id, label]: readonly [id: string, label: string],
  grade: ComparabilityGrade,
  [before, after]: readonly [before: string, after: string],
  message: string,
): ComparabilityCheck {
  return { id, label, grade, before, after, message: grade === "A" ? "" : message };
}

const tracesOf = (side: PreparedSide): readonly Trace[] => side.parts.map((part) => part.trace);
const distinct = (texts: readonly string[]): string => [...new Set(texts)].sort().join(", ");

function checkFormats({ before, after }: ComparabilityInput): ComparabilityCheck {
  const a = distinct(tracesOf(before).map(({ meta }) => meta.formatLabel));
  const b = distinct(tracesOf(after).map(({ meta }) => meta.formatLabel));
  return check(
    ["formats", "Format"],
    a === b ? "A" : "C",
    [a, b],
    "two tools see different things and cost different time",
  );
}

const stepRuleWords: Readonly<Record<StepRule, string>> = {
  stepSpans: "marked steps",
  period: "repeating spans",
  runs: "runs",
  samples: "samples",
  whole: "one whole capture",
};

function checkSteps({ before, after }: ComparabilityInput): ComparabilityCheck {
  const words = (side: PreparedSide): string =>
    `${formatCount(side.steps.kept.length)} × ${stepRuleWords[side.steps.rule]}`;
  const same = before.steps.rule === after.steps.rule;
  const single = before.steps.rule === "whole" || after.steps.rule === "whole";
  return check(
    ["steps", "Steps"],
    !same ? "C" : single ? "B" : "A",
    [words(before), words(after)],
    same ? "without repeated steps a change cannot be told from noise" : "steps were found by different rules",
  );
}

/** A live run takes turns between its configurations, so one number of all their steps is that of none of them. */
function checkConfigurations({ before, after }: ComparabilityInput): ComparabilityCheck | null {
  const [a, b] = [configurationsOf(before), configurationsOf(after)];
  if (a.size === 0 && b.size === 0) return null;
  const words = ({ size }: ReadonlySet<string>): string => (size === 0 ? "not a live run" : formatCount(size));
  return check(
    ["configurations", "Configurations"],
    Math.max(a.size, b.size) > 1 ? "C" : "A",
    [words(a), words(b)],
    "steps of several configurations are one number: compare the saved results, which keep them apart",
  );
}

/** Names of the spans that hold the kept steps of live runs; each configuration has its own. */
function configurationsOf({ parts, steps }: PreparedSide): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { part, span, state } of steps.records) {
    const { trace } = parts[part];
    if (trace.meta.formatLabel !== liveRunLabel || state !== "kept" || span === null) continue;
    const parent = trace.spans.parent[span];
    if (parent >= 0) names.add(textOf(trace.strings, trace.spans.name[parent]));
  }
  return names;
}

function checkItems({ before, after }: ComparabilityInput): ComparabilityCheck | null {
  const [a, b] = [before.itemsPerStep, after.itemsPerStep];
  if (a === null && b === null) return null;
  const text = (items: number | null): string => (items === null ? "not said" : formatCount(items));
  return check(
    ["items", "Items per step"],
    a === b ? "A" : a === null || b === null ? "C" : "B",
    [text(a), text(b)],
    a === null || b === null
      ? "only one side says how many items a step has"
      : "steps differ in size: compare per item",
  );
}

/**
 * Device work counted per step, else host operations. More than twice as many of the same are more work; where names
 * differ too, a compiler may have fused them.
 */
function checkWork({ before, after }: ComparabilityInput): ComparabilityCheck | null {
  const devices = countPerStep(before, true) > 0 && countPerStep(after, true) > 0;
  const perItem = (side: PreparedSide): number => countPerStep(side, devices) / (side.itemsPerStep ?? 1);
  const [a, b] = [perItem(before), perItem(after)];
  if (a === 0 || b === 0) return null;
  const ratio = Math.max(a / b, b / a);
  const itemsKnown = before.itemsPerStep !== null && after.itemsPerStep !== null;
  const fixedWindow = before.steps.rule === "whole" || after.steps.rule === "whole";
  const isOpen = itemsKnown || fixedWindow || (devices && areOthers(before, after));
  const grade = ratio <= doubtfulWork ? "A" : ratio <= otherWork || isOpen ? "C" : "D";
  const words = (count: number): string => `${count.toFixed(1)} ${devices ? "device operations" : "spans"}`;
  return check(
    ["work", itemsKnown ? "Work per item" : "Work per step"],
    grade,
    [words(a), words(b)],
    grade === "D"
      ? "a step of one side does more than twice the work of the other; say how many items a step has to compare per item"
      : "the number of operations differs: fused operations, or different work",
  );
}

/** Whether most device work of the side with less of it has names that the other side does not know. */
function areOthers(before: PreparedSide, after: PreparedSide): boolean {
  const [a, b] = [countDeviceNames(before), countDeviceNames(after)];
  const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, n) => all + n, 0);
  const perStep = (side: PreparedSide, counts: ReadonlyMap<string, number>): number =>
    sum(counts) / side.tree.stepCount;
  const [fewer, more] = perStep(before, a) < perStep(after, b) ? [a, b] : [b, a];
  const shared = [...fewer].reduce((all, [name, count]) => all + (more.has(name) ? count : 0), 0);
  return shared < sum(fewer) / 2;
}

/** Device work of all steps by its canonical name. */
function countDeviceNames({ tree }: PreparedSide): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let node = 1; node < tree.length; node++) {
    if (tree.isDevice[node] === 0) continue;
    let count = counts.get(tree.name[node]) ?? 0;
    for (let step = 0; step < tree.stepCount; step++) count += tree.count[node * tree.stepCount + step];
    counts.set(tree.name[node], count);
  }
  return counts;
}

function countPerStep({ tree }: PreparedSide, device: boolean): number {
  let count = 0;
  for (let node = 1; node < tree.length; node++) {
    if (device && tree.isDevice[node] === 0) continue;
    for (let step = 0; step < tree.stepCount; step++) count += tree.count[node * tree.stepCount + step];
  }
  return count / Math.max(1, tree.stepCount);
}

function checkTruncation({ before, after }: ComparabilityInput): ComparabilityCheck {
  const lost = (side: PreparedSide): string =>
    distinct(
      tracesOf(side).flatMap(({ meta: { ledger } }) => [
        ...(ledger.truncatedAtByte === undefined ? [] : ["the file breaks off"]),
        ...[...ledger.dropped, ...ledger.notes]
          .filter(({ level, code }) => level === "warning" && /truncat|lost|drop|capped|overflow/i.test(code))
          .map(({ message }) => message),
      ]),
    );
  const [a, b] = [lost(before), lost(after)];
  return check(
    ["truncated", "Complete"],
    a === "" && b === "" ? "A" : "C",
    [a === "" ? "yes" : a, b === "" ? "yes" : b],
    "a part of the recording is missing",
  );
}

function checkCoverage({ coverage }: ComparabilityInput): ComparabilityCheck {
  const least = Math.min(coverage.before, coverage.after);
  return check(
    ["coverage", "Matched time"],
    least >= 0.98 ? "A" : least >= smallestCoverage ? "B" : "C",
    [formatShare(coverage.before), formatShare(coverage.after)],
    least >= smallestCoverage
      ? "a part of the time has no counterpart on the other side"
      : "much of the time has no counterpart: single rows get no verdict",
  );
}

export function rowsSuppressed(coverage: { readonly before: number; readonly after: number }): string | null {
  const least = Math.min(coverage.before, coverage.after);
  return least >= smallestCoverage
    ? null
    : `only ${formatShare(least)} of the time has a counterpart: verdicts of single rows are left out`;
}

/** Facts that decide how fast things are: machine, versions, shapes, types. Numbers of a run are none. */
const majorFact = /gpu|cpu|device|processor|memory clock|power/i;
const minorFact =
  /version|driver|cuda|torch|python|runtime|framework|thread|dtype|precision|shape|batch|backend|priority/i;
const doubtfulFact = /dtype|precision|shape|batch|thread|backend/i;

function checkFacts({ before, after }: ComparabilityInput): readonly ComparabilityCheck[] {
  const a = factsOf(before);
  const b = factsOf(after);
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => (majorFact.test(key) || minorFact.test(key)) && a.get(key) !== b.get(key))
    .map((key) => {
      const both = a.has(key) && b.has(key);
      const grade = both && (majorFact.test(key) || doubtfulFact.test(key)) ? "C" : "B";
      return check([`fact ${key}`, key], grade, [a.get(key) ?? "not said", b.get(key) ?? "not said"], `${key} differs`);
    });
}

function factsOf(side: PreparedSide): ReadonlyMap<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { meta } of tracesOf(side))
    for (const [key, value] of meta.facts) values.set(key, (values.get(key) ?? new Set()).add(value));
  return new Map([...values].map(([key, set]) => [key, [...set].sort().join(", ")]));
}
