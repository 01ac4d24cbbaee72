import type { Sliced } from "../model/sliced.ts";
import { spansPerSlice } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { endOf, flagsOf, SpanFlag, type Trace } from "../model/trace.ts";
import { isDeviceTrack } from "../compare/track-roles.ts";

/**
 * What spans computed from, as far as their arguments tell: two spans of one name and one text had the same inputs.
 * Arguments are no part of a trace, so whoever can read them collects this before rules look.
 */
export interface Inputs {
  /** By SpanId. */
  readonly of: ReadonlyMap<number, string>;
  /** Why nothing is known; null where arguments were looked at. */
  readonly missing: string | null;
}

export type Arguments = readonly (readonly [key: string, value: string])[];

export const noArguments: Inputs = { of: new Map(), missing: "the arguments of spans" };

/** Names that are asked about, the costliest first, and spans of all of them that are read at most. */
const mostNames = 32;
const mostSpans = 4096;

/**
 * Reads the arguments of host spans that come up again, of as few as possible: of one span a name, and of all where that
 * tells its inputs. `read` may throw.
 */
export async function collectInputs(
  names: readonly (readonly number[])[],
  read: (span: number) => Promise<Arguments>,
): Promise<Inputs> {
  const of = new Map<number, string>();
  let left = mostSpans;
  for (const spans of names) {
    const first = await read(spans[0]);
    if (first.every(([key]) => !tellsInputs(key)) || spans.length > left) continue;
    left -= spans.length;
    const found = new Map<number, Arguments>([[spans[0], first]]);
    for (const span of spans.slice(1)) found.set(span, await read(span));
    const keys = inputKeys([...found.values()]);
    for (const [span, values] of found) {
      const told = values.filter(([key]) => keys.has(key)).map((pair) => pair.join("="));
      if (told.length > 0) of.set(span, told.join(", "));
    }
  }
  return { of, missing: of.size > 0 ? null : "spans whose arguments tell their inputs, such as “inputs”: a digest" };
}

/** Host spans by name, of names that come up again; the names that take longest first. */
export function* findRepeatedNames({ tracks, spans, strings }: Trace): Sliced<readonly (readonly number[])[]> {
  const totals = new Float64Array(strings.length);
  const counts = new Uint32Array(strings.length);
  let budget = spansPerSlice;
  const isAsked = (span: number): boolean =>
    spans.kind[span] !== SpanKind.step && (flagsOf(spans, span) & (SpanFlag.openEnded | SpanFlag.derived)) === 0;
  const host = tracks.filter((track) => track.spanCount > 0 && !isDeviceTrack(track));
  for (const { firstSpan, spanCount } of host)
    for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
      if (isAsked(span)) {
        totals[spans.name[span]] += endOf(spans, span) - spans.startNs[span];
        counts[spans.name[span]]++;
      }
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
  const asked = Array.from(counts.keys())
    .filter((name) => counts[name] > 1 && counts[name] <= mostSpans)
    .sort((a, b) => totals[b] - totals[a] || a - b)
    .slice(0, mostNames);
  const lists = new Map(asked.map((name) => [name, [] as number[]]));
  for (const { firstSpan, spanCount } of host)
    for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
      if (isAsked(span)) lists.get(spans.name[span])?.push(span);
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
  return [...lists.values()];
}

const digestWords = /[ _.-]?(?:digest|hash|fingerprint|checksum)$/i;
const inputWords = /^(?:inputs?|param(?:eter)?s?)(?:[ _.-]?(?:digest|hash|fingerprint|checksum))?$/i;
const digest = /^(?:0x)?[0-9a-f]{6,128}$/i;

/** "inputs", "parameters", "input_hash"; "Input Dims" tells a size, not what it holds. */
const tellsInputs = (key: string): boolean => inputWords.test(key);

/** Keys all of whose values are digests; a plain "parameters" of digits alone may be how many there are. */
function inputKeys(lists: readonly Arguments[]): ReadonlySet<string> {
  const keys = new Set(lists.flatMap((values) => values.map(([key]) => key)).filter(tellsInputs));
  for (const key of keys) {
    const values = lists.flatMap((list) => list.filter((pair) => pair[0] === key).map((pair) => pair[1]));
    const areDigests = values.every((value) => digest.test(value));
    if (!areDigests || !(digestWords.test(key) || values.some((value) => /[a-f]/i.test(value)))) keys.delete(key);
  }
  return keys;
}
