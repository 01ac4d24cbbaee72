import { useRef } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import type { TimelineActions, TrackLayout } from "../state/trace-tab.ts";
import type { StripLayout } from "./strips.ts";
import { classes } from "../ui/css.ts";
import menuStyles from "../ui/menu.module.css";
import popupStyles from "../ui/popup.module.css";
import styles from "./TrackMenu.module.css";

const css = classes({ ...popupStyles, ...menuStyles, ...styles });
import { moveBy } from "./track-moves.ts";

export interface TrackMenuProps {
  readonly at: { readonly track: number; readonly x: number; readonly y: number };
  readonly layout: TrackLayout;
  readonly strips: StripLayout;
  readonly actions: TimelineActions;
  readonly onClose: () => void;
}

/** What can be done with a track, at the place of the right click. */
export function TrackMenu({ at, layout, strips, actions, onClose }: TrackMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const block = strips.blocks.find((each) => each.track.id === at.track);
  if (block === undefined) return null;
  const id = at.track;
  const entries: readonly { readonly key: string; readonly title: string; readonly run: () => void }[] = [
    { key: "pin", title: layout.pinned.includes(id) ? "Unpin" : "Pin to the top", run: () => actions.togglePinned(id) },
    ...(block.collapsible
      ? [{ key: "fold", title: block.collapsed ? "Expand" : "Collapse", run: () => actions.toggleCollapsed(id) }]
      : []),
    { key: "up", title: "Move up", run: () => moveBy(strips.blocks, block, -1, actions) },
    { key: "down", title: "Move down", run: () => moveBy(strips.blocks, block, 1, actions) },
    { key: "hide", title: "Hide", run: () => actions.setHidden(id, true) },
    ...(layout.hidden.size > 0
      ? [{ key: "show", title: "Show all hidden tracks", run: () => actions.changeLayout({ hidden: new Set() }) }]
      : []),
  ];
  return (
    <>
      <span ref={anchor} className={css("anchor")} style={{ left: at.x, top: at.y }} />
      <Popover
        isOpen
        triggerRef={anchor}
        placement="bottom start"
        offset={2}
        onOpenChange={(open) => (open ? undefined : onClose())}
      >
        <Menu
          className={css("popup", "menu")}
          aria-label={`Track ${block.track.name}`}
          // A menu takes the focus when it opens: its keys would go nowhere else.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus="first"
          onAction={(key) => entries.find((entry) => entry.key === key)?.run()}
          onClose={onClose}
        >
          {entries.map((entry) => (
            <MenuItem key={entry.key} id={entry.key} className={css("item")}>
              {entry.title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </>
  );
}
