import type { Command } from "commander";
import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import type { PathRow, WhatIf } from "../../../traces/replay/what-if.ts";
import { describeWhatIf, doubtsOf, replayMethod } from "../../../traces/replay/words.ts";
import type { ReplayEditRequest } from "../../contract/engine-contract.ts";
import { UsageError } from "../usage-error.ts";
import { formatTable, type TableStyle } from "../print/table.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, withTrace, type ReadOptions } from "../trace-session.ts";

interface WhatIfOptions extends ReadOptions {
  readonly scale?: readonly string[];
  readonly remove?: readonly string[];
  readonly below?: boolean;
  readonly rows: string;
  readonly json?: boolean;
}

export function addWhatIfCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("what-if"))
    .description(
      "What a step would take if spans took another time, by a replay of what waits for what; without a change, what a step consists of.",
    )
    .option(
      "--scale <query=factor...>",
      "spans found by a query, as in the search, take so many times as long: gemm=0.5",
    )
    .option("--remove <query...>", "spans that are left out")
    .option("--below", "with everything below these spans, and the device work that was launched there")
    .option("--rows <count>", "rows of the critical path", "20")
    .option("--json", "print one JSON object")
    .action(async (file: string, options: WhatIfOptions) => {
      const edits = readEdits(options);
      const rows = Number(options.rows);
      if (!Number.isSafeInteger(rows) || rows < 1)
        throw new UsageError(`--rows: expected a number, found "${options.rows}"`);
      await withTrace(file, host, options, async ({ engine, trace }) => {
        const reply = await engine.call("replay.ask", { trace, edits }, { signal: host.signal });
        await host.terminal.write(
          options.json === true
            ? `${JSON.stringify(reply, null, 2)}\n`
            : formatWhatIf(reply, edits, rows, host.terminal),
        );
      });
    });
}

function readEdits({ scale = [], remove = [], below = false }: WhatIfOptions): readonly ReplayEditRequest[] {
  return [
    ...scale.map((text) => {
      const at = text.lastIndexOf("=");
      const factor = at < 0 ? Number.NaN : Number(text.slice(at + 1));
      if (!(factor >= 0 && Number.isFinite(factor)) || text.slice(at + 1).trim() === "")
        throw new UsageError(`--scale: expected a query and a factor from 0, such as gemm=0.5, found "${text}"`);
      return { query: text.slice(0, at), factor, below };
    }),
    ...remove.map((query) => ({ query, factor: 0, below })),
  ];
}

function formatWhatIf(reply: WhatIf, edits: readonly ReplayEditRequest[], most: number, style: TableStyle): string {
  const changes = edits.map(({ query, factor }, i) => {
    const { spanCount = 0, perStepNs = 0 } = reply.edits[i] ?? {};
    const what = factor === 0 ? "without" : `${String(factor)} × the time of`;
    return `${what} “${query}”: ${formatCounted(spanCount, "span")}, ${formatDuration(perStepNs)} a step`;
  });
  const rows = reply.path.slice(0, most);
  const left = reply.path.length - rows.length;
  return [
    ...changes,
    describeWhatIf(reply),
    ...doubtsOf(reply),
    "",
    "The critical path of a step, what it consists of one after the other:",
    formatPath(rows, edits.length > 0, style).trimEnd(),
    ...(left > 0 ? [`and ${formatCounted(left, "more row")}`] : []),
    "",
    replayMethod,
    "",
  ].join("\n");
}

function formatPath(rows: readonly PathRow[], isEdited: boolean, style: TableStyle): string {
  return formatTable(
    [
      { title: "time a step", align: "point" },
      ...(isEdited ? [{ title: "then", align: "point" } as const] : []),
      { title: "where", align: "left" },
      { title: "name", align: "left" },
    ],
    rows.map(({ name, place, beforeNs, afterNs }) => [
      formatDuration(beforeNs),
      ...(isEdited ? [formatDuration(afterNs)] : []),
      place,
      name,
    ]),
    style,
  );
}
