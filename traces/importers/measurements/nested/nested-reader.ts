import type { Measurement } from "../../../measure/measurement.ts";
import { findTellingKey, tellingWord } from "../../../measure/telling-word.ts";
import { guessBetter, guessUnit, wordsOf } from "../guess-unit.ts";
import type { NumberBook } from "../number-book.ts";
import { isRecord, type JsonRecord } from "../stated-summary.ts";
import { readFacts } from "./read-facts.ts";
import { groupStatistics, isCountOfSamples, toSummary } from "./statistic-words.ts";

/** Members that hold facts about machine and run instead of results. */
const factKeys: ReadonlySet<string> = new Set([
  "config",
  "configuration",
  "environment",
  "platform",
  "machine",
  "metadata",
  "system",
  "hardware",
]);

/** Words of lists that hold repetitions although no unit says so. */
const repetitionWords: ReadonlySet<string> = new Set([
  "times",
  "values",
  "samples",
  "runs",
  "latencies",
  "durations",
  "timings",
  "data",
]);
/** Words of a list's name that say only that it is one. */
const listWords: ReadonlySet<string> = new Set(["all", "raw", "values", "samples", "runs", "list", "data"]);

const deepest = 64;

/** Walks a JSON value and collects its numbers as measurements. */
export class NestedReader {
  readonly measurements: Measurement[] = [];
  readonly facts: (readonly [key: string, value: string])[] = [];
  readonly #book: NumberBook;

  constructor(book: NumberBook) {
    this.#book = book;
  }

  read(root: object): void {
    if (Array.isArray(root)) this.#readList([], "results", root);
    else if (isRecord(root)) this.#readObject([], root);
  }

  #readObject(path: readonly string[], object: JsonRecord): void {
    if (path.length > deepest) return this.#book.note(`values below ${deepest} levels were left out`);
    const numbers = new Map<string, number>();
    const lists = new Map<string, readonly number[]>();
    const inner: (() => void)[] = [];
    for (const [key, value] of Object.entries(object)) {
      if (typeof value === "number") numbers.set(key, value);
      else if (isRecord(value)) {
        if (factKeys.has(key)) readFacts(value, this.facts, this.#book);
        else inner.push(() => this.#readObject([...path, key], value));
      } else if (Array.isArray(value)) {
        if (value.length > 0 && value.every((item) => typeof item === "number")) lists.set(key, value);
        else inner.push(() => this.#readList(path, key, value));
      } else if (path.length === 0 && typeof value === "string") readFacts({ [key]: value }, this.facts, this.#book);
    }
    // What stands at this level comes before what stands below.
    this.#addNumbers(path, numbers, lists);
    for (const read of inner) read();
  }

  #addNumbers(
    path: readonly string[],
    numbers: ReadonlyMap<string, number>,
    lists: ReadonlyMap<string, readonly number[]>,
  ): void {
    const { groups, rest } = groupStatistics(numbers, hasRepetitions(lists));
    const count = rest.find(([key]) => isCountOfSamples(key));
    const usesCount = groups.length > 0 && count !== undefined;
    if (usesCount) this.#book.statistic();
    const taken = new Set<string>();
    for (const { name, statistics } of groups) {
      const stated = toSummary(statistics, usesCount ? count[1] : null);
      this.#book.statistic(statistics.length);
      const list = groups.length === 1 || name !== "" ? findList(lists, name, taken) : null;
      this.#add(
        [...path, ...nameWords(name)],
        list === null ? [] : list.values,
        stated,
        list === null ? name : `${name}_${list.key}`,
      );
    }
    for (const [key, values] of lists) if (!taken.has(key)) this.#addList(path, key, values);
    for (const [key, value] of rest) {
      if (usesCount && key === count[0]) continue;
      this.#add([...path, key], [value], null, key);
    }
  }

  #addList(path: readonly string[], key: string, values: readonly number[]): void {
    if (isRepetitions(key)) this.#add([...path, listName(key)], values, null, key);
    else this.#book.leftOut("lists of numbers that are no repetitions", values.length);
  }

  #add(path: readonly string[], values: readonly number[], stated: Measurement["stated"], name: string): void {
    this.#book.value(values.length);
    const unit = guessUnit(name);
    // What the objects around are called may tell what a bare number counts.
    const better = guessBetter(name, unit.symbol);
    this.measurements.push({ path: path.length === 0 ? ["value"] : path, values, warmups: [], stated, unit, better });
  }

  #readList(path: readonly string[], key: string, items: readonly unknown[]): void {
    if (path.length > deepest) return this.#book.note(`values below ${deepest} levels were left out`);
    const objects = items.filter(isRecord);
    for (const [index, item] of items.entries()) {
      if (Array.isArray(item)) this.#readList([...path, key], `#${index + 1}`, item);
      else if (typeof item === "number") this.#book.leftOut("lists of numbers that are no repetitions");
    }
    const telling = findTellingKey(objects);
    for (const [index, object] of objects.entries()) {
      if (typeof object[telling ?? ""] === "number") this.#book.fact();
      const { [telling ?? ""]: _told, ...others } = object;
      this.#readObject([...path, key, tellingWord(object, telling, index)], others);
    }
  }
}

/** A name that only says its unit tells nothing beside the path. */
const nameWords = (name: string): readonly string[] => (/^(?:|ns|us|ms|s|sec|seconds)$/.test(name) ? [] : [name]);

function hasRepetitions(lists: ReadonlyMap<string, readonly number[]>): boolean {
  return [...lists.keys()].some(isRepetitions);
}

function isRepetitions(key: string): boolean {
  return guessUnit(key).symbol !== "" || wordsOf(key).some((word) => repetitionWords.has(word));
}

/** "all_times_ms" → "times_ms". */
function listName(key: string): string {
  const words = key.split("_").filter((word) => !listWords.has(word.toLowerCase()));
  return words.length === 0 ? key : words.join("_");
}

/** The list of repetitions of a summary: of the same name but for plurals and words that say it is a list. */
function findList(
  lists: ReadonlyMap<string, readonly number[]>,
  name: string,
  taken: Set<string>,
): { readonly key: string; readonly values: readonly number[] } | null {
  for (const [key, values] of lists) {
    if (taken.has(key) || !isRepetitions(key) || !belongsTo(key, name)) continue;
    taken.add(key);
    return { key, values };
  }
  return null;
}

function belongsTo(key: string, name: string): boolean {
  const plain = (text: string): readonly string[] =>
    wordsOf(text)
      .filter((word) => !listWords.has(word) && word !== "time" && word !== "times")
      .map((word) => word.replace(/s$/, ""));
  return plain(key).join(" ") === plain(name).join(" ");
}
