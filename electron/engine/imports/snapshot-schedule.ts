/** When a growing trace is worth showing again. */
export interface SnapshotSchedule {
  isDue(bytesRead: number, spanCount: number): boolean;
  /** To be told after each snapshot: how many spans it held, and how long it took. */
  taken(spanCount: number, tookMs: number): void;
}

/**
 * Each snapshot seals all spans so far, time that the import itself then lacks. So the first chunk is shown at once;
 * after that the spans must be four times as many, and what is still to come must be worth waiting for: more than
 * half a second, and several times what the snapshot will cost. How fast it comes is measured since the last snapshot,
 * for a while: the file is opened before, and the first chunks take longer than the others.
 */
export function createSnapshotSchedule(totalBytes: number, nowMs: () => number): SnapshotSchedule {
  let shownSpans = 0;
  let shownBytes = 0;
  let shownAtMs = 0;
  let msPerSpan = 0;
  const isWorthIt = (bytesRead: number, spanCount: number): boolean => {
    const sinceMs = nowMs() - shownAtMs;
    if (sinceMs < measuredMs) return false;
    const leftMs = (sinceMs / (bytesRead - shownBytes)) * Math.max(0, totalBytes - bytesRead);
    return leftMs >= worthWaitingMs && spanCount * msPerSpan <= leftMs / worthCost;
  };
  return {
    isDue(bytesRead, spanCount) {
      if (spanCount === 0 || spanCount < shownSpans * growth) return false;
      if (shownSpans > 0 && !isWorthIt(bytesRead, spanCount)) return false;
      shownBytes = bytesRead;
      return true;
    },
    taken(spanCount, tookMs) {
      shownSpans = spanCount;
      shownAtMs = nowMs();
      msPerSpan = tookMs / spanCount;
    },
  };
}

const growth = 4;
const measuredMs = 100;
const worthWaitingMs = 500;
const worthCost = 4;
