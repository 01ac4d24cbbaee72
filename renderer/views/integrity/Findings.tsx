import type { IntegrityFinding } from "../../../traces/measure/integrity/finding.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import styles from "./Findings.module.css";

const css = classes(styles);

const words: Readonly<Record<IntegrityFinding["severity"], string>> = {
  invalid: "✕ do not use",
  doubtful: "? doubtful",
  note: "i note",
};

/** Numbers that do not measure what they say, each with its arithmetic. */
export function Findings({
  findings,
  what,
}: {
  readonly findings: readonly IntegrityFinding[];
  readonly what: string;
}) {
  if (findings.length === 0)
    return <Empty title="Nothing found">The timings of {what} agree with each other, as far as the file tells.</Empty>;
  return (
    <section aria-labelledby="integrity-title">
      <h2 id="integrity-title" className={css("title")}>
        Integrity of {what}
      </h2>
      <p className={css("about")}>Inferred from the numbers alone; the arithmetic stands below each line.</p>
      <FindingList findings={findings} />
    </section>
  );
}

/** What each place has, and how that follows. */
export function FindingList({ findings }: { readonly findings: readonly IntegrityFinding[] }) {
  return (
    <ul className={css("list")}>
      {findings.map((finding) => (
        <li key={`${finding.rule} ${finding.place}`} className={css("finding")}>
          <span className={css("severity", finding.severity)}>{words[finding.severity]}</span>
          <span className={css("words")}>
            <b>{finding.place}</b> {finding.message}
            <span className={css("arithmetic")}>{finding.arithmetic}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
