import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import {
  corpusPath,
  hasCorpora,
  importPath,
  readExpected,
  type SpanRow,
  sumNs,
  threadSpans,
  whySkipped,
} from "./corpora.ts";

interface JaxExpected {
  readonly events: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly tracks: Readonly<Record<string, { readonly spans: number; readonly dur_sum_ns: number }>>;
  readonly xla_ops_by_hlo_category: readonly {
    readonly category: string;
    readonly spans: number;
    readonly dur_sum_ns: number;
    readonly device_duration_ps_sum: number | string;
  }[];
}

interface OrtExpected {
  readonly events: number;
  readonly by_category: Readonly<Record<string, { readonly count: number; readonly dur_us: number }>>;
  readonly node_by_op: readonly {
    readonly op: string;
    readonly provider: string;
    readonly count: number;
    readonly dur_us: number;
  }[];
}

/** Arguments of spans, through one open source. */
async function argumentsOf(path: string, trace: Trace, rows: readonly SpanRow[]): Promise<Map<string, string>[]> {
  const source = await openByteSource(path, { spool: true });
  const drain = new Uint8Array(2 ** 20);
  let count: number;
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a source, not an array
  do count = await source.fill(drain);
  while (count > 0);
  const all: Map<string, string>[] = [];
  for (const row of rows) {
    const { args } = await readEventArguments(source, sourceOffsetOf(trace.spans, row.span), {
      expectedName: row.name,
    });
    all.push(new Map(args));
  }
  source.close();
  return all;
}

function trackKey(trace: Trace, row: SpanRow): string {
  const process = row.track.parent === null ? undefined : trace.tracks[row.track.parent];
  const plane = process?.kind === "device" ? `/device:${process.name}` : (process?.name.split(" ")[0] ?? "");
  const named = !row.track.name.startsWith("thread ");
  return `${plane} | ${named ? row.track.name : `(no name) ${row.track.detail}`}`;
}

describe.skipIf(!hasCorpora)("jax corpus", () => {
  it.each(readExpected<JaxExpected>("jaxjson"))(
    "reads %s as independent readers do",
    { timeout: 60_000 },
    async (file, expected) => {
      const path = corpusPath("jaxjson", file);
      const trace = await importPath(path);
      expect(trace.meta.ledger.eventsRead).toBe(expected.events);
      expect(trace.meta.formatLabel).toBe("JAX / XLA trace");
      const rows = threadSpans(trace);
      // A thread with a name of its own is shown with its tid behind it.
      const tracks = new Map(Object.entries(expected.tracks));
      const found = new Map<string, { spans: number; dur_sum_ns: number }>();
      for (const row of rows) {
        const exact = trackKey(trace, row);
        const key = tracks.has(exact) ? exact : exact.replace(/ \d+$/, "");
        const total = found.get(key) ?? { spans: 0, dur_sum_ns: 0 };
        found.set(key, { spans: total.spans + 1, dur_sum_ns: total.dur_sum_ns + row.durationNs });
      }
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(tracks));
      const ops = rows.filter((row) => row.track.name === "XLA Ops");
      const args = await argumentsOf(path, trace, ops);
      for (const { category, spans, dur_sum_ns, device_duration_ps_sum } of expected.xla_ops_by_hlo_category) {
        const indexes = args.flatMap((each, index) => (each.get("hlo_category") === category ? [index] : []));
        const picoseconds = indexes.reduce(
          (sum, index) => sum + BigInt(args[index]?.get("device_duration_ps") ?? 0),
          0n,
        );
        expect({
          category,
          spans: indexes.length,
          ns: sumNs(indexes.flatMap((index) => ops[index] ?? [])),
          picoseconds,
        }).toEqual({
          category,
          spans,
          ns: dur_sum_ns,
          picoseconds: BigInt(device_duration_ps_sum),
        });
      }
    },
  );
});

describe.skipIf(!hasCorpora)("onnxruntime corpus", () => {
  it.each(readExpected<OrtExpected>("ort"))("reads %s as independent readers do", async (file, expected) => {
    const path = corpusPath("ort", file);
    const trace = await importPath(path);
    expect(trace.meta.format).toBe("onnxruntime-json");
    expect(trace.meta.ledger.eventsRead).toBe(expected.events);
    const rows = threadSpans(trace);
    for (const [key, { count, dur_us }] of Object.entries(expected.by_category)) {
      const [category, name] = key.split("|");
      const matching = rows.filter((row) => row.category === category && (name === "*" || row.name === name));
      expect({ key, count: matching.length, us: sumNs(matching) / 1000 }).toEqual({ key, count, us: dur_us });
    }
    const nodes = rows.filter((row) => row.category === "Node");
    const args = await argumentsOf(path, trace, nodes);
    for (const { op, provider, count, dur_us } of expected.node_by_op) {
      const matching = nodes.filter(
        (_, index) => args[index]?.get("op_name") === op && args[index]?.get("provider") === provider,
      );
      expect({ op, count: matching.length, us: sumNs(matching) / 1000 }).toEqual({ op, count, us: dur_us });
    }
    expect(rows.filter((row) => trace.spans.kind[row.span] === SpanKind.step)).toHaveLength(13);
    const calls = rows.filter((row) => row.category === "Api");
    expect(calls.map((row) => trace.spans.kind[row.span])).toEqual(
      calls.map((_, index) => (index === 0 ? SpanKind.compile : SpanKind.kernel)),
    );
    expect(new Set(calls.map((row) => row.track.kind))).toEqual(new Set(calls.length > 0 ? ["stream"] : []));
  });
});

if (!hasCorpora) describe.skip("other dialects", () => it(whySkipped, () => undefined));
