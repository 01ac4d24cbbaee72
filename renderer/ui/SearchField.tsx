import { Search, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type Ref } from "react";
import { classes } from "./css.ts";
import styles from "./SearchField.module.css";

const css = classes(styles);

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly invalid?: boolean;
  /** Stands inside, before the clear button: a count, arrows. */
  readonly trailing?: ReactNode;
}

/** A field that narrows or finds; Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  return (
    <div className={css("field", props.invalid === true && "invalid")}>
      <Search size={14} className={css("sign")} aria-hidden />
      <input
        ref={props.inputRef}
        className={css("input")}
        type="text"
        aria-label={props.label}
        aria-invalid={props.invalid === true}
        placeholder={props.placeholder}
        value={props.value}
        spellCheck={false}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={(event) => {
          props.onKeyDown?.(event);
          if (event.defaultPrevented || event.key !== "Escape") return;
          if (props.value === "") event.currentTarget.blur();
          else props.onChange("");
          event.preventDefault();
        }}
      />
      {props.trailing}
      {props.value === "" ? null : (
        <button type="button" className={css("clear")} aria-label="Clear" onClick={() => props.onChange("")}>
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}
