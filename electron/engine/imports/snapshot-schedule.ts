/**
 * When a growing trace is worth showing again. Each snapshot seals all spans so far, so they come at a geometric
 * pace: after the first chunk, then whenever the spans are four times as many, and not in the last third of the
 * file, where the sealed trace is about to come. Their cost in total is about a third of one seal.
 */
export function createSnapshotSchedule(totalBytes: number): (bytesRead: number, spanCount: number) => boolean {
  let shownSpans = 0;
  return (bytesRead, spanCount) => {
    if (spanCount === 0 || spanCount < shownSpans * growth || bytesRead > totalBytes * (1 - quietFraction))
      return false;
    shownSpans = spanCount;
    return true;
  };
}

const growth = 4;
const quietFraction = 1 / 3;
