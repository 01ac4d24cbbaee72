import { findTellingKey, tellingWord } from "../telling-word.ts";
import type { Timing } from "./finding.ts";

/*
 * Timings of a benchmark file of unknown make: every object that holds a mean in ms, with what stands beside it.
 * Words are matched as people write them: mean_time_ms, mean_ms, avg_latency_ms, total_time_ms.
 */

/** A profile inside the file: how many events, and which. */
export interface ProfileEntry {
  readonly place: string;
  readonly names: readonly string[];
  readonly deviceUs: number;
}

/** A word before the mean names another quantity of the same record: mean_ms and force_mean_ms. */
const meanWord = /^(?:(\w+)_)?(?:mean|avg|average|total)(?:_time|_latency)?_ms$/i;
const countWord = /^(?:n|n_samples|n_trials|samples|count)$/i;
const sizeWord = /^(?:n_atoms|atoms|n_points|points|size)$/i;
const deepest = 12;

export function readTimings(file: unknown): readonly Timing[] {
  const timings: Timing[] = [];
  visit(file, [], (record, path) => {
    for (const [key, quantity] of meansOf(record)) {
      const meanMs = record[key];
      if (typeof meanMs !== "number" || !Number.isFinite(meanMs)) continue;
      const words = quantity === "" ? [] : [quantity];
      const samples = valueOf(record, wordWith(quantity, "(?:all_)?", "(?:times|samples)_ms"));
      const place = [...path, ...words].join(" / ");
      const series = [...path.slice(0, -1), ...words].join(" / ");
      timings.push({
        place: place === "" ? "the file" : place,
        path: [...path, ...words],
        batchSeries: series,
        sizeSeries: series,
        meanMs,
        stdMs: numberOf(record, wordWith(quantity, "", "std(?:_time)?_ms")),
        count: numberOf(record, countWord),
        samplesMs: isNumbers(samples) ? samples : [],
        isWarmedUp: false,
        batch: numberBelow(path, /batch/i),
        size: numberOf(record, sizeWord) ?? numberBelow(path, /size|atoms|system|scaling/i),
      });
    }
  });
  return timings;
}

/** The keys of means in a record, each with the word before it; the first of a word counts. */
function meansOf(record: JsonRecord): readonly (readonly [key: string, quantity: string])[] {
  const keys = new Map<string, string>();
  for (const key of Object.keys(record)) {
    const quantity = meanWord.exec(key)?.[1] ?? "";
    if (meanWord.test(key) && !keys.has(quantity)) keys.set(quantity, key);
  }
  return [...keys].map(([quantity, key]) => [key, quantity]);
}

/** `quantity` is made of word characters, so it means itself. */
function wordWith(quantity: string, before: string, word: string): RegExp {
  return new RegExp(`^${before}${quantity === "" ? "" : `${quantity}_`}${word}$`, "i");
}

/** Lists of profiled operations: objects with a name and a time on the device. */
export function readProfiles(file: unknown): readonly ProfileEntry[] {
  const profiles: ProfileEntry[] = [];
  visit(file, [], (record, path) => {
    for (const [key, value] of Object.entries(record)) {
      if (!Array.isArray(value) || value.length === 0 || !value.every(isOperation)) continue;
      const names = value.map(({ name }) => name);
      profiles.push({
        place: [...path, key].join(" / "),
        names,
        deviceUs: value.reduce((sum, one) => sum + one.cuda_time_us, 0),
      });
    }
  });
  return profiles;
}

type JsonRecord = Readonly<Record<string, unknown>>;

function visit(
  value: unknown,
  path: readonly string[],
  look: (record: JsonRecord, path: readonly string[]) => void,
): void {
  if (typeof value !== "object" || value === null || path.length > deepest) return;
  if (isRecord(value)) look(value, path);
  for (const [word, inner] of membersOf(value)) visit(inner, [...path, word], look);
}

/** What lies in a list goes by what tells it apart; of those that are called the same the second is "n_atoms=12 #2". */
function membersOf(value: object): readonly (readonly [word: string, value: unknown])[] {
  if (!Array.isArray(value)) return Object.entries(value);
  const key = findTellingKey(value.filter(isRecord));
  const counts = new Map<string, number>();
  return value.map((item, index) => {
    const word = isRecord(item) ? tellingWord(item, key, index) : `#${index + 1}`;
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return [count === 1 ? word : `${word} #${count}`, item];
  });
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf(record: JsonRecord, word: RegExp): unknown {
  const key = Object.keys(record).find((name) => word.test(name));
  return key === undefined ? undefined : record[key];
}

function numberOf(record: JsonRecord, word: RegExp): number | null {
  const value = valueOf(record, word);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The number that is the last word of a path whose word before matches: ["batch_inference", "4"] → 4. */
function numberBelow(path: readonly string[], word: RegExp): number | null {
  const last = path.at(-1) ?? "";
  if (!/^\d+$/.test(last) || !word.test(path.at(-2) ?? "")) return null;
  return Number(last);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

function isOperation(value: unknown): value is { readonly name: string; readonly cuda_time_us: number } {
  if (typeof value !== "object" || value === null) return false;
  const { name, cuda_time_us: deviceUs } = value as JsonRecord;
  return typeof name === "string" && typeof deviceUs === "number";
}
