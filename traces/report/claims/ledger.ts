import { parseYaml } from "../../io/yaml.ts";
import { UserFacingError } from "../../model/errors.ts";
import { seriesInText } from "./tables-in-text.ts";

/** Whether a line names a field of a ledger: a document does not. */
function isLedger(text: string): boolean {
  return /^(?:title|series|mixtures|claims|accuracy):/m.test(text);
}

/** A claims ledger as its author writes it; see the bundled one for every field. */
export interface Ledger {
  readonly title: string;
  readonly series: readonly LedgerSeries[];
  readonly mixtures: readonly LedgerMixture[];
  readonly claims: readonly LedgerClaim[];
  readonly accuracy: readonly LedgerAccuracy[];
}

/** Times of one program at several sizes. */
export interface LedgerSeries {
  readonly id: string;
  readonly subject: string;
  /** "batch": items done together; "size": size of one item. */
  readonly axis: "batch" | "size";
  readonly unit: string;
  /** (size, total time), ascending by size. */
  readonly points: readonly (readonly [size: number, time: number])[];
  /** Time of one item measured elsewhere; null when not said. */
  readonly single: number | null;
  /** Items per second wanted; null when not said. */
  readonly target: number | null;
}

/** Mean and deviation of a few repetitions of which some may have been answered from a cache. */
export interface LedgerMixture {
  readonly subject: string;
  readonly unit: string;
  readonly n: number;
  readonly mean: number;
  /** Population deviation. */
  readonly deviation: number;
  /** Time of an answer from the cache. */
  readonly hit: number;
}

export interface LedgerClaim {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly unit: string;
  /** A value or a range; null for claims without a number. */
  readonly stated: readonly [low: number, high: number] | null;
  /** Calculations of the stated ends. */
  readonly computed: readonly string[];
  /** Relative; null: half a unit of the last stated digit, at least 0.5 %. */
  readonly tolerance: number | null;
  /** Change of the step, or of a row by name, that the stated range promises (−0.3 = 30 % less). */
  readonly change: string | null;
  /** Part of the whole that the claim is about, for the bound on the whole. */
  readonly share: readonly [low: number, high: number] | null;
  /** A point of a series that the claim stands on. */
  readonly baseline: { readonly series: string; readonly at: number } | null;
  /** What a reader decided where nothing can be computed. */
  readonly judged: { readonly status: JudgedStatus; readonly because: string } | null;
}

export type JudgedStatus = "confirmed" | "refuted" | "partly" | "withdrawn" | "not testable here";
const judgedStatuses: readonly string[] = ["confirmed", "refuted", "partly", "withdrawn", "not testable here"];

export interface LedgerAccuracy {
  readonly quantity: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number;
  readonly limit: number;
}

const parts = ["series", "mixtures", "claims", "accuracy"];

/**
 * Reads and checks a ledger; throws `UserFacingError` that names the field. A text that is none gives the series of its
 * tables.
 */
export function readLedger(yaml: string): Ledger {
  const series = isLedger(yaml) ? [] : seriesInText(yaml);
  if (series.length > 0) return { title: "Tables of a text", series, mixtures: [], claims: [], accuracy: [] };
  const root = asRecord(parseYaml(yaml), "the ledger");
  if (!parts.some((part) => part in root))
    throw expected(
      "the ledger",
      `one of ${parts.join(", ")}, or a text with tables of times`,
      Object.keys(root).join(", ") || "nothing",
    );
  return {
    title: asText(root["title"] ?? "Claims", "title"),
    series: asList(root["series"], "series").map(readSeries),
    mixtures: asList(root["mixtures"], "mixtures").map(readMixture),
    claims: asList(root["claims"], "claims").map(readClaim),
    accuracy: asList(root["accuracy"], "accuracy").map(readAccuracy),
  };
}

function readSeries(value: unknown, index: number): LedgerSeries {
  const place = `series ${index + 1}`;
  const entry = asRecord(value, place);
  const axis = asText(entry["axis"] ?? "batch", `${place}, axis`);
  if (axis !== "batch" && axis !== "size") throw expected(`${place}, axis`, '"batch" or "size"', axis);
  const points = Object.entries(asRecord(entry["total"], `${place}, total`)).map(
    ([size, time]) => [asNumber(Number(size), `${place}, total`), asNumber(time, `${place}, total ${size}`)] as const,
  );
  return {
    id: asText(entry["id"] ?? place, `${place}, id`),
    subject: asText(entry["subject"] ?? place, `${place}, subject`),
    axis,
    unit: asText(entry["unit"] ?? "ms", `${place}, unit`),
    points: points.toSorted((x, y) => x[0] - y[0]),
    single: optional(entry["single"], `${place}, single`, asNumber),
    target: optional(entry["target"], `${place}, target`, asNumber),
  };
}

function readMixture(value: unknown, index: number): LedgerMixture {
  const place = `mixtures ${index + 1}`;
  const entry = asRecord(value, place);
  const number = (key: string): number => asNumber(entry[key], `${place}, ${key}`);
  return {
    subject: asText(entry["subject"] ?? place, `${place}, subject`),
    unit: asText(entry["unit"] ?? "ms", `${place}, unit`),
    n: number("n"),
    mean: number("mean"),
    deviation: number("deviation"),
    hit: number("hit"),
  };
}

function readClaim(value: unknown, index: number): LedgerClaim {
  const place = `claims ${index + 1}`;
  const entry = asRecord(value, place);
  const text = (key: string, otherwise: string): string => asText(entry[key] ?? otherwise, `${place}, ${key}`);
  const judged = optional(entry["status"], `${place}, status`, asText);
  if (judged !== null && !judgedStatuses.includes(judged))
    throw expected(`${place}, status`, judgedStatuses.join(", "), judged);
  const computed = entry["computed"];
  return {
    id: text("id", `claim ${index + 1}`),
    text: asText(entry["text"], `${place}, text`),
    source: text("source", ""),
    unit: text("unit", ""),
    stated: optional(entry["stated"], `${place}, stated`, asRange),
    computed: (computed === undefined ? [] : Array.isArray(computed) ? computed : [computed]).map((each: unknown) =>
      asText(typeof each === "number" ? String(each) : each, `${place}, computed`),
    ),
    tolerance: optional(entry["tolerance"], `${place}, tolerance`, asNumber),
    change: optional(entry["change"], `${place}, change`, asText),
    share: optional(entry["share"], `${place}, share`, asRange),
    baseline: optional(entry["baseline"], `${place}, baseline`, (given, where) => {
      const record = asRecord(given, where);
      return { series: asText(record["series"], `${where}, series`), at: asNumber(record["at"], `${where}, at`) };
    }),
    judged: judged === null ? null : { status: judged as JudgedStatus, because: text("because", "") },
  };
}

function readAccuracy(value: unknown, index: number): LedgerAccuracy {
  const place = `accuracy ${index + 1}`;
  const entry = asRecord(value, place);
  return {
    quantity: asText(entry["quantity"], `${place}, quantity`),
    unit: asText(entry["unit"] ?? "", `${place}, unit`),
    before: optional(entry["before"], `${place}, before`, asNumber),
    after: asNumber(entry["after"], `${place}, after`),
    limit: asNumber(entry["limit"], `${place}, limit`),
  };
}

function optional<T>(value: unknown, place: string, read: (value: unknown, place: string) => T): T | null {
  return value === undefined || value === null ? null : read(value, place);
}

function asRecord(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw expected(place, "fields with names", value);
}

function asList(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw expected(place, "a list", value);
}

function asText(value: unknown, place: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw expected(place, "text", value);
}

function asNumber(value: unknown, place: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw expected(place, "a number", value);
}

function asRange(value: unknown, place: string): readonly [number, number] {
  if (!Array.isArray(value)) {
    const single = asNumber(value, place);
    return [single, single];
  }
  if (value.length !== 2) throw expected(place, "a number or [low, high]", value);
  return [asNumber(value[0], place), asNumber(value[1], place)];
}

function expected(place: string, what: string, found: unknown): UserFacingError {
  return new UserFacingError(`claims ledger, ${place}: expected ${what}, found ${JSON.stringify(found) ?? "nothing"}`);
}
