/** Format of the trace of a live run. */
export const liveRunFormat = "live-run";

/** What it is called, also where it comes from a file. Its steps lie below spans that name their configurations. */
export const liveRunLabel = "Deltaflame run";
