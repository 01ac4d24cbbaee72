import type { Command } from "commander";
import { formatBytes, formatCount, formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import { breakingPoint, placesOf, type LedgerLine } from "../../../traces/model/ledger.ts";
import type { TraceSummary, TrackSummary } from "../../contract/engine-contract.ts";
import type { LaunchList } from "../../contract/nsight-contract.ts";
import { BenchmarkResultsError } from "../../../traces/model/errors.ts";
import { toJsonInteger, toJsonNs } from "../print/json.ts";
import { readMeasurementFile } from "../measurement-file.ts";
import { formatMeasurements, toMeasurementsJson } from "../print/measurements.ts";
import { formatFacts, formatHeading, formatTable, type TableStyle } from "../print/table.ts";
import { describeGroup, describeGroups } from "../../../traces/model/time-group.ts";
import { inScreenOrder } from "../../../traces/model/track-tree.ts";
import { chooseTimeColumn, formatUnixNs } from "../print/units.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, UnreadableFileError, withTrace, type ReadOptions } from "../trace-session.ts";

export function addInfoCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("info"))
    .description(
      "What is in a trace (format, times, kinds, tracks, what the import did with every event) or in benchmark results.",
    )
    .option("--json", "print one JSON object")
    .action(async (file: string, options: ReadOptions & { readonly json?: boolean }) => {
      const printTrace = withTrace(file, host, options, async ({ engine, trace, summary }) => {
        const launches = summary.launchCount === 0 ? null : await engine.call("launch.list", { trace });
        const text =
          options.json === true
            ? `${JSON.stringify(toInfoJson(summary, launches), null, 2)}\n`
            : formatInfo(summary, launches, host.terminal);
        await host.terminal.write(text);
      });
      await printTrace.catch((error: unknown) => {
        if (!(error instanceof UnreadableFileError && error.cause instanceof BenchmarkResultsError)) throw error;
        return printMeasurements(file, options.json === true, host);
      });
    });
}

/** Prints what is in benchmark results. */
async function printMeasurements(file: string, asJson: boolean, host: CliHost): Promise<void> {
  const { set, fileBytes } = await readMeasurementFile(file, host);
  await host.terminal.write(
    asJson
      ? `${JSON.stringify(toMeasurementsJson(set, fileBytes), null, 2)}\n`
      : formatMeasurements(set, formatBytes(fileBytes), host.terminal),
  );
}

/** What `info --json` prints; documented in the README of this folder. */
export function toInfoJson(
  summary: TraceSummary,
  launches: LaunchList | null = null,
): Readonly<Record<string, unknown>> {
  const { ledger } = summary;
  return {
    file: summary.fileName,
    fileBytes: summary.fileBytes,
    format: summary.format,
    formatLabel: summary.formatLabel,
    producer: summary.producer,
    originUnixNs: summary.originUnixNs === null ? null : toJsonInteger(summary.originUnixNs),
    originClockNs: toJsonInteger(summary.originClockNs),
    durationNs: toJsonInteger(summary.durationNs),
    timeGroups: summary.timeGroups.map((group) => ({
      startNs: toJsonInteger(group.startNs),
      endNs: toJsonInteger(group.endNs),
      spans: group.spanCount,
      instants: group.instantCount,
      samples: group.sampleCount,
    })),
    tracks: summary.tracks.length,
    spans: summary.spanCount,
    instants: summary.instantCount,
    counters: summary.tracks.filter((track) => track.kind === "counter").length,
    counterSamples: summary.sampleCount,
    flows: summary.flowCount,
    steps: summary.stepCount,
    launches: summary.launchCount,
    kinds: Object.fromEntries(
      summary.kinds.map(({ kind, count, totalNs }) => [kind, { count, totalNs: toJsonNs(totalNs) }]),
    ),
    trackList: summary.tracks.map(toTrackJson),
    launchList: launches?.launches ?? [],
    facts: summary.facts,
    ledger: { ...ledger, truncatedAtByte: ledger.truncatedAtByte ?? null },
  };
}

function toTrackJson(track: TrackSummary): Readonly<Record<string, unknown>> {
  return {
    id: track.id,
    kind: track.kind,
    name: track.name,
    detail: track.detail,
    parent: track.parent,
    spans: track.spanCount,
    instants: track.instantCount,
    samples: track.sampleCount,
    busyNs: track.busyNs === null ? null : toJsonNs(track.busyNs),
  };
}

function formatInfo(summary: TraceSummary, launches: LaunchList | null, style: TableStyle): string {
  const facts: [string, string][] = [
    ["file", `${summary.fileName}, ${formatBytes(summary.fileBytes)}`],
    ["format", summary.formatLabel],
    ["producer", summary.producer ?? "not said"],
    ["start", summary.originUnixNs === null ? "not tied to the calendar" : formatUnixNs(summary.originUnixNs)],
    ["duration", formatDuration(summary.durationNs)],
    ...formatTimeGroups(summary),
    ["spans", `${formatCount(summary.spanCount)} on ${formatCount(summary.tracks.length)} tracks`],
    ["instants", formatCount(summary.instantCount)],
    ["samples", formatCount(summary.sampleCount)],
    ["flows", formatCount(summary.flowCount)],
    ["steps", formatCount(summary.stepCount)],
    ["read in", formatDuration(summary.importMs * 1e6)],
    ...summary.facts.map(([key, value]): [string, string] => [key, value]),
  ];
  return [
    formatFacts(facts, style),
    ...(summary.kinds.length === 0 ? [] : [formatHeading("Kinds", style), formatKinds(summary, style)]),
    ...(launches === null
      ? [formatHeading("Tracks", style), formatTracks(summary, style)]
      : [formatHeading("Kernels, each run alone", style), formatLaunches(launches, style)]),
    formatHeading("Import", style),
    formatLedger(summary, style),
  ].join("");
}

/** Why a trace lasts so much longer than what is in it, and where that is. */
function formatTimeGroups({ timeGroups }: TraceSummary): [string, string][] {
  if (timeGroups.length === 0) return [];
  return [
    ["times", describeGroups(timeGroups)],
    ...timeGroups.map((group, index): [string, string] => [
      `group ${index + 1}`,
      `${describeGroup(group)}, from ${group.startNs === 0 ? "the start" : formatDuration(group.startNs)} on`,
    ]),
  ];
}

/** Count and time of each kind. */
export function formatKinds({ kinds }: TraceSummary, style: TableStyle): string {
  const times = chooseTimeColumn(kinds.map((kind) => kind.totalNs));
  return formatTable(
    [
      { title: "count", align: "right" },
      { title: `total ${times.unit}`, align: "point" },
      { title: "kind", align: "left" },
    ],
    kinds.map(({ kind, count, totalNs }) => [formatCount(count), times.format(totalNs), kind]),
    style,
  );
}

/** Kernels without a time axis; "–": not collected. */
function formatLaunches({ launches }: LaunchList, style: TableStyle): string {
  const times = chooseTimeColumn(launches.map(({ durationNs }) => durationNs ?? 0));
  const orNone = (value: number | null, format: (value: number) => string): string =>
    value === null ? "–" : format(value);
  return formatTable(
    [
      { title: `duration ${times.unit}`, align: "point" },
      { title: "grid", align: "right" },
      { title: "block", align: "right" },
      { title: "SM", align: "right" },
      { title: "memory", align: "right" },
      { title: "occupancy", align: "right" },
      { title: "kernel", align: "left" },
    ],
    launches.map((launch) => [
      orNone(launch.durationNs, times.format),
      launch.grid.join("×"),
      launch.block.join("×"),
      orNone(launch.computeFraction, formatShare),
      orNone(launch.memoryFraction, formatShare),
      orNone(launch.occupancyFraction, formatShare),
      launch.name,
    ]),
    style,
  );
}

/** More lines than this nobody reads in a terminal. */
const mostTracks = 1000;

/** The first tracks in screen order, children indented below what holds them. */
function formatTracks({ tracks }: TraceSummary, style: TableStyle): string {
  const shown = inScreenOrder(tracks).slice(0, mostTracks);
  const times = chooseTimeColumn(shown.map((track) => track.busyNs ?? 0));
  const indents = new Map<number, string>();
  const rows = shown.map((track) => {
    const indent = track.parent === null ? "" : `${indents.get(track.parent) ?? ""}  `;
    indents.set(track.id, indent);
    return [
      String(track.id),
      track.kind,
      formatCount(track.kind === "counter" ? track.sampleCount : track.spanCount + track.instantCount),
      track.busyNs === null ? "" : times.format(track.busyNs),
      `${indent}${track.name}${track.detail === "" ? "" : ` (${track.detail})`}`,
    ];
  });
  const table = formatTable(
    [
      { title: "id", align: "right" },
      { title: "kind", align: "left" },
      { title: "entries", align: "right" },
      { title: `busy ${times.unit}`, align: "point" },
      { title: "track", align: "left" },
    ],
    rows,
    style,
  );
  const more = tracks.length - shown.length;
  return more === 0 ? table : `${table}and ${formatCount(more)} more: --json lists all\n`;
}

/** What the import did with every event: sums first, then each reason with its count. */
export function formatLedger({ ledger, fileBytes }: TraceSummary, style: TableStyle): string {
  const lines = (title: string, list: readonly LedgerLine[]): [string, string][] =>
    list.map((line) => {
      const { message, count } = line;
      const [from] = placesOf(line, ledger);
      return [
        title,
        `${formatCount(count)}: ${message}${from === undefined ? "" : `, ${count === 1 ? "at" : "from"} byte ${formatCount(from)}${count === 1 ? "" : " on"}`}`,
      ];
    });
  const dropped = ledger.dropped.reduce((sum, line) => sum + line.count, 0);
  const brokenAt = breakingPoint(ledger, fileBytes);
  const kept =
    `${formatCount(ledger.spans)} spans, ${formatCount(ledger.instants)} instants, ${formatCount(ledger.counterEvents)} counter events, ` +
    `${formatCount(ledger.flowEnds)} flow ends, ${formatCount(ledger.metadata)} metadata, ${formatCount(ledger.foldedIn)} joined with another`;
  return formatFacts(
    [
      ["read", `${formatCount(ledger.eventsRead)} events`],
      ["kept", kept],
      ["dropped", formatCount(dropped)],
      ...lines("dropped", ledger.dropped),
      ...lines("note", ledger.notes),
      ...(brokenAt === null ? [] : [["breaks off", `at ${brokenAt}`] as const]),
    ],
    style,
  );
}
