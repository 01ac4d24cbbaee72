/** Where in a file something was found. */
export interface FilePlace {
  readonly format?: string;
  readonly byteOffset?: number;
}

/** The file cannot be read as a trace: says what was expected, what was found and where. */
export class TraceFormatError extends Error {
  override readonly name = "TraceFormatError";
  readonly place: FilePlace;
  constructor(message: string, place: FilePlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.place = place;
  }
}

/** The file holds benchmark results: numbers without a place in time, which are read in another way. */
export class BenchmarkResultsError extends TraceFormatError {
  // A subclass may be told apart by its name, also across processes.
  override readonly name = "BenchmarkResultsError" as "TraceFormatError";
}

/** All times of a file in microseconds are so large that they must be nanoseconds; the user may have them read as such. */
export class NanosecondTimesError extends TraceFormatError {
  override readonly name = "NanosecondTimesError" as "TraceFormatError";
}

/** The events that are wanted tell times of another clock than the first event: the file is to be read anew by that. */
export class OtherClockError extends Error {
  override readonly name = "OtherClockError";
  /** The start of one of them. */
  readonly baseMicros: number;

  constructor(baseMicros: number) {
    super("the file has two clocks");
    this.baseMicros = baseMicros;
  }
}

/** A compressed file grows beyond the limits of the import; the user may lift them. */
export class InflateLimitError extends Error {
  override readonly name = "InflateLimitError";
}

/** The file is of a format that only another program can read; it names the program and what to type. */
export class ReportNeedsExportError extends Error {
  override readonly name = "ReportNeedsExportError";
}

/** The user asked for the end of it; nothing is shown. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor(message = "cancelled") {
    super(message);
  }
}

/** What errors begin with that reading the file again would help. */
export const changedOnDisk = "The file changed on disk after it was opened";

/** An expected refusal whose text is meant for the user. */
export class UserFacingError extends Error {
  override readonly name = "UserFacingError";
}
