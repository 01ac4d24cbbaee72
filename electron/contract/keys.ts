/* What clients call traces, files, searches and runs by. */

/** Chosen by the client when it opens a file; unique per client. */
export type TraceKey = string;
/** A file the user granted: `main` (or the command line) knows the path, the window only this token. */
export type FileToken = string;
export type SearchKey = string;
/** Chosen by the client when it starts a run; unique per client. */
export type RunKey = string;
