import * as fc from "fast-check";
import { expect, test } from "vitest";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { findLinks } from "../../../traces/query/links.ts";
import { createPartnerIndex } from "../../../traces/query/trace-index.ts";
import { runSliced, spansPerSlice } from "../../../traces/model/sliced.ts";
import { randomTrace, toPlainSpans, type PlainSpan } from "./random-trace.ts";

/**
 *   main     | launch──  sync──     link 7, link 8
 *   stream   |     gemm───          link 7, and a flow "ac2g" from launch
 *   stream 2 |       copy──         link 7
 */
function launchTrace(withFlow: boolean): Trace {
  const builder = createTraceBuilder();
  const main = builder.addTrack({ kind: "thread", name: "main" });
  const streams = [7, 8].map((id) => builder.addTrack({ kind: "stream", name: `stream ${id}` }));
  const add = (track: typeof main, startNs: number, name: string, kind: SpanKind, link: number): void => {
    builder.ledger.read();
    builder.addSpan(track, startNs, 10, builder.intern(name), kind, 0, 0, { link });
  };
  builder.category("test");
  add(main, 0, "launch", SpanKind.launch, 7);
  add(main, 20, "sync", SpanKind.sync, 8);
  add(streams[0], 5, "gemm", SpanKind.kernel, 7);
  add(streams[1], 8, "copy", SpanKind.deviceToHost, 7);
  if (withFlow) {
    builder.ledger.read(2);
    builder.addFlowEnd(1, "start", main, 0, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(1, "end", streams[0], 5, builder.intern("ac2g"), "enclosing");
  }
  return builder.seal({ name: "launch", format: "test", formatLabel: "Test", facts: [] });
}

const linksOf = (trace: Trace, name: string, limit = 200): string[] => {
  const span = toPlainSpans(trace).find((other) => other.name === name)?.span ?? -1;
  return findLinks(runSliced(createPartnerIndex(trace)), span, limit).links.map(
    (link) => `${link.direction} ${link.name} ${link.other.name}`,
  );
};

test("a launch causes what shares its correlation id on the device", () => {
  expect(linksOf(launchTrace(false), "launch")).toEqual(["out launch gemm", "out launch copy"]);
  expect(linksOf(launchTrace(false), "gemm")).toEqual(["in launch launch"]);
  expect(linksOf(launchTrace(false), "sync")).toEqual([]);
});

test("a partner that a flow names, too, is listed once, as the flow", () => {
  expect(linksOf(launchTrace(true), "launch")).toEqual(["out ac2g gemm", "out launch copy"]);
  expect(linksOf(launchTrace(true), "gemm")).toEqual(["in ac2g launch"]);
});

test("links beyond the limit are counted", () => {
  const trace = launchTrace(true);
  expect(findLinks(runSliced(createPartnerIndex(trace)), 0, 1)).toMatchObject({
    links: [{ name: "ac2g" }],
    omitted: 1,
  });
});

test("links are the flows that end at a span and the partners of its correlation id across host and device", () => {
  fc.assert(
    fc.property(randomTrace, (trace) => {
      const all = toPlainSpans(trace);
      const index = runSliced(createPartnerIndex(trace));
      for (const span of all) {
        const found = findLinks(index, span.span, 1000).links.map((link) =>
          [link.direction, link.name, link.other.span].join(" "),
        );
        expect(found.toSorted()).toEqual(expectedLinks(trace, all, span).toSorted());
      }
    }),
    { numRuns: 200 },
  );
});

function expectedLinks(trace: Trace, all: readonly PlainSpan[], span: PlainSpan): string[] {
  const { flows, spans } = trace;
  const links: string[] = [];
  for (let i = 0; i < flows.length; i++) {
    if (flows.to[i] === span.span) links.push(`in ac2g ${flows.from[i]}`);
    if (flows.from[i] === span.span) links.push(`out ac2g ${flows.to[i]}`);
  }
  const link = linkOf(spans, span.span);
  if (link === 0) return links;
  const side = (at: PlainSpan): number =>
    at.kind === SpanKind.launch ? 0 : ["stream", "device"].includes(trace.tracks[at.track].kind) ? 2 : 1;
  for (const other of all) {
    if (linkOf(spans, other.span) !== link || side(other) === side(span)) continue;
    const direction = side(span) < side(other) ? "out" : "in";
    if (!links.includes(`${direction} ac2g ${other.span}`)) links.push(`${direction} launch ${other.span}`);
  }
  return links;
}

test("the index is built in slices, so that others are answered meanwhile", () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "main" });
  const name = builder.intern("a");
  for (let i = 0; i < 4 * spansPerSlice; i++)
    builder.addSpan(track, i * 10, 5, name, SpanKind.launch, 0, 0, { link: i });
  const trace = builder.seal({ name: "many", format: "test", formatLabel: "Test", facts: [] });
  let pauses = 0;
  for (const work = createPartnerIndex(trace); work.next().done !== true;) pauses++;
  expect(pauses).toBeGreaterThanOrEqual(3);
});
