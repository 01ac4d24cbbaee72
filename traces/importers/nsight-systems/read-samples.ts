import type { StringId } from "../../model/ids.ts";
import type { SqliteRows } from "../../io/sqlite/sqlite.ts";
import { SampledStacks, type StackNode } from "../chrome/sampled-stacks.ts";
import type { ThreadRef } from "./owners.ts";
import { hasTime, type Reading } from "./reading.ts";

/** A pause of so many usual distances between samples is a thread that does not run. */
const pauseFactor = 8;

/** Samples of the processors: stacks of threads at moments, drawn as spans for as long as they hold. */
export function readCpuSamples(reading: Reading): void {
  const { builder, scan, owners } = reading;
  if (!scan.has("COMPOSITE_EVENTS")) return;
  const chains = readChains(reading);
  const samples = new Map<ThreadRef, { readonly timeNs: number; readonly leaf: StackNode | null }[]>();
  let withoutStack = 0;
  scan.events("COMPOSITE_EVENTS", ["start", "globalTid", "id"], (row) => {
    if (!hasTime(row, 1, builder)) return;
    const timeNs = row.number(1);
    const thread = owners.threadOf(row, 2);
    const leaf = chains.get(row.number(3)) ?? null;
    builder.ledger.foldedIn();
    if (leaf === null) withoutStack++;
    const list = samples.get(thread) ?? [];
    list.push({ timeNs, leaf });
    samples.set(thread, list);
  });
  builder.ledger.note("samplesWithoutStack", "processor samples without a call stack", -1, withoutStack, "info");
  for (const [thread, list] of samples) {
    if (list.every(({ leaf }) => leaf === null)) continue;
    const track = owners.trackBeside(thread, "samples of", "thread");
    toStacks(list).addSpans(builder, track, 0);
  }
}

function toStacks(list: { readonly timeNs: number; readonly leaf: StackNode | null }[]): SampledStacks {
  const ordered = list.toSorted((a, b) => a.timeNs - b.timeNs);
  const gaps = ordered.slice(1).map(({ timeNs }, i) => timeNs - ordered[i].timeNs);
  const usualNs = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
  const stacks = new SampledStacks();
  for (const [i, { timeNs, leaf }] of ordered.entries()) {
    stacks.add(timeNs, leaf);
    const gapNs = gaps[i];
    if (gapNs !== undefined && gapNs > usualNs * pauseFactor) stacks.add(timeNs + usualNs, null);
  }
  stacks.endNs = (ordered.at(-1)?.timeNs ?? 0) + usualNs;
  return stacks;
}

/** Innermost place of each call chain, by sample id. Rows of a chain follow one another, innermost first. */
function readChains({ builder, scan, strings }: Reading): Map<number, StackNode> {
  const chains = new Map<number, StackNode>();
  const children = new Map<StackNode | null, Map<StringId, StackNode>>();
  const nodeOf = (parent: StackNode | null, name: StringId): StackNode => {
    const known = children.get(parent) ?? new Map<StringId, StackNode>();
    children.set(parent, known);
    let node = known.get(name);
    if (node === undefined) {
      node = { parent, name };
      known.set(name, node);
    }
    return node;
  };
  const frames: { readonly name: StringId; readonly depth: number }[] = [];
  let chain = Number.NaN;
  const finish = (): void => {
    let node: StackNode | null = null;
    for (const { name } of frames.toSorted((a, b) => b.depth - a.depth)) node = nodeOf(node, name);
    if (node !== null) chains.set(chain, node);
    frames.length = 0;
  };
  const addFrame = (row: SqliteRows): void => {
    if (row.number(1) !== chain) finish();
    chain = row.number(1);
    const symbol = strings.text(row.number(2)) ?? `<string ${row.number(2)}>`;
    frames.push({ name: builder.intern(symbol), depth: row.number(3) });
  };
  scan.facts("SAMPLING_CALLCHAINS", ["id", "symbol", "stackDepth"], addFrame, "foldedIn");
  finish();
  return chains;
}
