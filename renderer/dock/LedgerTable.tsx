import { formatCount } from "../../traces/model/format-units.ts";
import type { ImportLedger } from "../../traces/model/ledger.ts";
import { classes } from "../ui/css.ts";
import styles from "./DetailsPanel.module.css";

const css = classes(styles);

/** Events read and where each went; the parts add up to the whole. */
export function LedgerTable({ ledger }: { readonly ledger: ImportLedger }) {
  const dropped = ledger.dropped.reduce((sum, line) => sum + line.count, 0);
  const parts: readonly (readonly [name: string, count: number])[] = [
    ["spans", ledger.spans],
    ["instants", ledger.instants],
    ["counter events", ledger.counterEvents],
    ["ends of flows", ledger.flowEnds],
    ["metadata", ledger.metadata],
    ["folded into others", ledger.foldedIn],
    ["left out", dropped],
  ];
  return (
    <table className={css("kinds")}>
      <tbody>
        {parts
          .filter(([name, count]) => count > 0 || name === "left out")
          .map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={css("right")}>{formatCount(count)}</td>
            </tr>
          ))}
        {ledger.derivedSpans === 0 ? null : (
          <tr>
            <th scope="row">spans made from folded-in events</th>
            <td className={css("right")}>+{formatCount(ledger.derivedSpans)}</td>
          </tr>
        )}
        <tr>
          <th scope="row">
            <strong>events read</strong>
          </th>
          <td className={css("right")}>
            <strong>{formatCount(ledger.eventsRead)}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
