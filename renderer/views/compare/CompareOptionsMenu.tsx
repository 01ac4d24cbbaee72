import { SlidersHorizontal } from "lucide-react";
import { Button as AriaButton, DialogTrigger, Popover } from "react-aria-components";
import { formatShare } from "../../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { classes } from "../../ui/css.ts";
import popupStyles from "../../ui/popup.module.css";
import styles from "./CompareOptionsMenu.module.css";

const css = classes({ ...popupStyles, ...styles });
const tolerances = [0.01, 0.02, 0.05, 0.1, 0.2];

/** What counts as a change, and what a step holds. */
export function CompareOptionsMenu() {
  const options = useApp((state) => state.compareOptions);
  const items = useApp((state) => state.itemsPerStep);
  const { changeCompareOptions, setItemsPerStep } = useAppStore().getState();
  return (
    <DialogTrigger>
      <AriaButton className={css("trigger")}>
        <span className="visually-hidden">Options of the comparison: </span>
        <SlidersHorizontal size={14} aria-hidden />
        {`changes over ${formatShare(options.tolerance)}`}
      </AriaButton>
      <Popover placement="bottom end" offset={4}>
        <div className={css("popup", "dialog")}>
          <label className={css("field")}>
            <span>Smallest change that matters</span>
            <select
              value={options.tolerance}
              onChange={(event) => changeCompareOptions({ tolerance: Number(event.target.value) })}
            >
              {tolerances.map((tolerance) => (
                <option key={tolerance} value={tolerance}>
                  {formatShare(tolerance)}
                </option>
              ))}
            </select>
          </label>
          <label className={css("field")}>
            <span>Items per step (structures, points, tokens)</span>
            <input
              type="number"
              min={1}
              placeholder="as the traces say"
              defaultValue={items ?? ""}
              onBlur={(event) => setItemsPerStep(Number(event.target.value) > 0 ? Number(event.target.value) : null)}
              onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
            />
          </label>
          <label className={css("check")}>
            <input
              type="checkbox"
              checked={options.allowIncomparable}
              onChange={(event) => changeCompareOptions({ allowIncomparable: event.target.checked })}
            />
            <span>Give a verdict even where the sides are not comparable</span>
          </label>
        </div>
      </Popover>
    </DialogTrigger>
  );
}
