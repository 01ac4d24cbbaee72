import { createRunClock, startClock } from "./clock.ts";
import { createColumnRecorder } from "./column-recorder.ts";
import { blockRows } from "./record-block.ts";
import type { SpanRecorder } from "./recorder.ts";

/**
 * Cost of one recorded span (begin and end) on this machine, ns: the median over batches on a scratch recorder.
 * Told with every run, so that what recording adds can be judged: spans × this.
 */
export function calibrateSpanCost(): number {
  const clock = createRunClock(startClock());
  const recorder = createColumnRecorder({
    track: 0,
    name: "calibration",
    clock,
    tell: () => undefined,
    maxRows: blockRows,
  });
  return timeSpans(recorder, clock);
}

/** Median cost of a span over batches, ns, of whatever recorder. */
export function timeSpans(recorder: SpanRecorder, clock: () => number): number {
  const name = recorder.name("span");
  const costs: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const startNs = clock();
    for (let span = 0; span < spansPerBatch; span++) {
      recorder.begin(name);
      recorder.end();
    }
    costs.push((clock() - startNs) / spansPerBatch);
  }
  return costs.toSorted((a, b) => a - b)[batches >> 1];
}

const batches = 31;
/** All batches fit into the one block of the scratch recorder: a dropped span would be cheaper. */
const spansPerBatch = Math.floor(blockRows / batches);
