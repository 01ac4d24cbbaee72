import type { IntegrityFinding } from "../../../traces/measure/integrity/finding.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import { classes } from "../../ui/css.ts";
import { FindingList, Findings } from "./Findings.tsx";
import styles from "./IntegrityDetails.module.css";

const css = classes(styles);

/**
 * One line above numbers, with the arithmetic of every finding below it; nothing where nothing was found. `isOpen`: what
 * must not be used without a look stands open from the start, and only notes are folded.
 */
export function IntegrityDetails({
  findings,
  what,
  isOpen = false,
}: {
  readonly findings: readonly IntegrityFinding[];
  readonly what: string;
  readonly isOpen?: boolean;
}) {
  if (findings.length === 0) return null;
  const invalid = findings.filter(({ severity }) => severity === "invalid").length;
  const warnings = findings.filter(({ severity }) => severity !== "note");
  const notes = findings.filter(({ severity }) => severity === "note");
  const isSplit = isOpen && warnings.length > 0 && notes.length > 0;
  return (
    <details className={css("integrity")} {...(isOpen && warnings.length > 0 ? { open: true } : {})}>
      <summary className={css("summary", invalid > 0 && "invalid", warnings.length === 0 && "quiet")}>
        {summaryWords(findings.length, warnings.length, invalid)}
      </summary>
      <div className={css("findings")}>
        <Findings findings={isSplit ? warnings : findings} what={what} />
        {isSplit ? (
          <details className={css("notes")}>
            <summary>{`${formatCounted(notes.length, "note")} beside`}</summary>
            <FindingList findings={notes} />
          </details>
        ) : null}
      </div>
    </details>
  );
}

function summaryWords(all: number, warnings: number, invalid: number): string {
  if (invalid > 0) return `✕ ${formatCounted(invalid, "finding")}: numbers here do not measure what they say`;
  if (warnings > 0) return `? ${formatCounted(warnings, "finding")}: look before these numbers are used`;
  return `${formatCounted(all, "note")} about what these numbers measure`;
}
