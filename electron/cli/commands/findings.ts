import type { Command } from "commander";
import type { Advice, Finding } from "../../../traces/advise/advice.ts";
import { replayedWords } from "../../../traces/advise/replayed-words.ts";
import { formatCount, formatCounted, formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import type { AdviceReply } from "../../contract/engine-contract.ts";
import { toOneLine } from "../print/printable.ts";
import type { CliHost } from "../run-cli.ts";
import { addFileArgument, withTrace, type ReadOptions } from "../trace-session.ts";

interface FindingsOptions extends ReadOptions {
  readonly json?: boolean;
}

export function addFindingsCommand(program: Command, host: CliHost): void {
  addFileArgument(program.command("findings"))
    .description(
      "Where time could be saved: what is lost, how much of a step, what to change, how to see that it worked.",
    )
    .option("--json", "print one JSON object")
    .action(async (file: string, options: FindingsOptions) => {
      await withTrace(file, host, options, async ({ engine, trace }) => {
        const reply = await engine.call("advice.get", { trace }, { signal: host.signal });
        await host.terminal.write(
          options.json === true ? `${JSON.stringify(reply.advice, null, 2)}\n` : formatAdvice(reply),
        );
      });
    });
}

/** Findings by saving, then the rules that could not look. */
export function formatAdvice({ advice, evidence }: AdviceReply): string {
  const { steps, findings, abstained, passed } = advice;
  const lines = [stepsText(steps), ""];
  if (findings.length === 0) lines.push("Nothing found.", "");
  findings.forEach((finding, i) => {
    lines.push(
      `${finding.rule}  ${finding.title}  [${finding.severity}, confidence ${formatShare(finding.confidence)}]`,
      `     ${toOneLine(finding.sentence)}`,
      ...(finding.savingAlone.highNs > 0 ? [`     could save ${savingText(finding, steps)}`] : []),
      ...(finding.replayed === null ? [] : [`     ${replayedWords(finding.replayed, steps)}`]),
      `     ${finding.fix}`,
      `     check: ${finding.howToVerify}`,
      `     evidence: ${evidenceText(finding, evidence[i] ?? [])}`,
      "",
    );
  });
  lines.push(`Nothing found by: ${passed.map(({ rule }) => rule).join(", ") || "none"}`);
  for (const { rule, title, reason } of abstained) lines.push(`Could not look: ${rule} ${title} (needs ${reason})`);
  return `${lines.join("\n")}\n`;
}

function stepsText({ rule, count, leftOut, meanNs }: Advice["steps"]): string {
  if (rule === "whole") return `No repeating steps: the whole trace of ${formatDuration(meanNs)} counts as one.`;
  const without = leftOut === 0 ? "" : `, without ${formatCount(leftOut)} of warm-up, compiling or cut`;
  return `${formatCounted(count, "step")} of ${formatDuration(meanNs)} on average${without}${rule === "period" ? ", found by their period" : ""}.`;
}

/** Alone, as its severity has it; and what of that the findings above have not promised already. */
function savingText({ saving, savingAlone }: Finding, { meanNs, rule }: Advice["steps"]): string {
  const { lowNs, midNs, highNs } = savingAlone;
  const each = rule === "whole" ? "the trace" : "a step";
  const alone = `${formatDuration(midNs)} of ${each} (${formatShare(midNs / meanNs)}), between ${formatDuration(lowNs)} and ${formatDuration(highNs)}`;
  if (saving.midNs >= midNs) return alone;
  const beyond = saving.midNs > 0 ? `${formatDuration(saving.midNs)} of it` : "nothing of it";
  return `${alone}; ${beyond} beyond the findings above`;
}

function evidenceText({ evidenceCount }: Finding, spans: AdviceReply["evidence"][number]): string {
  if (evidenceCount === 0) return "the import";
  const [first] = spans;
  return first === undefined
    ? `${formatCount(evidenceCount)} spans`
    : `${formatCount(evidenceCount)} spans, the longest ${toOneLine(first.name)} at ${formatDuration(first.startNs)}`;
}
