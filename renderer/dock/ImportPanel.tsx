import { TriangleAlert } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import {
  formatBytes,
  formatByteRate,
  formatCount,
  formatDuration,
  formatNumber,
  thinSpace,
} from "../../traces/model/format-units.ts";
import { breakingPoint, type ImportLedger, placesOf, type LedgerLine } from "../../traces/model/ledger.ts";
import type { TraceSummary } from "../../electron/contract/engine-contract.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { Empty } from "../ui/Empty.tsx";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import styles from "./DetailsPanel.module.css";
import { FactList, NotCollected, Section } from "./FactList.tsx";
import { LedgerTable } from "./LedgerTable.tsx";

const css = classes(styles);

/** What the import did with every event of the file. */
export function ImportPanel({ tab }: { readonly tab: TraceTab }) {
  const { summary } = tab;
  if (summary === null) return <Empty title="Nothing is read yet" />;
  const { ledger } = summary;
  const brokenAt = breakingPoint(ledger, summary.fileBytes);
  return (
    <div className={css("details")}>
      <ScrollArea className={css("columns")} label="What the import did">
        <div>
          <Section title={outcomeTitle(summary)}>
            <LedgerTable ledger={ledger} />
          </Section>
        </div>
        <div>
          <LineSection
            title="Left out"
            lines={ledger.dropped}
            ledger={ledger}
            none={
              ledger.truncatedAtByte === undefined
                ? "Nothing: every event of the file is in the trace."
                : "Nothing of what could be read."
            }
          />
          <LineSection title="Changed or odd" lines={ledger.notes} ledger={ledger} none="Nothing." />
          {brokenAt === null ? null : (
            <Section title="End of the file">{`The file breaks off at ${brokenAt}; everything complete before it is here.`}</Section>
          )}
        </div>
        <div>
          <Section title="File">
            <FactList facts={fileFacts(summary)} />
          </Section>
          <Section title="Recorded on">
            {summary.facts.length === 0 ? (
              <NotCollected>nothing in the file</NotCollected>
            ) : (
              <FactList facts={summary.facts.map(([name, value]) => ({ name, value }))} />
            )}
          </Section>
        </div>
      </ScrollArea>
    </div>
  );
}

function LineSection({
  title,
  lines,
  ledger,
  none,
}: {
  readonly title: string;
  readonly lines: readonly LedgerLine[];
  readonly ledger: ImportLedger;
  readonly none: string;
}): ReactNode {
  return (
    <Section title={title}>
      {lines.length === 0 ? (
        <NotCollected>{none}</NotCollected>
      ) : (
        <table className={css("kinds")}>
          <tbody>
            {lines.toSorted(warningsFirst).map((line) => (
              <tr key={line.code}>
                <td className={css("right")}>{formatCount(line.count)}</td>
                <td className={css("sentence")}>
                  {line.level === "warning" ? (
                    <TriangleAlert size={13} className={css("warning")} aria-label="Warning:" />
                  ) : null}
                  {line.message}
                  <Places bytes={placesOf(line, ledger)} isMore={line.count > line.firstBytes.length} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** " at byte 120, 1 400, …" */
function Places({ bytes, isMore }: { readonly bytes: readonly number[]; readonly isMore: boolean }): ReactNode {
  if (bytes.length === 0) return null;
  return (
    <NotCollected>
      {" at byte "}
      {bytes.map((byte, index) => (
        <Fragment key={byte}>
          {index === 0 ? "" : ", "}
          <span className={css("unbroken")}>{formatCount(byte)}</span>
        </Fragment>
      ))}
      {isMore ? ", …" : ""}
    </NotCollected>
  );
}

const warningsFirst = (a: LedgerLine, b: LedgerLine): number =>
  Number(b.level === "warning") - Number(a.level === "warning");

function outcomeTitle(summary: TraceSummary): string {
  if (summary.partial) return "Reading…";
  switch (summary.ledger.outcome) {
    case "ok":
      return "Read completely";
    case "notes":
      return summary.ledger.dropped.length > 0 ? "Read to its end, events left out" : "Read completely, with notes";
    case "partial":
      return summary.ledger.truncatedAtByte === undefined
        ? "A part of the file is left out"
        : "A part of the file is missing";
  }
}

function fileFacts(summary: TraceSummary) {
  const seconds = summary.importMs / 1000;
  return [
    { name: "Name", value: summary.fileName },
    { name: "Size", value: formatBytes(summary.fileBytes), exact: `${formatCount(summary.fileBytes)} bytes` },
    { name: "Format", value: summary.formatLabel },
    { name: "Producer", value: summary.producer ?? <NotCollected /> },
    {
      name: "Import",
      value: `${formatDuration(summary.importMs * 1e6)}${seconds > 0 ? `, ${formatByteRate(summary.fileBytes / seconds)}` : ""}`,
    },
    {
      name: "Memory",
      value: `${formatBytes(summary.residentBytes)}${summary.spanCount > 0 ? `, ${formatNumber(summary.residentBytes / summary.spanCount)}${thinSpace}B per span` : ""}`,
    },
  ];
}
