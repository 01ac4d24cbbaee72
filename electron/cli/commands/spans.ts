import type { Command } from "commander";
import type { Scope, SpanBrief, TrackSummary } from "../../contract/engine-contract.ts";
import { inScreenOrder } from "../../../traces/model/track-tree.ts";
import { parseNs } from "../parse-options.ts";
import { toJsonInteger } from "../print/json.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, withTrace, type ReadOptions, type TraceSession } from "../trace-session.ts";
import { UsageError } from "../usage-error.ts";

interface SpanOptions extends ReadOptions {
  readonly track?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

const spansPerPage = 2000;

export function addSpansCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("spans"))
    .description("Lists spans in time order, one a line. Times are ns since the origin of the trace.")
    .option("--track <track>", "only this track and those below it: an id from `info`, or a part of a name")
    .option("--from <ns>", "only spans that end after this time", parseNs)
    .option("--to <ns>", "only spans that start before this time", parseNs)
    .option("--json", "print a JSON array, one span a line")
    .action(async (file: string, options: SpanOptions) => {
      await withTrace(file, host, options, (session) => printSpans(session, options, host));
    });
}

/** Page by page, so that memory does not grow with the output and a slow reader slows us down. */
async function printSpans(session: TraceSession, options: SpanOptions, { terminal, signal }: CliHost): Promise<void> {
  const { engine, trace, summary } = session;
  const scope = toScope(summary.tracks, summary.durationNs, options);
  const trackNames = summary.tracks.map((track) => toOneLine(track.name));
  await terminal.stream(options.json === true ? "[" : `${textLine(textTitles)}\n`);
  let total = 1;
  for (let first = 0; first < total; first += spansPerPage) {
    const page = await engine.call("span.list", { trace, scope, first, count: spansPerPage }, { signal });
    total = page.total;
    const lines =
      options.json === true
        ? page.spans.map(
            (span, index) => `${first + index === 0 ? "\n" : ",\n"}${JSON.stringify(toSpanJson(span, summary.tracks))}`,
          )
        : page.spans.map((span) => `${textLine(toCells(span, trackNames))}\n`);
    await terminal.stream(lines.join(""));
  }
  if (options.json === true) await terminal.stream("\n]\n");
}

function toScope(tracks: readonly TrackSummary[], durationNs: number, { track, from, to }: SpanOptions): Scope {
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError("--to must lie after --from");
  return {
    ...(track !== undefined && { tracks: findTracks(tracks, track) }),
    // Half open: one behind the end, so that what starts at the very end is in.
    ...((from !== undefined || to !== undefined) && {
      startNs: from ?? Math.min(0, to ?? 0) - 1,
      endNs: to ?? Math.max(durationNs, from ?? 0) + 1,
    }),
  };
}

/** Ids of the tracks meant by `text`, and of all tracks below them. */
function findTracks(tracks: readonly TrackSummary[], text: string): readonly number[] {
  const wanted = text.toLowerCase();
  const isMeant = /^\d+$/.test(text)
    ? (track: TrackSummary) => track.id === Number(text)
    : (track: TrackSummary) => track.name.toLowerCase().includes(wanted) || track.detail.toLowerCase() === wanted;
  const found = new Set(tracks.filter(isMeant).map((track) => track.id));
  if (found.size === 0) throw new UsageError(`no track is called "${text}"; \`deltaflame info\` lists them`);
  for (const { id, parent } of inScreenOrder(tracks)) if (parent !== null && found.has(parent)) found.add(id);
  return [...found];
}

const textTitles = ["start ns", "duration ns", "self ns", "kind", "track", "name"];
const textWidths = [16, 14, 14, 15, 5];

function toCells(span: SpanBrief, trackNames: readonly string[]): readonly string[] {
  return [
    String(span.startNs),
    span.openEnded ? "open" : String(span.durationNs),
    span.openEnded ? "open" : String(span.selfNs),
    span.kind,
    String(span.track),
    `${"  ".repeat(Math.min(span.depth, 20))}${toOneLine(span.name)}${span.depth === 0 ? `  [${trackNames[span.track] ?? ""}]` : ""}`,
  ];
}

/** Fixed widths: nobody knows the widest value of a stream. */
function textLine(cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index < 3 || index === 4 ? cell.padStart(textWidths[index] ?? 0) : cell.padEnd(textWidths[index] ?? 0),
    )
    .join("  ")
    .trimEnd();
}

function toSpanJson(span: SpanBrief, tracks: readonly TrackSummary[]): Readonly<Record<string, unknown>> {
  return {
    span: span.span,
    name: span.name,
    category: span.category,
    kind: span.kind,
    track: span.track,
    trackName: tracks[span.track]?.name ?? null,
    depth: span.depth,
    startNs: toJsonInteger(span.startNs),
    durationNs: span.openEnded ? null : toJsonInteger(span.durationNs),
    selfNs: span.openEnded ? null : toJsonInteger(span.selfNs),
    openEnded: span.openEnded,
  };
}
