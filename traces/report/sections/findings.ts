import type { Advice, Finding } from "../../advise/advice.ts";
import { replayedWords } from "../../advise/replayed-words.ts";
import { formatDelta } from "../../compare/words.ts";
import { formatDuration, formatShare } from "../../model/format-units.ts";
import { type Block, type Cell, cell } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

type State = "resolved" | "remains" | "new" | "not looked for after" | "not looked for before";

interface Pair {
  readonly state: State;
  readonly finding: Finding;
  readonly before: Finding | null;
  readonly after: Finding | null;
}

export const findings: ReportSection = {
  id: "findings",
  title: "Findings resolved, remaining and new",
  build: ({ advice: { before, after } }) => {
    const pairs = pairUp(before, after);
    if (pairs.length === 0)
      return [{ kind: "text", text: "No rule sees a loss above its threshold on either side.", tone: "muted" }];
    return [
      ...promiseOf(pairs, before, after),
      {
        kind: "table",
        columns: [
          { title: "state", align: "left" },
          { title: "finding", align: "left" },
          { title: "could save before", align: "right" },
          { title: "could save after", align: "right" },
          { title: "what the spans show", align: "left" },
        ],
        rows: pairs.map((pair) => [
          cell(pair.state, undefined, tones[pair.state]),
          cell(`${pair.finding.rule} ${pair.finding.title}`),
          savingCell(pair.before, before.steps.meanNs),
          savingCell(pair.after, after.steps.meanNs),
          cell(sentenceOf(pair.after ?? pair.finding, pair.after === null ? before : after)),
        ]),
        omitted: 0,
      },
    ];
  },
};

function sentenceOf({ sentence, replayed }: Finding, { steps }: Advice): string {
  return replayed === null ? sentence : `${sentence} ${upperFirst(replayedWords(replayed, steps))}.`;
}

const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const tones = {
  resolved: "good",
  remains: "plain",
  new: "bad",
  "not looked for after": "muted",
  "not looked for before": "muted",
} as const satisfies Record<State, Cell["tone"]>;

function pairUp(before: Advice, after: Advice): readonly Pair[] {
  const inAfter = new Map(after.findings.map((finding) => [finding.rule, finding]));
  const inBefore = new Map(before.findings.map((finding) => [finding.rule, finding]));
  const old = before.findings.map((finding): Pair => {
    const other = inAfter.get(finding.rule) ?? null;
    const state = other !== null ? "remains" : looked(after, finding.rule) ? "resolved" : "not looked for after";
    return { state, finding, before: finding, after: other };
  });
  const fresh = after.findings
    .filter(({ rule }) => !inBefore.has(rule))
    .map((finding): Pair => ({
      state: looked(before, finding.rule) ? "new" : "not looked for before",
      finding,
      before: null,
      after: finding,
    }));
  return [...old, ...fresh];
}

const looked = ({ passed }: Advice, rule: string): boolean => passed.some((each) => each.rule === rule);

/** What resolved findings promised beside what the step did: the arithmetic, not a verdict. */
function promiseOf(pairs: readonly Pair[], before: Advice, after: Advice): readonly Block[] {
  const resolved = pairs.filter(({ state, finding }) => state === "resolved" && finding.savingAlone.highNs > 0);
  if (resolved.length === 0 || before.steps.rule === "whole" || after.steps.rule === "whole") return [];
  const sum = (part: "lowNs" | "midNs" | "highNs"): string =>
    formatDuration(resolved.reduce((total, { finding }) => total + finding.saving[part], 0));
  return [
    {
      kind: "text",
      text: `What was resolved could save ${sum("midNs")} of a step, between ${sum("lowNs")} and ${sum("highNs")}; the mean step changed by ${formatDelta(after.steps.meanNs - before.steps.meanNs)}.`,
      tone: "plain",
    },
  ];
}

function savingCell(finding: Finding | null, stepNs: number): Cell {
  if (finding === null) return cell("–", 0, "muted");
  const { midNs } = finding.savingAlone;
  if (midNs === 0) return cell("no saving of its own", 0, "muted");
  return cell(`${formatDuration(midNs)} (${formatShare(midNs / stepNs)})`, midNs);
}
