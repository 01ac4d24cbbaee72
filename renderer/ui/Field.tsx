import { type ReactNode, useId } from "react";
import { classes } from "./css.ts";
import styles from "./Field.module.css";

const css = classes(styles);

/** A control with its name above and its words below; a fault takes the place of the words. */
export function Field({
  label,
  help,
  fault = null,
  children,
}: {
  readonly label: string;
  readonly help: string;
  readonly fault?: string | null;
  readonly children: (ids: { readonly id: string; readonly describedBy: string }) => ReactNode;
}) {
  const id = useId();
  const helpId = `${id}-help`;
  return (
    <div className={css("field")}>
      <label className={css("label")} htmlFor={id}>
        {label}
      </label>
      {children({ id, describedBy: helpId })}
      <p id={helpId} className={css("help", fault !== null && "fault")}>
        {fault ?? help}
      </p>
    </div>
  );
}

/** One line of text. `label`: its name where no field names it. */
export function TextInput({
  id,
  label,
  describedBy,
  value,
  isInvalid = false,
  hasFocus = false,
  onChange,
}: {
  readonly id: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly value: string;
  readonly isInvalid?: boolean;
  /** Takes the focus when it comes: the one field of a dialog. */
  readonly hasFocus?: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <input
      id={id}
      type="text"
      spellCheck={false}
      autoComplete="off"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- where a dialog asks for it
      autoFocus={hasFocus}
      className={css("input", isInvalid && "invalid")}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
      aria-invalid={isInvalid}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

/** One of many. `label`: its name where no field names it. */
export function SelectInput({
  id,
  label,
  describedBy,
  value,
  choices,
  onChange,
}: {
  readonly id: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly title: string }[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <select
      id={id}
      className={css("input")}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.title}
        </option>
      ))}
    </select>
  );
}
