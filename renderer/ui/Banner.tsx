import { Info, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "./Button.tsx";
import { classes } from "./css.ts";
import styles from "./Banner.module.css";

const css = classes(styles);

export interface BannerProps {
  readonly tone: "info" | "notice" | "danger";
  readonly children: ReactNode;
  readonly action?: { readonly title: string; readonly run: () => void } | undefined;
  /** What else can be done about it, before the button. */
  readonly controls?: ReactNode;
  readonly onDismiss?: (() => void) | undefined;
}

/** One line across the window about a state that lasts. */
export function Banner({ tone, children, action, controls, onDismiss }: BannerProps) {
  const Icon = tone === "info" ? Info : TriangleAlert;
  return (
    <div className={css("banner", tone)} role={tone === "danger" ? "alert" : "status"}>
      <Icon size={15} className={css("sign")} aria-hidden />
      <div className={css("text")}>{children}</div>
      {controls}
      {action === undefined ? null : <Button onPress={action.run}>{action.title}</Button>}
      {onDismiss === undefined ? null : (
        <IconButton icon={<X size={15} />} label="Dismiss" onPress={onDismiss} placement="left" />
      )}
    </div>
  );
}
