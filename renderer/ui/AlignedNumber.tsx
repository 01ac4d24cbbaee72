import { classes } from "./css.ts";
import styles from "./AlignedNumber.module.css";

const css = classes(styles);

export interface AlignedNumberProps {
  readonly text: string;
  /** Digits after the point that the column keeps room for. */
  readonly fractionDigits: number;
  readonly title?: string;
}

/** A number whose decimal point stands below that of its neighbors in the column; words take no room for digits. */
export function AlignedNumber({ text, fractionDigits, title }: AlignedNumberProps) {
  const point = text.indexOf(".");
  const whole = point < 0 ? text : text.slice(0, point);
  const fraction = point < 0 ? "" : text.slice(point);
  return (
    <span title={title}>
      {whole}
      {fractionDigits === 0 || !/\d/.test(text) ? null : (
        <span className={css("fraction")} style={{ width: `${fractionDigits + 0.5}ch` }}>
          {fraction}
        </span>
      )}
    </span>
  );
}

/** Room that a column of these texts needs after the point. */
export function fractionDigitsOf(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.includes(".") ? text.length - text.indexOf(".") - 1 : 0), 0);
}
