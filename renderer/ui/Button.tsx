import type { ReactNode } from "react";
import { Button as AriaButton, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./css.ts";
import { KeyHint } from "./KeyHint.tsx";

const css = classes(styles);

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly look?: "primary" | "plain" | "quiet";
  readonly isDisabled?: boolean;
  readonly label?: string;
}

/** A button with words. */
export function Button({ children, onPress, look = "plain", isDisabled = false, label }: ButtonProps) {
  return (
    <AriaButton
      className={css("button", look)}
      onPress={onPress}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps {
  readonly icon: ReactNode;
  /** Accessible name and tooltip. */
  readonly label: string;
  readonly onPress: () => void;
  readonly shortcut?: string | undefined;
  readonly isDisabled?: boolean;
  readonly isOn?: boolean;
  readonly placement?: "bottom" | "right" | "top" | "left";
}

/** A button with an icon only; its name shows on hover and focus. */
export function IconButton({
  icon,
  label,
  onPress,
  shortcut,
  isDisabled = false,
  isOn,
  placement = "bottom",
}: IconButtonProps) {
  return (
    <TooltipTrigger delay={450} closeDelay={60}>
      <AriaButton
        className={css("icon", isOn === true && "on")}
        aria-label={label}
        onPress={onPress}
        isDisabled={isDisabled}
        {...(isOn === undefined ? {} : { "aria-pressed": isOn })}
      >
        {icon}
      </AriaButton>
      <Tooltip className={css("tooltip")} placement={placement} offset={6}>
        {label}
        {shortcut === undefined ? null : <KeyHint shortcut={shortcut} tone="onTooltip" />}
      </Tooltip>
    </TooltipTrigger>
  );
}
