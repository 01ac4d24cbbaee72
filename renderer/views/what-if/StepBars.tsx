import { formatDuration } from "../../../traces/model/format-units.ts";
import type { WhatIf } from "../../../traces/replay/what-if.ts";
import { classes } from "../../ui/css.ts";
import styles from "./WhatIfView.module.css";

const css = classes(styles);

/** The step as it is, and as it would be, to one scale. */
export function StepBars({ reply: { beforeNs, afterNs, edits } }: { readonly reply: WhatIf }) {
  if (edits.length === 0) return null;
  const longest = Math.max(beforeNs, afterNs);
  const bar = (title: string, ns: number, look: "before" | "after") => (
    <>
      <dt>{title}</dt>
      <dd>
        <span className={css("bar", look)} style={{ width: `${(ns / longest) * 80}%` }} />
        {formatDuration(ns)}
      </dd>
    </>
  );
  return (
    <dl className={css("bars")}>
      {bar("as it is", beforeNs, "before")}
      {bar("then", afterNs, "after")}
    </dl>
  );
}
