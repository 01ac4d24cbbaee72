import {
  BenchmarkResultsError,
  CancelledError,
  type FilePlace,
  InflateLimitError,
  NanosecondTimesError,
  ReportNeedsExportError,
  TraceFormatError,
  UserFacingError,
} from "../../traces/model/errors.ts";

/** An error as it travels between processes: no stack, no absolute path. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly place?: FilePlace;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof TraceFormatError) return { name: error.name, message: error.message, place: error.place };
  if (
    error instanceof InflateLimitError ||
    error instanceof CancelledError ||
    error instanceof ReportNeedsExportError ||
    error instanceof UserFacingError
  )
    return { name: error.name, message: error.message };
  // Not written for people: the system and the runtime put paths into theirs.
  if (error instanceof Error) return { name: error.name, message: withoutPaths(error.message) };
  return { name: "Error", message: withoutPaths(String(error)) };
}

function withoutPaths(text: string): string {
  return text.replace(/(?<=^|[\s'"`(])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^\s'"`)]+/g, "…");
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.name === "BenchmarkResultsError") return new BenchmarkResultsError(plain.message, plain.place ?? {});
  if (plain.name === "NanosecondTimesError") return new NanosecondTimesError(plain.message, plain.place ?? {});
  if (plain.name === "TraceFormatError") return new TraceFormatError(plain.message, plain.place ?? {});
  if (plain.name === "InflateLimitError") return new InflateLimitError(plain.message);
  if (plain.name === "ReportNeedsExportError") return new ReportNeedsExportError(plain.message);
  if (plain.name === "CancelledError") return new CancelledError(plain.message);
  if (plain.name === "UserFacingError") return new UserFacingError(plain.message);
  const error = new Error(plain.message);
  error.name = plain.name;
  return error;
}
