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

const meanWord = /^(?:mean|avg|average|total)(?:_time|_latency)?_ms$/i;
const stdWord = /^std(?:_time)?_ms$/i;
const countWord = /^(?:n|n_samples|n_trials|samples|count)$/i;
const samplesWord = /^(?:all_)?(?:times|samples)_ms$/i;
const sizeWord = /^(?:n_atoms|atoms|n_points|points|size)$/i;
const deepest = 12;

export function readTimings(file: unknown): readonly Timing[] {
  const timings: Timing[] = [];
  visit(file, [], (record, path) => {
    const meanMs = numberOf(record, meanWord);
    if (meanMs === null || !(meanMs > 0)) return;
    const samples = valueOf(record, samplesWord);
    const place = path.length === 0 ? "the file" : path.join(" / ");
    timings.push({
      place,
      path,
      batchSeries: path.slice(0, -1).join(" / "),
      sizeSeries: path.slice(0, -1).join(" / "),
      meanMs,
      stdMs: numberOf(record, stdWord),
      count: numberOf(record, countWord),
      samplesMs: isNumbers(samples) ? samples : [],
      batch: numberBelow(path, /batch/i),
      size: numberOf(record, sizeWord) ?? numberBelow(path, /size|atoms|system|scaling/i),
    });
  });
  return timings;
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

/** What lies in a list goes by what tells it apart, where that is one for each. */
function membersOf(value: object): readonly (readonly [word: string, value: unknown])[] {
  if (!Array.isArray(value)) return Object.entries(value);
  const records = value.filter(isRecord);
  const key = findTellingKey(records);
  const isUnique = key !== null && new Set(records.map((record) => record[key])).size === records.length;
  return value.map((item, index) => [
    isRecord(item) ? tellingWord(item, isUnique ? key : null, index) : `#${index + 1}`,
    item,
  ]);
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
