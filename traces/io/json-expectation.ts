import { TraceFormatError } from "../model/errors.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Checks values that came out of `JSON.parse`; every refusal names the place and what was expected there. */
export interface JsonExpectation {
  error(what: string, wanted: string): TraceFormatError;
  object(what: string, value: unknown): JsonRecord;
  text(what: string, value: unknown): string;
  number(what: string, value: unknown): number;
  /** A whole number from 0 to 2^53. */
  count(what: string, value: unknown): number;
  integerText(what: string, value: unknown): string;
  list<T>(what: string, value: unknown, read: (item: unknown, what: string) => T): readonly T[];
}

/** `of`: what the values are a part of, for messages; `byteOffset`: where it starts. */
export function createJsonExpectation({
  format,
  of,
  byteOffset,
}: {
  readonly format: string;
  readonly of: string;
  readonly byteOffset: number;
}): JsonExpectation {
  const error = (what: string, wanted: string): TraceFormatError =>
    new TraceFormatError(`expected ${wanted} at "${what}" of ${of}, found something else`, { format, byteOffset });
  const number = (what: string, value: unknown): number => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw error(what, "a number");
    return value;
  };
  const text = (what: string, value: unknown): string => {
    if (typeof value !== "string") throw error(what, "a text");
    return value;
  };
  return {
    error,
    number,
    text,
    object(what, value) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw error(what, "an object");
      return value as JsonRecord;
    },
    count(what, value) {
      const count = number(what, value);
      if (!Number.isSafeInteger(count) || count < 0) throw error(what, "a whole number");
      return count;
    },
    integerText(what, value) {
      const digits = text(what, value);
      if (!/^-?\d{1,30}$/.test(digits)) throw error(what, "a whole number as text");
      return digits;
    },
    list(what, value, read) {
      if (!Array.isArray(value)) throw error(what, "a list");
      return value.map((item: unknown, index) => read(item, `${what}[${index}]`));
    },
  };
}
