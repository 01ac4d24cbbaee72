import type {
  MeasurementComparison,
  MeasurementRow,
} from "../../../../traces/compare/measurements/measurement-comparison.ts";
import { formatCounted, thinSpace } from "../../../../traces/model/format-units.ts";
import { classes } from "../../../ui/css.ts";
import { GradeButton } from "../Verdict.tsx";
import verdictStyles from "../Verdict.module.css";
import { probabilityWords, relativeWords } from "../words.ts";
import styles from "./Results.module.css";

const css = classes({ ...verdictStyles, ...styles });

/** Alerts in the head; the table has them all. */
const mostAlerts = 3;

/** The sentence over all measurements, what speaks against their numbers, and what alerts, with the statistics of it. */
export function ResultsHead({ result }: { readonly result: MeasurementComparison }) {
  const { sentence, counts, rows, checks, options } = result;
  const alerts = rows.filter(({ verdict }) => verdict === "regressed");
  const tone = counts.regressed > 0 ? "slower" : counts.improved > 0 ? "faster" : "even";
  const sign = { slower: "▲", faster: "▼", even: "=" }[tone];
  const grade = checks.reduce<"A" | "B" | "C" | "D">(
    (worst, check) => (check.grade > worst ? check.grade : worst),
    "A",
  );
  const doubts = checks.filter(({ id }) => id.startsWith("integrity"));
  const settings = settingWords(result);
  return (
    <section className={css("verdict")} aria-labelledby="verdict-sentence">
      <span className={css("sign", tone)} aria-hidden>
        {sign}
      </span>
      <div className={css("words")}>
        <h1 id="verdict-sentence" className={css("sentence")}>
          {sentence}
        </h1>
        {doubts.map(({ id, message, before, after }) => (
          <p key={id} className={css("doubt")}>
            {`${message}. `}
            <span className={css("quiet")}>{before === after ? before : `Before: ${before}. After: ${after}.`}</span>
          </p>
        ))}
        {settings === "" ? null : <p className={css("quiet")}>{settings}</p>}
        <div className={css("line")}>
          <GradeButton comparability={{ grade, checks }} />
          {alerts.length === 0 ? (
            <span className={css("quiet")}>
              {`No alert: nothing is slower by more than ${100 * options.tolerance}${thinSpace}% beyond chance.`}
            </span>
          ) : (
            <ul role="alert" className={css("alerts")}>
              {alerts.slice(0, mostAlerts).map((row) => (
                <li key={row.name} title={row.name}>
                  {alertWords(row)}
                </li>
              ))}
              {alerts.length <= mostAlerts ? null : (
                <li>{`${formatCounted(alerts.length - mostAlerts, "more alert")} in the table`}</li>
              )}
            </ul>
          )}
        </div>
      </div>
    </section>
  );
}

/** "Changed: workers 1 → 2. Both: batch=8, threads=1." What the names of the rows leave out. */
function settingWords({ checks, shared }: MeasurementComparison): string {
  const changed = checks
    .filter(({ id }) => id.startsWith("option"))
    .map(({ label, before, after }) => `${label} ${before} → ${after}`);
  return [
    ...(changed.length === 0 ? [] : [`Changed: ${changed.join(", ")}.`]),
    ...(shared.length === 0 ? [] : [`Both: ${shared.join(", ")}.`]),
  ].join(" ");
}

function alertWords({ name, estimate }: MeasurementRow): string {
  return `▲ ${relativeWords(estimate.relative, estimate.relativeInterval)}, q ${probabilityWords(estimate.q)}: ${name}`;
}
