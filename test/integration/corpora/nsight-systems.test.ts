import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { importerOf } from "../../../traces/importers/import-file.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { flagsOf, durationOf, sourceOffsetOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";
import { corpusPath, hasCorpora, importPath, noteCount, readExpected, unionOf, skipNote } from "./corpora.ts";
import { textOf } from "../../../traces/model/text-table.ts";

type Quad = readonly [count: number, sumNs: number, firstNs: number, lastNs: number];

interface Expected {
  readonly kernels?: Quad;
  readonly kernel_top?: readonly (readonly [name: string, count: number, sum: number, min: number, max: number])[];
  readonly streams?: readonly (readonly [device: number, stream: number, kernels: number])[];
  readonly gpu_busy_union_ns?: Readonly<Record<string, number>>;
  readonly gpu_span_ns?: Readonly<Record<string, number>>;
  readonly kernel_only_union_ns?: Readonly<Record<string, number>>;
  readonly kernels_without_api_row?: number;
  readonly launch_to_start_ns_sum?: readonly [count: number, sumNs: number];
  readonly memcpy_by_kind?: readonly (readonly [kind: number, count: number, bytes: number, sumNs: number])[];
  readonly memset?: readonly [count: number, bytes: number | null, sumNs: number | null];
  readonly api?: readonly [count: number, sumNs: number];
  readonly api_top?: readonly (readonly [name: string, count: number, sumNs: number])[];
  readonly nvtx_by_type?: readonly (readonly [type: number, rows: number, withoutEnd: number])[];
  readonly nvtx_top?: readonly (readonly [name: string, count: number, sumNs: number])[];
  readonly osrt?: readonly [count: number, sumNs: number | null];
}

interface Row {
  readonly span: number;
  readonly name: string;
  readonly category: string;
  readonly device: number | null;
  readonly stream: string;
  readonly startNs: number;
  readonly durationNs: number;
  readonly link: number;
}

/** All spans with their time on the clock of the file. */
function rowsOf(trace: Trace): Row[] {
  const originNs = Number(trace.meta.originClockNs);
  const rows: Row[] = [];
  for (const track of trace.tracks) {
    const parent = track.parent === null ? null : trace.tracks[track.parent];
    const device = parent?.kind === "device" ? Number(parent.detail.replace("device ", "")) : null;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const category = trace.categories[trace.spans.category[span]];
      rows.push({
        span,
        name: textOf(trace.strings, trace.spans.name[span]),
        category: category === undefined ? "" : textOf(trace.strings, category),
        device,
        stream: track.detail,
        startNs: trace.spans.startNs[span] + originNs,
        durationNs: durationOf(trace.spans, span),
        link: linkOf(trace.spans, span),
      });
    }
  }
  return rows;
}

const sum = (rows: readonly Row[]): number => rows.reduce((total, row) => total + row.durationNs, 0);
const unionNs = (rows: readonly Row[]): number => unionOf(rows).reduce((total, [from, to]) => total + to - from, 0);
/** Rows of the API table; "backtrace" stands around another call of the same correlation id. */
const isCall = ({ category }: Row): boolean => /^CUDA (?:runtime|driver|backtrace)$/.test(category);
const withoutVersion = (name: string): string => name.replace(/_v\d{4,}$/, "");

const deviceWork: ReadonlySet<string> = new Set(["kernel", "memcpy", "memset"]);
const copyNames: Readonly<Record<number, string>> = {
  1: "Memcpy HtoD",
  2: "Memcpy DtoH",
  8: "Memcpy DtoD",
  11: "Memcpy HtoD (managed)",
  12: "Memcpy DtoH (managed)",
};

describe.skipIf(!hasCorpora)(`Nsight Systems databases of the corpora${skipNote}`, () => {
  const files = readExpected<Expected>("nsys");

  it.each(files)("%s: kernels, copies and calls are those that SQL finds", async (file, expected) => {
    const rows = rowsOf(await importPath(corpusPath("nsys", file)));
    const of = (category: string): Row[] => rows.filter((row) => row.category === category);
    const kernels = of("kernel");
    if (expected.kernels === undefined) expect(kernels).toEqual([]);
    else {
      const starts = kernels.map((row) => row.startNs);
      const ends = kernels.map((row) => row.startNs + row.durationNs);
      expect([kernels.length, sum(kernels), Math.min(...starts), Math.max(...ends)]).toEqual(expected.kernels);
    }
    for (const [name, count, total, min, max] of expected.kernel_top ?? []) {
      const own = kernels.filter((row) => row.name === name);
      const durations = own.map((row) => row.durationNs);
      expect([name, own.length, sum(own), Math.min(...durations), Math.max(...durations)]).toEqual([
        name,
        count,
        total,
        min,
        max,
      ]);
    }
    for (const [kind, count, , total] of expected.memcpy_by_kind ?? []) {
      const own = of("memcpy").filter((row) => row.name === copyNames[kind]);
      expect([kind, own.length, sum(own)]).toEqual([kind, count, total]);
    }
    if (expected.memset !== undefined)
      expect([of("memset").length, sum(of("memset"))]).toEqual([expected.memset[0], expected.memset[2] ?? 0]);
    const calls = rows.filter(isCall);
    if (expected.api !== undefined) expect([calls.length, sum(calls)]).toEqual(expected.api);
    for (const [name, count, total] of expected.api_top ?? []) {
      const named = calls.filter((row) => row.name === withoutVersion(name));
      const backtraces = named.filter((row) => row.category === "CUDA backtrace");
      const isBacktrace = backtraces.length > 0 && name === withoutVersion(name);
      const own = isBacktrace ? backtraces : named.filter((row) => row.category !== "CUDA backtrace");
      expect([name, own.length, sum(own)]).toEqual([name, count, total]);
    }
    const system = of("OS runtime");
    if (expected.osrt !== undefined)
      expect([system.length, sum(system)]).toEqual([expected.osrt[0], expected.osrt[1] ?? 0]);
  });

  it.each(files.filter(([, { memcpy_by_kind, memset }]) => memcpy_by_kind !== undefined || memset !== undefined))(
    "%s: copies and fills move as many bytes as SQL says",
    async (file, expected) => {
      const path = corpusPath("nsys", file);
      const trace = await importPath(path);
      const source = await openByteSource(path);
      const reader = await importerOf(trace.meta.format).openArguments?.(source);
      const bytes = new Map<string, number>();
      for (const { span, name, category } of rowsOf(trace)) {
        if (category !== "memcpy" && category !== "memset") continue;
        const place = { offset: sourceOffsetOf(trace.spans, span), endOffset: null, name };
        const args = new Map((await reader?.read(place))?.args);
        const key = category === "memset" ? category : name;
        bytes.set(key, (bytes.get(key) ?? 0) + Number(args.get("bytes")));
      }
      source.close();
      for (const [kind, , total] of expected.memcpy_by_kind ?? [])
        expect([kind, bytes.get(copyNames[kind] ?? "")]).toEqual([kind, total]);
      if (expected.memset !== undefined) expect(bytes.get("memset") ?? null).toBe(expected.memset[1]);
    },
  );

  it.each(files)("%s: devices are busy for as long as SQL says", async (file, expected) => {
    const rows = rowsOf(await importPath(corpusPath("nsys", file)));
    for (const [device, busyNs] of Object.entries(expected.gpu_busy_union_ns ?? {})) {
      const ordinal = file.startsWith("pipit_cloverleaf") ? 3 : Number(device);
      const work = rows.filter((row) => row.device === ordinal && deviceWork.has(row.category));
      const kernels = work.filter((row) => row.category === "kernel");
      expect(unionNs(work)).toBe(busyNs);
      const starts = work.map((row) => row.startNs);
      const spanNs = Math.max(...work.map((row) => row.startNs + row.durationNs)) - Math.min(...starts);
      expect(spanNs).toBe(expected.gpu_span_ns?.[device]);
      expect(unionNs(kernels)).toBe(expected.kernel_only_union_ns?.[device]);
      for (const [of, stream, count] of expected.streams ?? []) {
        if (String(of) !== device) continue;
        expect(kernels.filter((row) => row.stream.endsWith(`stream ${stream}`)).length).toBe(count);
      }
    }
  });

  it.each(files)("%s: a kernel finds the call of its own process", async (file, expected) => {
    const trace = await importPath(corpusPath("nsys", file));
    const rows = rowsOf(trace);
    const calls = new Map<number, Row[]>();
    for (const row of rows.filter(isCall)) calls.set(row.link, [...(calls.get(row.link) ?? []), row]);
    const launches = rows
      .filter((row) => row.category === "kernel" && row.link !== 0)
      .flatMap((kernel) => (calls.get(kernel.link) ?? []).map((call) => ({ kernel, call })));
    for (const { kernel, call } of launches) expect(kernel.startNs).toBeGreaterThanOrEqual(call.startNs);
    const delayNs = launches.reduce((total, { kernel, call }) => total + kernel.startNs - call.startNs, 0);
    if (expected.launch_to_start_ns_sum !== undefined)
      expect([launches.length, delayNs]).toEqual(expected.launch_to_start_ns_sum);
    expect(noteCount(trace, "kernelsWithoutLaunch")).toBe(expected.kernels_without_api_row ?? 0);
  });

  it.each(files)("%s: ranges of NVTX are all there", async (file, expected) => {
    const trace = await importPath(corpusPath("nsys", file));
    const ranges = rowsOf(trace).filter((row) => /^NVTX(?! projected)/.test(row.category));
    const pushPop = expected.nvtx_by_type?.find(([type]) => type === 59)?.[1] ?? 0;
    expect(ranges.length).toBe(pushPop);
    for (const [name, count, total] of expected.nvtx_top ?? []) {
      const own = ranges.filter((row) => row.name === name);
      expect([name, own.length, sum(own)]).toEqual([name, count, total]);
    }
  });

  it("projects ranges on the device as another converter does", async () => {
    const trace = await importPath(corpusPath("nsys", "nsightful_power_iteration.sqlite"));
    const projected = rowsOf(trace).filter((row) => row.category === "NVTX projected");
    const peer = JSON.parse(
      readFileSync(corpusPath("nsys", "nsightful_power_iteration.expected-chrome.json"), "utf8"),
    ) as readonly { name: string; cat: string; ts: number; dur: number }[];
    const kernelRanges = peer.filter((event) => event.cat === "nvtx-kernel");
    expect(kernelRanges.length).toBe(698);
    const unmatched = kernelRanges.filter(({ name, ts, dur }) => {
      const startNs = Math.round(ts * 1000);
      const endNs = Math.round((ts + dur) * 1000);
      // The other converter leaves copies out: its extent lies inside ours.
      return !projected.some(
        (row) => row.name === name && row.startNs <= startNs && row.startNs + row.durationNs >= endNs,
      );
    });
    expect(unmatched).toEqual([]);
    expect(projected.filter((row) => (flagsOf(trace.spans, row.span) & SpanFlag.derived) === 0)).toEqual([]);
  });

  it("opens a capture without CUDA, and names no thread of the host", async () => {
    const trace = await importPath(corpusPath("nsys", "jacc_report1_no_cuda_3.24.14.sqlite"));
    expect(trace.spans.length).toBe(0);
    expect(trace.tracks).toEqual([]);
    expect(trace.meta.facts).toContainEqual(["CUDA", "no CUDA activity in this capture"]);
  });

  it("draws processor samples and stays on processors", async () => {
    const trace = await importPath(corpusPath("nsys", "pipit_cloverleaf_3.13.2.sqlite"));
    const rows = rowsOf(trace);
    expect(trace.meta.ledger.foldedIn).toBeGreaterThanOrEqual(1531 + 7527);
    expect(rows.filter((row) => row.category === "scheduling").length).toBeGreaterThan(600);
  });

  it.each([
    ["header_stub_2025.nsys-rep", "Nsight Systems 2025.5.1.121-255136380782"],
    ["header_stub_v1.qdrep", "an early Nsight Systems (container 1)"],
  ])("%s is a report of %s, to be exported first", async (file, producer) => {
    await expect(importPath(corpusPath("nsysrep", file))).rejects.toThrow(
      `expected a trace, found a report of ${producer}, which nsys alone can read`,
    );
  });

  it("finds steps by the names of ranges", async () => {
    const trace = await importPath(corpusPath("nsys", "nsightful_power_iteration.sqlite"));
    const steps = rowsOf(trace).filter((row) => trace.spans.kind[row.span] === SpanKind.step);
    expect(steps.map((row) => row.name)).toContain("Step 190 to 200");
  });

  const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;
  it.skipIf(!hasSqlite).each(files)("%s: the sqlite3 program finds the same sums", async (file) => {
    const path = corpusPath("nsys", file);
    const rows = rowsOf(await importPath(path));
    const tables = ask(path, "select name from sqlite_master where type = 'table'").split("\n");
    const sums = (table: string): string =>
      tables.includes(table) ? ask(path, `select count(*), coalesce(sum("end" - start), 0) from ${table}`) : "0|0";
    const ours = (fits: (category: string) => boolean): string => {
      const own = rows.filter((row) => fits(row.category));
      return `${own.length}|${sum(own)}`;
    };
    expect(ours((category) => category === "kernel")).toBe(sums("CUPTI_ACTIVITY_KIND_KERNEL"));
    expect(ours((category) => category === "memcpy")).toBe(sums("CUPTI_ACTIVITY_KIND_MEMCPY"));
    expect(ours((category) => category === "memset")).toBe(sums("CUPTI_ACTIVITY_KIND_MEMSET"));
    expect(ours((category) => category === "synchronization")).toBe(sums("CUPTI_ACTIVITY_KIND_SYNCHRONIZATION"));
    expect(ours((category) => /^CUDA (?:runtime|driver|backtrace)$/.test(category))).toBe(
      sums("CUPTI_ACTIVITY_KIND_RUNTIME"),
    );
    expect(ours((category) => category === "OS runtime")).toBe(sums("OSRT_API"));
  });
});

function ask(path: string, sql: string): string {
  return execFileSync("sqlite3", [`file:${path}?immutable=1`, sql], { encoding: "utf8" }).trim();
}
