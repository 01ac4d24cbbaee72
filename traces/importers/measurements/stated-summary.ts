import type { StatedSummary } from "../../measure/measurement.ts";

/** A summary of which nothing is known but what is given. */
export function statedSummary(known: Partial<StatedSummary>): StatedSummary {
  return {
    n: null,
    mean: null,
    median: null,
    standardDeviation: null,
    min: null,
    max: null,
    quantiles: [],
    ...known,
  };
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text of a scalar; null for everything else. */
export function scalarText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

export const numberOr = (value: unknown): number | null => (typeof value === "number" ? value : null);

export const textOr = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
