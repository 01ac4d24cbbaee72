import type { ReactNode } from "react";
import { classes } from "./css.ts";
import styles from "./CheckList.module.css";

const css = classes(styles);

export interface CheckItem {
  readonly id: string;
  readonly title: string;
  /** In quieter letters below the title. */
  readonly note?: ReactNode;
  /** Cannot be chosen; the note says why. */
  readonly isDisabled?: boolean;
}

/** Several of a list, each with its words. */
export function CheckList({
  label,
  items,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly items: readonly CheckItem[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  return (
    <fieldset className={css("list")}>
      <legend className={css("label")}>{label}</legend>
      {items.map(({ id, title, note, isDisabled = false }) => (
        <label key={id} className={css("item", isDisabled && "disabled")}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            disabled={isDisabled}
            // Items keep their order, so that what is compared first stays first.
            onChange={({ target }) =>
              onChange(
                items.map((item) => item.id).filter((own) => (own === id ? target.checked : chosen.includes(own))),
              )
            }
          />
          <span>
            {title}
            {note === undefined ? null : <span className={css("note")}>{note}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
