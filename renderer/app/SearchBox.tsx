import { ChevronDown, ChevronUp } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import { formatCount, formatDuration } from "../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../state/store.ts";
import type { SearchState } from "../state/trace-tab.ts";
import { findTab } from "../state/update-tab.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { SearchField } from "../ui/SearchField.tsx";
import styles from "./SearchBox.module.css";

const css = classes(styles);
const debounceMs = 180;

/** Finds spans of the active trace by name, and walks the hits. */
export function SearchBox({ tabKey }: { readonly tabKey: TraceKey }) {
  const store = useAppStore();
  const search = useApp((state) => findTab(state, tabKey)?.search ?? null);
  const focusCount = useApp((state) => state.searchFocusCount);
  const [text, setText] = useState(search?.query ?? "");
  const inputRef = useRef<HTMLInputElement>(null);
  const seenFocusCount = useRef(focusCount);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const { runSearch, stepSearch } = store.getState();
  const stop = useCallback((): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  }, []);
  useEffect(() => stop, [stop]);

  useEffect(() => {
    if (seenFocusCount.current === focusCount) return;
    seenFocusCount.current = focusCount;
    inputRef.current?.focus();
    inputRef.current?.select();
  }, [focusCount]);
  // Cleared from elsewhere: by a command, by reading the file again.
  useEffect(() => {
    if (search === null && timer.current === null) setText("");
  }, [search]);
  const change = (next: string): void => {
    setText(next);
    stop();
    if (next.trim() === "") return void runSearch(tabKey, "");
    timer.current = setTimeout(() => {
      timer.current = null;
      void runSearch(tabKey, next);
    }, debounceMs);
  };
  const step = async (direction: "next" | "previous"): Promise<void> => {
    // Also when the answer is still under way: Enter right after the last letter means its first hit.
    if (timer.current !== null || search?.query !== text || search.key === null) {
      stop();
      await runSearch(tabKey, text);
    }
    await stepSearch(tabKey, direction);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- Chromium 114 does not know the element
    <div className={css("box")} role="search">
      <SearchField
        label="Search spans"
        placeholder="Search: name, /regex/, kind:kernel, dur>2ms"
        value={text}
        onChange={change}
        inputRef={inputRef}
        invalid={search?.error != null}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          void step(event.shiftKey ? "previous" : "next");
        }}
        trailing={<SearchCount search={search} />}
      />
      {search?.summary != null && search.summary.hitCount > 0 ? (
        <>
          <IconButton
            icon={<ChevronUp size={16} />}
            label="Previous hit"
            shortcut="P"
            onPress={() => void step("previous")}
          />
          <IconButton
            icon={<ChevronDown size={16} />}
            label="Next hit"
            shortcut="N"
            onPress={() => void step("next")}
          />
        </>
      ) : null}
      {search?.error == null ? null : (
        <p className={css("error")} role="alert">
          {search.error}
        </p>
      )}
    </div>
  );
}

function SearchCount({ search }: { readonly search: SearchState | null }) {
  if (search === null || search.error !== null) return null;
  if (search.summary === null) return <span className={css("count")}>…</span>;
  const { hitCount, nameCount, totalNs } = search.summary;
  if (hitCount === 0) return <span className={css("count")}>no hits</span>;
  const position = search.currentIndex === null ? "" : `${formatCount(search.currentIndex + 1)} of `;
  return (
    <span
      className={css("count")}
      title={`${formatCount(hitCount)} spans of ${formatCount(nameCount)} names, ${formatDuration(totalNs)} in all`}
    >
      {position}
      {formatCount(hitCount)}
    </span>
  );
}
