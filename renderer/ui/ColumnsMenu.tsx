import { Columns3 } from "lucide-react";
import { Button, DialogTrigger, Popover } from "react-aria-components";
import { CheckList } from "./CheckList.tsx";
import popupStyles from "./popup.module.css";
import styles from "./ColumnsMenu.module.css";
import { classes } from "./css.ts";
import type { GridColumn } from "./DataGrid.tsx";

const css = classes({ ...popupStyles, ...styles });

/** Says how many columns of a table are folded, and lets the reader choose. */
export function ColumnsMenu<Row>({
  foldable,
  folded,
  onChoose,
}: {
  readonly foldable: readonly GridColumn<Row>[];
  readonly folded: readonly GridColumn<Row>[];
  /** The ids of those that shall be there. */
  readonly onChoose: (ids: readonly string[]) => void;
}) {
  return (
    <DialogTrigger>
      <Button className={css("trigger")} aria-label={`Columns, ${folded.length} of them folded`}>
        <Columns3 size={13} aria-hidden />
        {folded.length === 0 ? null : `+${folded.length}`}
      </Button>
      <Popover placement="bottom end" offset={4}>
        <div className={css("popup", "dialog")}>
          <CheckList
            label="Columns"
            items={foldable.map(({ id, title, hint }) => ({
              id,
              title,
              ...(hint === undefined ? {} : { note: hint }),
            }))}
            chosen={foldable.filter((each) => !folded.includes(each)).map(({ id }) => id)}
            onChange={onChoose}
          />
        </div>
      </Popover>
    </DialogTrigger>
  );
}
