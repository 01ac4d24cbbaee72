import { Button as AriaButton, DialogTrigger, Popover } from "react-aria-components";
import type { Comparability, ComparisonSummary } from "../../../traces/compare/comparison.ts";
import { formatLevel } from "../../../traces/compare/words.ts";
import { formatCount, formatDurationExact, formatNumber, thinSpace } from "../../../traces/model/format-units.ts";
import { classes } from "../../ui/css.ts";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import popupStyles from "../../ui/popup.module.css";
import styles from "./Verdict.module.css";
import { deltaWords, relativeWords, speedWords, toneOf, valueWords, verdictSign } from "./words.ts";

const css = classes({ ...popupStyles, ...styles });

const gradeWords: Readonly<Record<Comparability["grade"], string>> = {
  A: "comparable",
  B: "minor differences",
  C: "doubtful",
  D: "not comparable",
};

/** The answer: one sentence, how sure it is, what it rests on. */
export function Verdict({ summary }: { readonly summary: ComparisonSummary }) {
  const { headline } = summary;
  const { estimate } = headline;
  const tone = headline.refusal !== null ? "even" : toneOf(estimate?.verdict ?? null);
  const sign = headline.refusal !== null || estimate === null ? "–" : verdictSign(estimate.verdict);
  return (
    <section className={css("verdict")} aria-labelledby="verdict-sentence">
      <span className={css("sign", tone)} aria-hidden>
        {sign}
      </span>
      <div className={css("words")}>
        <h1 id="verdict-sentence" className={css("sentence")}>
          {headline.sentence}
        </h1>
        <div className={css("line")}>
          <GradeButton comparability={summary.comparability} />
          <Numbers summary={summary} />
        </div>
        {headline.causes.length === 0 ? null : (
          <ul className={css("causes")} aria-label="Causes">
            {headline.causes.map((cause) => (
              <li key={cause} title={cause}>
                {cause}
              </li>
            ))}
          </ul>
        )}
        <Caveats headline={headline} />
      </div>
    </section>
  );
}

function Numbers({ summary }: { readonly summary: ComparisonSummary }) {
  const { estimate } = summary.headline;
  if (estimate === null) return null;
  const { before, after } = estimate;
  const speed = speedWords(estimate);
  const items = summary.before.itemsPerStep === summary.after.itemsPerStep ? summary.before.itemsPerStep : null;
  return (
    <dl className={css("numbers")}>
      <Fact name={`${summary.headline.quantity}, median`}>
        {`${valueWords(before.median, summary.unit)} → ${valueWords(after.median, summary.unit)}`}
      </Fact>
      <Fact
        name="mean"
        title={summary.unit === "ns" ? `${formatDurationExact(before.mean)} → ${formatDurationExact(after.mean)}` : ""}
      >
        {`${valueWords(before.mean, summary.unit)} → ${valueWords(after.mean, summary.unit)}${meanWords(summary)}`}
      </Fact>
      <Fact name={`change [${formatLevel(estimate.level)} interval]`}>
        {relativeWords(estimate.relative, estimate.relativeInterval)}
      </Fact>
      <Fact name="verdict">{[estimate.verdict, speed].filter((word) => word !== null).join(", ")}</Fact>
      <Fact name="n">{`${formatCount(before.n)} | ${formatCount(after.n)}`}</Fact>
      {items === null || summary.unit !== "ns" ? null : (
        <Fact name="throughput">
          {`${rate(items, before.median)} → ${rate(items, after.median)}${thinSpace}items/s`}
        </Fact>
      )}
    </dl>
  );
}

/** ", −36.5 ms [−47.1, −18.2]": means differ by this, with the interval of a bootstrap. */
function meanWords({ headline: { meanShift }, unit }: ComparisonSummary): string {
  if (meanShift?.interval == null || meanShift.shift === 0) return "";
  const [low, high] = meanShift.interval.map((end) => deltaWords(end, unit));
  return `, ${deltaWords(meanShift.shift, unit)} [${low}, ${high}]`;
}

const rate = (items: number, stepNs: number): string => formatNumber((items * 1e9) / stepNs);

function Fact({
  name,
  title,
  children,
}: {
  readonly name: string;
  /** All digits. */
  readonly title?: string;
  readonly children: string;
}) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Caveats({ headline }: Pick<ComparisonSummary, "headline">) {
  const lines = [headline.refusal ?? "", ...headline.caveats].filter(
    (line) => line !== "" && !headline.sentence.includes(line),
  );
  if (lines.length === 0) return null;
  return (
    <ul className={css("caveats")} aria-label="Limits of the statement">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** The grade; pressed, it shows what was checked. */
export function GradeButton({ comparability: { grade, checks } }: { readonly comparability: Comparability }) {
  return (
    <DialogTrigger>
      <AriaButton className={css("grade", `grade${grade}`)}>
        <span className="visually-hidden">Comparability: grade </span>
        <strong>{grade}</strong> {gradeWords[grade]}
      </AriaButton>
      <Popover placement="bottom start" offset={4}>
        <div className={css("popup", "checks")}>
          <ScrollArea label="Checks" className={css("checksScroll")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Grade</th>
                  <th scope="col">Check</th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                  <th scope="col">What it means</th>
                </tr>
              </thead>
              <tbody>
                {checks.map((check) => (
                  <tr key={check.id}>
                    <td>{check.grade}</td>
                    <td>{check.label}</td>
                    <td>{check.before}</td>
                    <td>{check.after}</td>
                    <td>{check.message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        </div>
      </Popover>
    </DialogTrigger>
  );
}
