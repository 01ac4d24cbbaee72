import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import styles from "./ActionMenu.module.css";
import { classes } from "./css.ts";
import menuStyles from "./menu.module.css";
import popupStyles from "./popup.module.css";

const css = classes({ ...popupStyles, ...menuStyles, ...styles });

export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  readonly run: () => void;
}

/** A button that opens a short list of actions. */
export function ActionMenu({
  label,
  children,
  entries,
}: {
  /** Accessible name of button and menu. */
  readonly label: string;
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
}) {
  return (
    <MenuTrigger>
      <Button className={css("trigger")} aria-label={label}>
        {children}
      </Button>
      <Popover placement="bottom end" offset={4}>
        <Menu
          className={css("popup", "menu")}
          aria-label={label}
          onAction={(key) => entries.find((entry) => entry.id === key)?.run()}
        >
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} className={css("item")}>
              {entry.title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
