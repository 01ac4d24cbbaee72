import type { AccuracyCheck, BenchResult } from "../../../traces/measure/bench-report.ts";
import { checkNumber, checkQuantity, limitWords } from "../../../traces/measure/check-words.ts";
import { labelOf } from "../../runs/result-words.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import styles from "./AccuracyPanel.module.css";

const css = classes(styles);

/**
 * What each configuration computes against the reference; one that fails is out of every claim of speed. Limits follow
 * the precision of a row: one that is not that of all rows stands with its value.
 */
export function AccuracyPanel({
  results,
  isDone,
}: {
  readonly results: readonly BenchResult[];
  readonly isDone: boolean;
}) {
  const checked = results.filter(({ accuracy }) => accuracy !== null);
  if (checked.length === 0)
    return (
      <Empty title={isDone ? "No configuration was checked" : "Not checked yet"}>
        {isDone ? "Checks come after the samples, and this run has none." : "Checks come after the samples."}
      </Empty>
    );
  const heads = distinctChecks(checked);
  const subjects = sharedWords(heads, checked, ({ subject }) => subject);
  const limits = sharedWords(heads, checked, limitWords);
  return (
    <table className={css("table")}>
      <caption className="visually-hidden">Accuracy of each configuration</caption>
      <thead>
        <tr>
          <th scope="col">Configuration</th>
          <th scope="col">Verdict</th>
          {heads.map((check) => (
            <CheckHead
              key={check.id}
              check={check}
              about={[subjects.get(check.id), check.unit, limits.get(check.id)]}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {checked.map((result) => (
          <tr key={labelOf(result, results)}>
            <th scope="row">{labelOf(result, results)}</th>
            <Verdict result={result} />
            {heads.map(({ id }) => (
              <CheckCell
                key={id}
                check={checkOf(result, id)}
                isLimitShared={limits.has(id)}
                isSubjectShared={subjects.has(id)}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One that is within its limits is excluded all the same when its variant is outside at another size. */
function Verdict({ result: { accuracy, outcome, reason } }: { readonly result: BenchResult }) {
  const isOutside = accuracy?.passed === false;
  if (outcome !== "excluded") return <td>✓ within</td>;
  return (
    <td className={css("failed")} title={reason ?? ""}>
      {isOutside ? "✕ outside, excluded" : "✓ within here, excluded"}
    </td>
  );
}

/** One of each id, in the order of their first appearance. */
function distinctChecks(results: readonly BenchResult[]): readonly AccuracyCheck[] {
  const checks = results.flatMap(({ accuracy }) => accuracy?.checks ?? []);
  return checks.filter((check, index) => checks.findIndex(({ id }) => id === check.id) === index);
}

function checkOf({ accuracy }: BenchResult, id: string): AccuracyCheck | undefined {
  return accuracy?.checks.find((check) => check.id === id);
}

/** By check: what `wordsOf` says of it in every row alike. */
function sharedWords(
  heads: readonly AccuracyCheck[],
  results: readonly BenchResult[],
  wordsOf: (check: AccuracyCheck) => string | undefined,
): ReadonlyMap<string, string> {
  const shared = new Map<string, string>();
  for (const head of heads) {
    const words = wordsOf(head);
    const found = results.flatMap((result) => checkOf(result, head.id) ?? []);
    if (words !== undefined && found.every((check) => wordsOf(check) === words)) shared.set(head.id, words);
  }
  return shared;
}

function CheckHead({
  check,
  about,
}: {
  readonly check: AccuracyCheck;
  readonly about: readonly (string | undefined)[];
}) {
  return (
    <th scope="col" className={css("number")}>
      {check.label}
      {about.map(
        (line) =>
          line !== undefined && (
            <span key={line} className={css("about")}>
              {line}
            </span>
          ),
      )}
    </th>
  );
}

function CheckCell({
  check,
  isLimitShared,
  isSubjectShared,
}: {
  readonly check: AccuracyCheck | undefined;
  readonly isLimitShared: boolean;
  readonly isSubjectShared: boolean;
}) {
  if (check === undefined) return <td className={css("number", "none")}>not checked</td>;
  return (
    <td className={css("number", !check.passed && "failed")} title={check.note ?? checkQuantity(check)}>
      {check.passed ? "" : "✕ "}
      {checkNumber(check)}
      {!isLimitShared && <span className={css("about")}>{limitWords(check)}</span>}
      {check.subject !== undefined && !isSubjectShared && <span className={css("about")}>{check.subject}</span>}
    </td>
  );
}
