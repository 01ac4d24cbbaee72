import { ledgerBalance } from "./ledger-book.ts";
import { isLinkTable } from "./link-table.ts";
import { textsOf } from "./text-table.ts";
import { flagsOf, framesOf, durationOf, endOf, selfOf, SpanFlag, type SpanTable, type Trace } from "./trace.ts";

/** Throws at the first promise of a sealed trace that does not hold. For tests and development builds: O(spans · depth of lanes). */
export function assertSealed(trace: Trace): void {
  assertShapes(trace);
  for (const track of trace.tracks)
    assertTrack(trace, track.firstSpan, track.firstSpan + track.spanCount, `track ${track.id}`);
  assertRows(trace);
  assertTables(trace);
  const balance = ledgerBalance(trace.meta.ledger);
  check(
    balance.read === balance.accounted,
    () => `ledger closes: ${balance.read} events read, ${balance.accounted} accounted for`,
  );
}

function assertShapes({ spans, strings, tracks, frames, rows }: Trace): void {
  for (const column of [
    spans.startNs,
    spans.packedDurationNs,
    spans.packedSelfNs,
    spans.name,
    spans.category,
    spans.kind,
    spans.flags,
    spans.depth,
    spans.parent,
    spans.sourceLow,
    spans.sourceHigh,
    spans.lane,
    rows.span,
  ]) {
    check(column === undefined || column.length === spans.length, () => "columns have the length of the table");
  }
  check(
    spans.links === undefined || isLinkTable(spans.links, spans.length),
    () => "correlation ids are those of the spans that have one",
  );
  check(new Set(textsOf(strings)).size === strings.length, () => "strings are unique");
  let next = 0;
  let nextRow = 0;
  for (const track of tracks) {
    check(
      track.firstSpan === next &&
        track.firstRow === nextRow &&
        spans.firstOfTrack[track.id] === next &&
        rows.firstOfTrack[track.id] === nextRow,
      () => `track ${track.id} starts where the one before ends`,
    );
    check(
      track.parent === null || (track.parent < tracks.length && track.parent !== track.id),
      () => `track ${track.id} has a parent in the table`,
    );
    next += track.spanCount;
    nextRow += track.rowCount;
  }
  check(
    next === spans.length &&
      nextRow === rows.length &&
      spans.firstOfTrack[tracks.length] === next &&
      rows.firstOfTrack[tracks.length] === nextRow,
    () => "tracks cover all spans and rows",
  );
  check(String(frames) === String(framesOf(tracks)), () => "frames are the tracks of that kind");
}

function assertTrack(trace: Trace, begin: number, end: number, where: string): void {
  const { spans } = trace;
  const childrenNs = new Map<number, number>();
  for (let span = begin; span < end; span++) {
    assertSpan(trace, span, begin, () => `${where}, span ${span}`);
    const parent = spans.parent[span];
    if (parent >= 0) childrenNs.set(parent, (childrenNs.get(parent) ?? 0) + durationOf(spans, span));
  }
  for (let span = begin; span < end; span++) {
    const expected = durationOf(spans, span) - (childrenNs.get(span) ?? 0);
    const self = selfOf(spans, span);
    check(
      self === expected && expected >= 0,
      () => `${where}, span ${span}: self time is what the children leave, ${expected}, found ${self}`,
    );
  }
}

function assertSpan({ spans, meta, strings }: Trace, span: number, begin: number, at: () => string): void {
  const start = spans.startNs[span];
  const duration = durationOf(spans, span);
  check(
    Number.isInteger(start) && start >= 0,
    () => `${at()}: start is a whole number of ns since the origin, found ${start}`,
  );
  check(
    Number.isInteger(duration) && duration >= 0,
    () => `${at()}: duration is a whole number of ns, found ${duration}`,
  );
  check(start + duration <= meta.durationNs, () => `${at()}: lies inside the trace`);
  check(spans.name[span] < strings.length, () => `${at()}: name is in the string table`);
  if (span > begin) {
    const before = spans.startNs[span - 1];
    const ordered = before < start || (before === start && durationOf(spans, span - 1) >= duration);
    check(ordered, () => `${at()}: order is start, longest first`);
  }
  const open = (flagsOf(spans, span) & SpanFlag.openEnded) !== 0;
  check(!open || start + duration === meta.durationNs, () => `${at()}: open-ended spans reach the end`);
  assertParent(spans, span, begin, at);
}

function assertParent(spans: SpanTable, span: number, begin: number, at: () => string): void {
  const parent = spans.parent[span];
  if (parent < 0) return check(spans.depth[span] === 0, () => `${at()}: a span without parent has depth 0`);
  check(parent >= begin && parent < span, () => `${at()}: its parent comes before it on the same track`);
  check(
    spans.lane === undefined || spans.lane[parent] === spans.lane[span],
    () => `${at()}: its parent is on the same lane`,
  );
  check(spans.depth[span] === spans.depth[parent] + 1, () => `${at()}: is one deeper than its parent`);
  const inside = spans.startNs[span] >= spans.startNs[parent] && endOf(spans, span) <= endOf(spans, parent);
  check(inside, () => `${at()}: lies inside its parent`);
}

function assertRows({ spans, rows, tracks }: Trace): void {
  const seen = new Uint8Array(spans.length);
  for (let row = 0; row < rows.length; row++) {
    const track = tracks[rows.track[row]];
    check(row >= track.firstRow && row < track.firstRow + track.rowCount, () => `row ${row} belongs to its track`);
    for (let position = rows.first[row]; position < rows.first[row + 1]; position++) {
      const span = rows.span[position];
      seen[span]++;
      check(
        spans.depth[span] === rows.depth[row] && (spans.lane?.[span] ?? 0) === rows.lane[row],
        () => `row ${row} holds spans of its lane and depth`,
      );
      check(
        span >= track.firstSpan && span < track.firstSpan + track.spanCount,
        () => `row ${row} holds spans of its track`,
      );
      if (position > rows.first[row]) {
        const before = rows.span[position - 1];
        check(
          endOf(spans, before) <= spans.startNs[span],
          () => `row ${row}: spans ${before} and ${span} do not overlap`,
        );
      }
    }
  }
  check(
    seen.every((count) => count === 1),
    () => "every span is in one row",
  );
}

function assertTables({ tracks, instants, counters, flows, spans, meta }: Trace): void {
  for (const track of tracks) {
    assertAscending(
      instants.timeNs,
      track.firstInstant,
      track.instantCount,
      meta.durationNs,
      `instants of track ${track.id}`,
    );
    assertAscending(
      counters.timeNs,
      track.firstSample,
      track.sampleCount,
      meta.durationNs,
      `samples of track ${track.id}`,
    );
  }
  for (let i = 0; i < flows.length; i++) {
    check(flows.from[i] < spans.length && flows.to[i] < spans.length, () => `flow ${i} joins spans of the trace`);
  }
}

function assertAscending(
  times: { readonly [index: number]: number },
  first: number,
  count: number,
  endNs: number,
  what: string,
): void {
  for (let i = first; i < first + count; i++) {
    check(
      Number.isInteger(times[i]) && times[i] >= 0 && times[i] <= endNs,
      () => `${what}: time ${i} lies inside the trace`,
    );
    check(i === first || times[i - 1] <= times[i], () => `${what}: times ascend`);
  }
}

function check(holds: boolean, promise: () => string): void {
  if (!holds) throw new Error(`not sealed: ${promise()}`);
}
