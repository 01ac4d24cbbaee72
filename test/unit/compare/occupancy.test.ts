import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findPartFacts, type PartFacts } from "../../../traces/compare/find-steps.ts";
import { partitionSteps } from "../../../traces/compare/occupancy.ts";
import type { Step } from "../../../traces/compare/side.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { toPlainSpans, type PlainSpan } from "../query/random-trace.ts";

const trackKinds = ["thread", "thread", "thread", "stream", "stream"] as const;
const kinds = ["step", "phase", "op", "launch", "sync", "kernel", "collective", "hostToDevice"] as const;

const randomSpan = fc.record({
  track: fc.nat(trackKinds.length - 1),
  startNs: fc.nat(50),
  durationNs: fc.oneof(fc.nat(8), fc.nat(40)),
  kind: fc.constantFrom(...kinds),
  name: fc.nat(3),
  link: fc.nat(6),
  openEnded: fc.nat(11).map((n) => n === 0),
});

const randomTrace: fc.Arbitrary<Trace> = fc.array(randomSpan, { maxLength: 50 }).map((spans) => {
  const builder = createTraceBuilder();
  const process = builder.addTrack({ kind: "process", name: "process" });
  const tracks = trackKinds.map((kind, i) => builder.addTrack({ kind, name: `${kind} ${i}`, parent: process }));
  for (const { track, startNs, durationNs, kind, name, link, openEnded } of spans) {
    builder.ledger.read();
    const extras = { link, openEnded };
    const nameId = builder.intern(`name ${name}`);
    builder.addSpan(tracks[track], startNs, durationNs, nameId, SpanKind[kind], builder.category("c"), 0, extras);
  }
  return builder.seal({ name: "random", format: "test", formatLabel: "Test", facts: [] });
});

/** Steps of a trace of 100 ns, disjoint and ascending. */
const randomSteps: fc.Arbitrary<Step[]> = fc
  .uniqueArray(fc.nat(100), { minLength: 2, maxLength: 8 })
  .map((times) => times.toSorted((a, b) => a - b))
  .map((times) =>
    times.slice(1).flatMap((endNs, i) => {
      const startNs = times[i];
      return i % 3 === 2 ? [] : [{ part: 0, startNs, endNs, launchStartNs: startNs, launchEndNs: endNs }];
    }),
  );

const deviceOrder: readonly number[] = [SpanKind.kernel, SpanKind.collective, SpanKind.hostToDevice];
const isGroup = ({ kind }: PlainSpan): boolean => kind === SpanKind.step || kind === SpanKind.phase;

/** What owns a nanosecond by the definition. */
function ownerAt({ part: { trace }, roles }: PartFacts, all: readonly PlainSpan[], timeNs: number): PlainSpan | null {
  const open = all.filter((span) => !span.openEnded && span.startNs <= timeNs && timeNs < span.endNs);
  const isStream = ({ track }: PlainSpan): boolean => trace.tracks[track].kind === "stream";
  const rank = ({ kind }: PlainSpan): number => deviceOrder.indexOf(kind);
  const work = open
    .filter((span) => isStream(span) && rank(span) >= 0)
    .toSorted((a, b) => rank(a) - rank(b) || a.startNs - b.startNs || a.span - b.span);
  if (work.length > 0) return work[0];
  const innermostOf = (track: number): PlainSpan | undefined =>
    open.findLast((span) => span.track === track && span.lane === 0);
  const main = roles.mainThread === null ? undefined : innermostOf(roles.mainThread);
  if (roles.mainThread === null || (main !== undefined && !isGroup(main))) return main ?? null;
  const links = new Set(all.filter(isStream).flatMap(({ span }) => linkOf(trace.spans, span) || []));
  const launchers = new Set([...links].flatMap((link) => launcherOf(trace, all, link) ?? []));
  const helper = trace.tracks
    .filter(({ id }) => all.some(({ span, track }) => track === id && launchers.has(span)))
    .flatMap(({ id }) => innermostOf(id) ?? [])
    .find((span) => !isGroup(span));
  return helper ?? main ?? null;
}

/** The last launch with a correlation id, else the first span of a thread. */
function launcherOf(trace: Trace, all: readonly PlainSpan[], link: number): number | undefined {
  const linked = all.filter(
    ({ track, span }) => trace.tracks[track].kind === "thread" && linkOf(trace.spans, span) === link,
  );
  return (linked.findLast(({ kind }) => kind === SpanKind.launch) ?? linked[0])?.span;
}

test("each nanosecond of a step belongs to whom the definition says", () => {
  fc.assert(
    fc.property(randomTrace, randomSteps, (trace, steps) => {
      const facts = findPartFacts({ key: "", fileName: "", trace, startNs: -Infinity, endNs: Infinity });
      const all = toPlainSpans(trace);
      const tellerOf = (span: PlainSpan): PlainSpan => {
        if (span.kind === SpanKind.launch || span.kind === SpanKind.sync || span.kind === SpanKind.collective)
          return span;
        return span.parent < 0 ? span : tellerOf(all[span.parent]);
      };
      const found = runSliced(partitionSteps([facts], steps, (raw) => raw));
      const seen = new Set<number>();
      steps.forEach(({ startNs, endNs }, step) => {
        const expected = new Map<string, { ns: number; count: number }>();
        let [idleNs, busyNs] = [0, 0];
        for (let timeNs = startNs; timeNs < endNs; timeNs++) {
          const owner = ownerAt(facts, all, timeNs);
          if (owner === null) {
            idleNs++;
            continue;
          }
          const isDevice = trace.tracks[owner.track].kind === "stream";
          if (isDevice) busyNs++;
          // A span that waits or launches gives its name to all that is inside.
          const teller = isDevice ? owner : tellerOf(owner);
          const tells = [SpanKind.launch, SpanKind.sync, SpanKind.collective].some((kind) => kind === teller.kind);
          const key = `${tells ? teller.name : owner.name} ${classOf(isDevice || tells ? teller : owner)}`;
          const entry = expected.get(key) ?? { ns: 0, count: 0 };
          expected.set(key, { ns: entry.ns + 1, count: entry.count + Number(!seen.has(owner.span)) });
          seen.add(owner.span);
        }
        const at = (owner: number): number => owner * steps.length + step;
        const owned = found.owners.flatMap(({ name, className }, owner) => {
          const entry = { ns: found.ownedNs[at(owner)], count: found.count[at(owner)] };
          return entry.ns === 0 ? [] : [[`${name} ${className}`, entry] as const];
        });
        expect(new Map(owned)).toEqual(expected);
        expect([found.stepNs[step], found.idleNs[step], found.busyNs[step]]).toEqual([endNs - startNs, idleNs, busyNs]);
      });
    }),
    { numRuns: 1000 },
  );
});

const classes: Readonly<Record<number, string>> = {
  [SpanKind.kernel]: "Kernels",
  [SpanKind.collective]: "Collectives",
  [SpanKind.hostToDevice]: "Copies",
  [SpanKind.sync]: "Waiting for the device",
  [SpanKind.launch]: "Launching",
  [SpanKind.op]: "Host operations",
  [SpanKind.step]: "Between operations",
};

const classOf = ({ kind }: PlainSpan): string => classes[kind] ?? "Other host time";
