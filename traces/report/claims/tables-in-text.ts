import type { LedgerSeries } from "./ledger.ts";

/*
 * Times by batch or size as people write them into documents:
 *
 * | Batch Size | Total Time (ms) | … |        a table whose first column counts, and whose head names a time
 * - Batch size 2: 21.82 ms/structure          a list of times per item
 * Mean inference time | 38.22 ± 0.92 ms        a single one, for comparison
 */

const batchWord = /\bbatch/i;
const sizeWord = /\b(?:atoms?|points?|size|length|elements)\b/i;
const unitWord = /\b(ns|us|µs|ms|s)\b/;
const perItem = /\/|\bper\b/i;
const spread = /\bstd\b|deviation|\bp\d\d\b|percentile|\bmin\b|\bmax\b/i;

/** Every series of at least two sizes in a text, in its order. */
export function seriesInText(text: string): readonly LedgerSeries[] {
  const single = singleIn(text);
  return [...tablesIn(text).flatMap((table) => seriesOfTable(table, single)), ...seriesOfList(text, single)].map(
    (series, index) => ({ ...series, id: `table-${index + 1}` }),
  );
}

type Table = readonly (readonly string[])[];

/** Head and rows of Markdown tables, cells trimmed. */
function tablesIn(text: string): readonly Table[] {
  const tables: string[][][] = [];
  let open: string[][] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const cells =
      /^\s*\|(.*)\|\s*$/
        .exec(line)?.[1]
        ?.split("|")
        .map((cell) => cell.trim()) ?? null;
    if (cells === null) open = null;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      if (open === null) tables.push((open = []));
      open.push(cells);
    }
  }
  return tables;
}

function seriesOfTable([head, ...rows]: Table, single: Single | null): readonly LedgerSeries[] {
  if (head === undefined) return [];
  const [first = ""] = head;
  const axis = batchWord.test(first) ? "batch" : sizeWord.test(first) ? "size" : null;
  const column = head.findIndex(
    (title, at) => at > 0 && unitIn(title) !== null && !perItem.test(title) && !spread.test(title),
  );
  if (axis === null || column < 0) return [];
  const points = rows.flatMap((cells) => pointOf(cells[0], cells[column]));
  return toSeries(axis, `table by ${first.toLowerCase()}`, unitIn(head[column] ?? "") ?? "ms", points, single);
}

/** "Time (ms)", "Mean, ms". */
function unitIn(title: string): string | null {
  return unitWord.exec(/\(([^)]*)\)/.exec(title)?.[1] ?? title.split(",").at(-1) ?? "")?.[1] ?? null;
}

const listed = /^\W*\*{0,2}batch(?:\s*size)?[\s-]*(\d+)\*{0,2}\s*:\s*([\d.]+)\s*(ns|us|µs|ms|s)\s*\/\s*\w+/gim;

/** Times per item, so that the whole batch takes its size times that. */
function seriesOfList(text: string, single: Single | null): readonly LedgerSeries[] {
  const found = [...text.matchAll(listed)];
  const unit = found[0]?.[3] ?? "ms";
  const seen = new Map<number, number>();
  for (const [, size, time, own] of found)
    if (own === unit && !seen.has(Number(size))) seen.set(Number(size), Number(size) * Number(time));
  return toSeries("batch", "list by batch", unit, [...seen], single);
}

type Point = LedgerSeries["points"][number];

function pointOf(size: string | undefined, time: string | undefined): readonly Point[] {
  const numbers = [size, time].map((cell) =>
    Number(/^[\d,]*\.?\d+/.exec(cell ?? "")?.[0].replaceAll(",", "") ?? Number.NaN),
  );
  const [x = Number.NaN, t = Number.NaN] = numbers;
  return x > 0 && t > 0 ? [[x, t]] : [];
}

function toSeries(
  axis: LedgerSeries["axis"],
  subject: string,
  unit: string,
  points: readonly Point[],
  single: Single | null,
): readonly LedgerSeries[] {
  if (new Set(points.map(([size]) => size)).size < 2) return [];
  const sorted = points.toSorted(([x], [y]) => x - y);
  return [
    { id: "", subject, axis, unit, points: sorted, single: single?.unit === unit ? single.time : null, target: null },
  ];
}

interface Single {
  readonly time: number;
  readonly unit: string;
}

function singleIn(text: string): Single | null {
  const found = /(?:mean|single)[ -]inference(?: time)?[\s|:*]*([\d.]+)[^\n|]*?\b(ns|us|µs|ms|s)\b/i.exec(text);
  return found === null ? null : { time: Number(found[1]), unit: found[2] ?? "ms" };
}
