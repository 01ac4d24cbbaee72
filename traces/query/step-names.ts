import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { isBareNumber, labelOfStep } from "../model/step-label.ts";
import { textOf, textsOf } from "../model/text-table.ts";
import type { Trace } from "../model/trace.ts";

/** Names of steps that differ in their number alone, which are one where spans are grouped by their names. */
export interface StepNames {
  /** The first StringId of its group, by StringId: that of the name itself outside of groups. */
  readonly groupOf: Uint32Array;
  /** What a group is called, by its first StringId. */
  readonly labels: ReadonlyMap<number, string>;
}

const found = new WeakMap<Trace, { readonly names: StepNames | null }>();

/** Those of a trace; null where no two names are alike but for the number. Looked for once. */
export function* findStepNames(trace: Trace): Sliced<StepNames | null> {
  const known = found.get(trace);
  if (known !== undefined) return known.names;
  const names = groupNames(trace, yield* withoutOtherNumbers(trace, yield* namesOfSteps(trace)));
  found.set(trace, { names });
  return names;
}

function* namesOfSteps({ spans }: Trace): Sliced<readonly number[]> {
  const { kind, name, length } = spans;
  const ids = new Set<number>();
  for (let span = 0; span < length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    if (kind[span] === SpanKind.step) ids.add(name[span]);
  }
  return [...ids].sort((a, b) => a - b);
}

/**
 * Those names without bare numbers if one of them is the name of a span that is no step, too: groups are by name, and
 * that span is none of them.
 */
function* withoutOtherNumbers(trace: Trace, ids: readonly number[]): Sliced<readonly number[]> {
  const isNumber = new Uint8Array(trace.strings.length);
  for (const id of ids) if (isBareNumber(textOf(trace.strings, id))) isNumber[id] = 1;
  return (yield* nameOthers(trace, isNumber)) ? ids.filter((id) => isNumber[id] === 0) : ids;
}

/** Whether a name with a 1 in `isMeant` is that of a span that is no step. */
function* nameOthers({ spans }: Trace, isMeant: Uint8Array): Sliced<boolean> {
  const { kind, name, length } = spans;
  if (!isMeant.includes(1)) return false;
  for (let span = 0; span < length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    if (isMeant[name[span]] === 1 && kind[span] !== SpanKind.step) return true;
  }
  return false;
}

/** Bare numbers that name steps in some of these traces, and nothing else in any of them. */
export function* findBareSteps(traces: readonly Trace[]): Sliced<ReadonlySet<string>> {
  const numbers = new Set<string>();
  for (const trace of traces)
    for (const id of yield* namesOfSteps(trace)) {
      const text = textOf(trace.strings, id);
      if (isBareNumber(text)) numbers.add(text);
    }
  if (numbers.size === 0) return numbers;
  for (const trace of traces) {
    const isMeant = Uint8Array.from(textsOf(trace.strings), (text) => Number(numbers.has(text)));
    if (yield* nameOthers(trace, isMeant)) return new Set();
  }
  return numbers;
}

function groupNames({ strings }: Trace, ids: readonly number[]): StepNames | null {
  const firsts = new Map<string, number>();
  const labels = new Map<number, string>();
  let groupOf: Uint32Array | null = null;
  for (const id of ids) {
    const label = labelOfStep(textOf(strings, id));
    if (label === null) continue;
    const first = firsts.get(label);
    if (first === undefined) {
      firsts.set(label, id);
      continue;
    }
    groupOf ??= Uint32Array.from({ length: strings.length }, (_, each) => each);
    groupOf[id] = first;
    labels.set(first, label);
  }
  return groupOf === null ? null : { groupOf, labels };
}

/** What a StringId that stands for a group is called. */
export function textOfGroup({ strings }: Trace, names: StepNames | null, id: number): string {
  return names?.labels.get(id) ?? textOf(strings, id);
}

/** The StringId under which spans of a name are grouped. */
export function groupedName(names: StepNames | null, name: number): number {
  return names === null ? name : names.groupOf[name];
}
