import type { IntegrityFinding } from "../../../traces/measure/integrity/finding.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import { classes } from "../../ui/css.ts";
import { Findings } from "./Findings.tsx";
import styles from "./IntegrityDetails.module.css";

const css = classes(styles);

/** One line above numbers, with the arithmetic of every finding below it; nothing where nothing was found. */
export function IntegrityDetails({
  findings,
  what,
}: {
  readonly findings: readonly IntegrityFinding[];
  readonly what: string;
}) {
  if (findings.length === 0) return null;
  const invalid = findings.filter(({ severity }) => severity === "invalid").length;
  return (
    <details className={css("integrity")}>
      <summary className={css("summary", invalid > 0 && "invalid")}>
        {invalid > 0
          ? `✕ ${formatCounted(invalid, "finding")}: numbers here do not measure what they say`
          : `${formatCounted(findings.length, "note")} about what these numbers measure`}
      </summary>
      <div className={css("findings")}>
        <Findings findings={findings} what={what} />
      </div>
    </details>
  );
}
