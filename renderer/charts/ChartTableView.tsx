import { formatCount, formatNumber } from "../../traces/model/format-units.ts";
import { classes } from "../ui/css.ts";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import type { ChartCell, ChartTable } from "./chart-table.ts";
import styles from "./ChartTableView.module.css";

const css = classes(styles);

/** The numbers of a chart, for those who want or need them as text; all digits are in the tooltip. */
export function ChartTableView({ label, table }: { readonly label: string; readonly table: ChartTable }) {
  return (
    <ScrollArea label={`${label}, as a table`} className={css("scroll")}>
      <table className={css("table")}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.title} scope="col" className={css(column.align)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            // Rows of a chart have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index}>
              {row.map((cell, at) => (
                <td
                  key={table.columns[at]?.title ?? at}
                  className={css(table.columns[at]?.align, cell === null && "missing")}
                  title={typeof cell === "number" ? String(cell) : undefined}
                >
                  {cellText(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function cellText(cell: ChartCell): string {
  if (cell === null) return "not collected";
  if (typeof cell === "string") return cell;
  return Number.isInteger(cell) ? formatCount(cell) : formatNumber(cell);
}
