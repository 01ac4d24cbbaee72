import type { ScanSink } from "../../../traces/importers/json-scan/event-scanner.ts";

const nothing = (): void => undefined;

/** Makes nothing of what a scanner tells, so that scanning alone is timed. */
export const silentSink: ScanSink = {
  event: nothing,
  rows: nothing,
  wantsMember: () => false,
  member: nothing,
  notAnEvent: nothing,
  malformedEvent: nothing,
  oversized: nothing,
  repair: nothing,
};
