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
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  onKeyDown,
  inputRef,
  invalid = false,
  trailing,
}: SearchFieldProps) {
  return (
    <div className={css("field", invalid && "invalid")}>
      <Search size={14} className={css("sign")} aria-hidden />
      <input
        ref={inputRef}
        className={css("input")}
        type="text"
        dir="auto"
        aria-label={label}
        aria-invalid={invalid}
        placeholder={placeholder}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (event.defaultPrevented || event.key !== "Escape") return;
          if (value === "") event.currentTarget.blur();
          else onChange("");
          event.preventDefault();
        }}
      />
      {trailing}
      {value === "" ? null : (
        <button type="button" className={css("clear")} aria-label="Clear" onClick={() => onChange("")}>
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}
