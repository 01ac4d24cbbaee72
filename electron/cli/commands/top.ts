import { type Command, Option } from "commander";
import { formatCount, formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import { isSpanKindName, spanKindNames, type SpanKindName } from "../../../traces/model/span-kind.ts";
import type { TopColumn, TopPage, TopRequest, TopRow } from "../../contract/engine-contract.ts";
import { toJsonNs } from "../print/json.ts";
import { formatTable, type TableColumn, type TableStyle } from "../print/table.ts";
import { chooseTimeColumn } from "../print/units.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, withTrace, type ReadOptions, type TraceSession } from "../trace-session.ts";
import { parseCount } from "../parse-options.ts";
import { UsageError } from "../usage-error.ts";

interface TopOptions extends ReadOptions {
  readonly group: "name" | "path";
  readonly sort: keyof typeof sortColumns;
  readonly kind: readonly SpanKindName[];
  readonly limit: number;
  readonly json?: boolean;
}

const sortColumns = {
  self: "selfNs",
  total: "totalNs",
  count: "count",
  mean: "meanNs",
  p50: "p50Ns",
  p99: "p99Ns",
  name: "name",
} as const satisfies Record<string, TopColumn>;
const rowsPerPage = 1000;

export function addTopCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("top"))
    .description("Where the time goes: spans grouped by name or by path, the costliest first.")
    .addOption(
      new Option("--group <what>", "one line a name, or one line a chain of names")
        .choices(["name", "path"])
        .default("name"),
    )
    .addOption(
      new Option("--sort <column>", "largest first; name: A first").choices(Object.keys(sortColumns)).default("self"),
    )
    .option(
      "--kind <kind>",
      `only spans of this kind, may be given more than once (${spanKindNames.join(", ")})`,
      collectKind,
      [],
    )
    .option("--limit <count>", "lines at most", parseCount, 20)
    .option("--json", "print one JSON object")
    .action(async (file: string, options: TopOptions) => {
      await withTrace(file, host, options, async (session) => {
        const page = await readTop(session, host, options);
        await host.terminal.write(
          options.json === true
            ? `${JSON.stringify(toTopJson(session, options, page), null, 2)}\n`
            : formatTop(page, host.terminal),
        );
      });
    });
}

/** The first `limit` rows of a table, page by page. */
export async function readTop(
  { engine, trace }: TraceSession,
  { signal }: CliHost,
  options: Omit<TopOptions, "json">,
): Promise<TopPage> {
  const ask = (first: number, count: number): Promise<TopPage> => {
    const request: TopRequest = {
      trace,
      scope: options.kind.length === 0 ? {} : { kinds: options.kind },
      group: options.group,
      sort: sortColumns[options.sort],
      descending: options.sort !== "name",
      first,
      count,
    };
    return engine.call("table.top", request, { signal });
  };
  const page = await ask(0, Math.min(options.limit, rowsPerPage));
  const rows = [...page.rows];
  while (rows.length < Math.min(options.limit, page.rowCount)) {
    rows.push(...(await ask(rows.length, Math.min(rowsPerPage, options.limit - rows.length))).rows);
  }
  return { ...page, rows };
}

/** The table for people; paths are written outermost first. */
export function formatTop({ rows, rowCount, spanCount, selfNs, busyNs }: TopPage, style: TableStyle): string {
  const columnOf = (value: (row: TopRow) => number) => chooseTimeColumn(rows.map(value));
  const self = columnOf((row) => row.selfNs);
  const total = columnOf((row) => row.totalNs);
  const each = columnOf((row) => row.p50Ns);
  const point = (title: string): TableColumn => ({ title, align: "point" });
  const table = formatTable(
    [
      point(`self ${self.unit}`),
      point("share"),
      point(`total ${total.unit}`),
      { title: "count", align: "right" },
      point(`mean ${each.unit}`),
      point(`p50 ${each.unit}`),
      point(`p99 ${each.unit}`),
      { title: "kind", align: "left" },
      { title: "name", align: "left" },
    ],
    rows.map((row) => [
      self.format(row.selfNs),
      formatShare(row.share),
      total.format(row.totalNs),
      formatCount(row.count),
      each.format(row.meanNs),
      each.format(row.p50Ns),
      each.format(row.p99Ns),
      row.kind,
      row.path.join(" › "),
    ]),
    style,
  );
  return `${table}\n${formatCount(rows.length)} of ${formatCount(rowCount)} lines · ${formatCount(spanCount)} spans · self ${formatDuration(selfNs)} · busy ${formatDuration(busyNs)}\n`;
}

function toTopJson(
  { summary }: TraceSession,
  { group, sort, kind }: TopOptions,
  page: TopPage,
): Readonly<Record<string, unknown>> {
  return {
    file: summary.fileName,
    group,
    sort,
    kinds: kind.length === 0 ? null : kind,
    spans: page.spanCount,
    wallNs: toJsonNs(page.wallNs),
    busyNs: toJsonNs(page.busyNs),
    selfNs: toJsonNs(page.selfNs),
    rowCount: page.rowCount,
    rows: page.rows.map((row) => ({
      name: row.path.at(-1) ?? "",
      path: row.path,
      kind: row.kind,
      count: row.count,
      openEnded: row.openEnded,
      totalNs: toJsonNs(row.totalNs),
      selfNs: toJsonNs(row.selfNs),
      meanNs: toJsonNs(row.meanNs),
      minNs: toJsonNs(row.minNs),
      p50Ns: toJsonNs(row.p50Ns),
      p95Ns: toJsonNs(row.p95Ns),
      p99Ns: toJsonNs(row.p99Ns),
      maxNs: toJsonNs(row.maxNs),
      share: row.share,
      longestSpan: row.longestSpan,
    })),
  };
}

function collectKind(text: string, before: readonly SpanKindName[]): readonly SpanKindName[] {
  if (!isSpanKindName(text)) throw new UsageError(`unknown kind "${text}"; kinds are ${spanKindNames.join(", ")}`);
  return [...before, text];
}
