import { formatCount, formatDuration, formatDurationExact } from "../../traces/model/format-units.ts";
import { revisionOf, scopeOf, scopeWords } from "../state/scope.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { useEngineQuery } from "../state/use-engine-query.ts";
import { classes } from "../ui/css.ts";
import styles from "./DetailsPanel.module.css";
import { TopTable } from "./TopTable.tsx";

const css = classes(styles);

/** What runs in the selected part: sums, then the names behind them. */
export function AreaDetails({ tab }: { readonly tab: TraceTab }) {
  const scope = scopeOf(tab);
  const request = {
    trace: tab.key,
    scope,
    group: "name",
    sort: "selfNs",
    descending: true,
    first: 0,
    count: 1,
  } as const;
  const { reply, pending } = useEngineQuery("table.top", request, revisionOf(tab.summary));
  const numbers =
    reply === null
      ? []
      : [
          { name: "Spans", value: formatCount(reply.spanCount), exact: undefined },
          { name: "Wall", value: formatDuration(reply.wallNs), exact: formatDurationExact(reply.wallNs) },
          { name: "Busy", value: formatDuration(reply.busyNs), exact: formatDurationExact(reply.busyNs) },
          { name: "Self", value: formatDuration(reply.selfNs), exact: formatDurationExact(reply.selfNs) },
        ];
  return (
    <div className={css("details")}>
      <dl className={css("numbers")} aria-label={scopeWords(tab)} aria-busy={pending}>
        <div className={css("number")}>
          <dt>{scopeWords(tab)}</dt>
        </div>
        {numbers.map((number) => (
          <div key={number.name} className={css("number")} title={number.exact}>
            <dt>{number.name}</dt>
            <dd>{number.value}</dd>
          </div>
        ))}
      </dl>
      <div className={css("body")}>
        <TopTable tab={tab} scope={scope} group="name" />
      </div>
    </div>
  );
}
