import type { AccuracyCheck, BenchResult } from "../../../traces/measure/bench-report.ts";
import { checkNumber, checkQuantity, limitWords } from "../../../traces/measure/check-words.ts";
import { labelOf } from "../../runs/result-words.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import styles from "./AccuracyPanel.module.css";

const css = classes(styles);

/**
 * What each configuration computes against the reference; one that fails is out of every claim of speed. Checks have
 * long names and stand below one another. Limits follow the precision of a configuration: one that is not that of all
 * stands with its value.
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
  const checks = distinctChecks(checked);
  const subjects = sharedWords(checks, checked, ({ subject }) => subject);
  const limits = sharedWords(checks, checked, limitWords);
  return (
    <table className={css("table")}>
      <caption className="visually-hidden">Accuracy of each configuration</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          {checked.map((result) => (
            <th key={labelOf(result, results)} scope="col" className={css("number")}>
              {labelOf(result, results)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Verdict</th>
          {checked.map((result) => (
            <Verdict key={labelOf(result, results)} result={result} />
          ))}
        </tr>
        {checks.map((check) => (
          <tr key={check.id}>
            <CheckHead check={check} about={[subjects.get(check.id), check.unit, limits.get(check.id)]} />
            {checked.map((result) => (
              <CheckCell
                key={labelOf(result, results)}
                check={checkOf(result, check.id)}
                isLimitShared={limits.has(check.id)}
                isSubjectShared={subjects.has(check.id)}
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
  if (outcome !== "excluded") return <td className={css("number")}>{"✓\u00A0within"}</td>;
  return (
    <td className={css("number", "failed")} title={reason ?? ""}>
      {isOutside ? "✕\u00A0outside, excluded" : "✓\u00A0within here, excluded"}
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

/** By check: what `wordsOf` says of it in every configuration alike. */
function sharedWords(
  checks: readonly AccuracyCheck[],
  results: readonly BenchResult[],
  wordsOf: (check: AccuracyCheck) => string | undefined,
): ReadonlyMap<string, string> {
  const shared = new Map<string, string>();
  for (const check of checks) {
    const words = wordsOf(check);
    const found = results.flatMap((result) => checkOf(result, check.id) ?? []);
    if (words !== undefined && found.every((other) => wordsOf(other) === words)) shared.set(check.id, words);
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
    <th scope="row">
      {check.label} <span className={css("unit")}>{about.filter((word) => word !== undefined).join(", ")}</span>
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
