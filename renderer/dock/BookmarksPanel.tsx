import { Bookmark as BookmarkIcon, Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import { formatDuration } from "../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { exactTime } from "../timeline/axis-ticks.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { Empty } from "../ui/Empty.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import styles from "./BookmarksPanel.module.css";
import panelStyles from "./panel.module.css";

const css = classes({ ...panelStyles, ...styles });

/** The bookmarks of a trace: jump, rename, delete; the one deleted last can be set again. */
export function BookmarksPanel({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const named = useApp((state) => state.namedBookmark);
  const { restoreBookmark, nameBookmark } = store.getState();
  const { bookmarks, deletedBookmark } = tab;
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("hint")}>
          <KeyHint shortcut="K" /> sets one at the selection or the pointer, <KeyHint shortcut="J" />{" "}
          <KeyHint shortcut="Shift+J" /> go from one to the next, <KeyHint shortcut="F2" /> renames it,{" "}
          <KeyHint shortcut="Alt+K" /> deletes it, <KeyHint shortcut="Mod+Z" /> sets it again.
        </span>
        <span className={css("spacer")} />
        {deletedBookmark === null ? null : (
          <>
            <span className={css("note")}>“{deletedBookmark.label}” is deleted.</span>
            <Button look="quiet" onPress={() => restoreBookmark(tab.key)}>
              Undo
            </Button>
          </>
        )}
      </div>
      <div className={css("body")}>
        {bookmarks.length === 0 ? (
          <Empty title="No bookmarks">
            Select a span and press K, or double-click the time axis. They come back whenever this file is opened.
          </Empty>
        ) : (
          <ScrollArea className={css("list")} label="Bookmarks">
            <ol className={css("rows")}>
              {bookmarks.map((bookmark) => (
                <BookmarkRow
                  key={`${bookmark.startNs} ${bookmark.endNs} ${bookmark.label}`}
                  tab={tab}
                  bookmark={bookmark}
                  isNamed={bookmark === named}
                  onName={nameBookmark}
                />
              ))}
            </ol>
          </ScrollArea>
        )}
      </div>
    </div>
  );
}

function BookmarkRow({
  tab,
  bookmark,
  isNamed,
  onName,
}: {
  readonly tab: TraceTab;
  readonly bookmark: Bookmark;
  readonly isNamed: boolean;
  readonly onName: (bookmark: Bookmark | null) => void;
}) {
  const { showBookmark, renameBookmark, deleteBookmark } = useAppStore().getState();
  const { startNs, endNs, label } = bookmark;
  const isCurrent = bookmark === tab.currentBookmark;
  // As in lists of files: these keys mean the row that has the focus, not the bookmark jumped to.
  const handleKey = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "F2") onName(bookmark);
    else if (event.key === "Delete") {
      const row = event.currentTarget.closest("li");
      const neighbor = row?.nextElementSibling ?? row?.previousElementSibling;
      neighbor?.querySelector<HTMLElement>("button")?.focus();
      deleteBookmark(tab.key, bookmark);
    } else return;
    event.preventDefault();
  };
  return (
    <li className={css("row", isCurrent && "current")} aria-current={isCurrent}>
      <BookmarkIcon size={14} aria-hidden className={css("icon")} fill={isCurrent ? "currentColor" : "none"} />
      {isNamed ? (
        <LabelField
          label={label}
          onDone={(typed) => {
            onName(null);
            if (typed !== null) renameBookmark(tab.key, bookmark, typed);
          }}
        />
      ) : (
        <button
          type="button"
          className={css("label")}
          title={label}
          onKeyDown={handleKey}
          onClick={() => showBookmark(tab.key, bookmark)}
          onDoubleClick={() => onName(bookmark)}
        >
          {label}
        </button>
      )}
      <span className={css("time")}>{exactTime(startNs)}</span>
      <span className={css("length")}>{endNs > startNs ? formatDuration(endNs - startNs) : ""}</span>
      <span className={css("tools")}>
        <IconButton icon={<Pencil size={13} />} label={`Rename ${label}`} onPress={() => onName(bookmark)} />
        <IconButton
          icon={<Trash2 size={13} />}
          label={`Delete ${label}`}
          onPress={() => deleteBookmark(tab.key, bookmark)}
        />
      </span>
    </li>
  );
}

/** The label while it is typed. Enter keeps it, Escape does not; then the keys belong to the timeline again. */
function LabelField({ label, onDone }: { readonly label: string; readonly onDone: (typed: string | null) => void }) {
  const [typed, setTyped] = useState(label);
  const field = useRef<HTMLInputElement>(null);
  const isLeft = useRef(false);
  // At once: what is typed next is the label, not keys of the timeline.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const leave = (kept: string | null): void => {
    isLeft.current = true;
    onDone(kept);
    document.querySelector<HTMLElement>('[data-part="area"]')?.focus();
  };
  return (
    <input
      ref={field}
      type="text"
      spellCheck={false}
      autoComplete="off"
      className={css("field")}
      aria-label="Label of the bookmark"
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => {
        if (!isLeft.current) onDone(typed);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") leave(typed);
        else if (event.key === "Escape") leave(null);
      }}
    />
  );
}
