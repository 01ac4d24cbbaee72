import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import actionStyles from "./ActionMenu.module.css";
import styles from "./ChoiceMenu.module.css";
import { classes } from "./css.ts";
import { KeyHint } from "./KeyHint.tsx";
import menuStyles from "./menu.module.css";
import popupStyles from "./popup.module.css";

const css = classes({ ...popupStyles, ...menuStyles, ...actionStyles, ...styles });

export interface ChoiceMenuProps<Value extends string> {
  /** Accessible name of button and menu, without the value. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly title: string; readonly note: string }[];
  /** What the button shows. */
  readonly children: ReactNode;
  /** The key that goes through the options. */
  readonly shortcut: string;
  readonly onChange: (value: Value) => void;
}

/** One of a few, each with a sentence about it, behind a button that shows the one in force. */
export function ChoiceMenu<Value extends string>({
  label,
  value,
  options,
  children,
  shortcut,
  onChange,
}: ChoiceMenuProps<Value>) {
  const title = options.find((option) => option.value === value)?.title ?? value;
  return (
    <MenuTrigger>
      <Button className={css("trigger", "small")} aria-label={`${label}: ${title}`}>
        {children}
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Popover placement="bottom end" offset={4}>
        <div className={css("popup", "menu", "wide")}>
          <div className={css("head")}>
            {label}
            <KeyHint shortcut={shortcut} />
          </div>
          <Menu
            className={css("options")}
            aria-label={label}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[value]}
            onSelectionChange={(keys) => {
              const chosen = options.find((option) => keys !== "all" && keys.has(option.value));
              if (chosen !== undefined) onChange(chosen.value);
            }}
          >
            {options.map((option) => (
              <MenuItem key={option.value} id={option.value} className={css("item")} textValue={option.title}>
                <span className={css("option")}>
                  <span className={css("check")}>
                    {option.value === value ? <Check size={13} aria-hidden /> : null}
                  </span>
                  {option.title}
                  <span className={css("note")}>{option.note}</span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </div>
      </Popover>
    </MenuTrigger>
  );
}
