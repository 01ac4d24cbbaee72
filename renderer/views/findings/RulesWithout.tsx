import type { Advice } from "../../../traces/advise/advice.ts";
import { classes } from "../../ui/css.ts";
import styles from "./FindingsView.module.css";

const css = classes(styles);

/** Rules that looked and found nothing, and rules that could not look. */
export function RulesWithout({ advice: { abstained, passed } }: { readonly advice: Advice }) {
  return (
    <div className={css("without")}>
      {abstained.length === 0 ? null : (
        <section aria-labelledby="abstained-title">
          <h2 id="abstained-title" className={css("listTitle")}>
            Could not look
          </h2>
          <ul className={css("rules")}>
            {abstained.map(({ rule, title, reason }) => (
              <li key={rule}>
                {title} <span className={css("reason")}>needs {reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {passed.length === 0 ? null : (
        <section aria-labelledby="passed-title">
          <h2 id="passed-title" className={css("listTitle")}>
            Nothing found
          </h2>
          <ul className={css("rules")}>
            {passed.map(({ rule, title }) => (
              <li key={rule}>{title}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
