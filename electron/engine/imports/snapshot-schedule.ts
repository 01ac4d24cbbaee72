/** When a growing trace is worth showing again. */
export interface SnapshotSchedule {
  isDue(bytesRead: number, spanCount: number): boolean;
  /** To be told after each snapshot: how many spans it held, and how long it took. */
  taken(spanCount: number, tookMs: number): void;
}

/**
 * Each snapshot seals all spans so far, time that the import itself then lacks. So the first chunk is shown at once;
 * after that the spans must be four times as many, and what is still to come must be worth waiting for: more than
 * half a second, and several times what the snapshot will cost.
 */
export function createSnapshotSchedule(totalBytes: number, nowMs: () => number): SnapshotSchedule {
  const startMs = nowMs();
  let shownSpans = 0;
  let msPerSpan = 0;
  return {
    isDue(bytesRead, spanCount) {
      if (spanCount === 0 || spanCount < shownSpans * growth) return false;
      if (shownSpans === 0) return true;
      const leftMs = ((nowMs() - startMs) / bytesRead) * Math.max(0, totalBytes - bytesRead);
      return leftMs >= worthWaitingMs && spanCount * msPerSpan <= leftMs / worthCost;
    },
    taken(spanCount, tookMs) {
      shownSpans = spanCount;
      msPerSpan = tookMs / spanCount;
    },
  };
}

const growth = 4;
const worthWaitingMs = 500;
const worthCost = 4;
