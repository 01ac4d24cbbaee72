import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ClaimsReport } from "../../../traces/report/claims/claim.ts";
import { openCliEngine } from "../cli-engine.ts";
import { toOneLine } from "../print/printable.ts";
import { formatTable, type TableStyle } from "../print/table.ts";
import type { CliHost } from "../run-cli.ts";
import { UnreadableFileError } from "../trace-session.ts";

interface ClaimsOptions {
  readonly json?: boolean;
}

export function addClaimsCommand(program: Command, host: CliHost): void {
  program
    .command("claims")
    .description(
      "What a claims ledger adds up to: recomputed arithmetic, what its tables say, what stands on a broken baseline.",
    )
    .argument(
      "[ledger]",
      "claims ledger (YAML), or a text with tables of times by batch or size; the bundled ledger about five real documents where absent",
    )
    .option("--json", "print one JSON object")
    .action(async (ledger: string | undefined, options: ClaimsOptions) => {
      const claims = ledger === undefined ? null : await readText(ledger, host);
      const { client, close } = openCliEngine(host);
      try {
        const report = await client.call("claims.check", { comparison: null, claims }, { signal: host.signal });
        await host.terminal.write(
          options.json === true ? `${JSON.stringify(report, null, 2)}\n` : formatClaims(report, host.terminal),
        );
      } finally {
        await close();
      }
    });
}

async function readText(file: string, { workingFolder }: CliHost): Promise<string> {
  return await readFile(resolve(workingFolder, file), "utf8").catch((cause: unknown) => {
    throw new UnreadableFileError(file, "cannot be read", { cause });
  });
}

/** Insights first: they are what the tables say, whatever the text beside them says. */
function formatClaims({ title, claims, insights, accuracy }: ClaimsReport, style: TableStyle): string {
  return [
    `${toOneLine(title)}\n\n`,
    ...insights.map(({ subject, sentence }) => `${toOneLine(subject)}\n  ${toOneLine(sentence)}\n`),
    ...accuracy.map(
      ({ quantity, unit, after, limit, passes }) =>
        `${toOneLine(quantity)}: ${after} ${unit}, limit ${limit} ${unit}: ${passes ? "passes" : "fails"}\n`,
    ),
    "\n",
    formatTable(
      [
        { title: "status", align: "left" },
        { title: "expected", align: "right" },
        { title: "found", align: "right" },
        { title: "claim", align: "left" },
      ],
      claims.map(({ status, expected, found, text }) => [status, expected, found, text]),
      style,
    ),
    "\n",
    ...claims
      .filter(({ evidence }) => evidence.length > 0)
      .map(({ text, source, evidence }) => `${toOneLine(`${text} (${source})`)}\n  ${toOneLine(evidence.join(" "))}\n`),
  ].join("");
}
