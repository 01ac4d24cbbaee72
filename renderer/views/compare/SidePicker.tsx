import { FolderOpen } from "lucide-react";
import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import { type PartRange, rangeWords, selectedRange, type SideName, type SidePart } from "../../state/compare-sides.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { NameInMiddle } from "../../ui/NameInMiddle.tsx";
import styles from "./SidePicker.module.css";

const css = classes(styles);

/** Files of one side: one trace, or several runs of the same program; of each the whole or what is selected in it. */
export function SidePicker({ side }: { readonly side: SideName }) {
  const tabs = useApp((state) => state.tabs);
  const parts = useApp((state) => state.compareSides[side]);
  const { chooseForSide } = useAppStore().getState();
  return (
    <div className={css("picker")}>
      <p className={css("hint")}>
        {tabs.length === 0
          ? "No trace is open yet."
          : "Several files on a side count as runs of the same program: four a side say more than one."}
      </p>
      <ul className={css("list")}>
        {tabs.map((tab) => (
          <TabChoice key={tab.token} side={side} tab={tab} parts={parts} />
        ))}
      </ul>
      <Button onPress={() => void chooseForSide(side)}>
        <FolderOpen size={15} aria-hidden /> Open files…
      </Button>
    </div>
  );
}

function TabChoice({
  side,
  tab,
  parts,
}: {
  readonly side: SideName;
  readonly tab: TraceTab;
  readonly parts: readonly SidePart[];
}) {
  const { setSide } = useAppStore().getState();
  const chosen = parts.find((part) => part.token === tab.token);
  const others = parts.filter((part) => part.token !== tab.token);
  const toggle = (): void =>
    setSide(side, chosen === undefined ? [...others, { token: tab.token, range: { kind: "whole" } }] : others);
  const setRange = (range: PartRange): void =>
    setSide(
      side,
      parts.map((part) => (part.token === tab.token ? { ...part, range } : part)),
    );
  const ranges = rangesOf(tab, chosen?.range);
  return (
    <li className={css("choice")}>
      <label className={css("file")}>
        <input type="checkbox" checked={chosen !== undefined} onChange={toggle} />
        <NameInMiddle name={tab.fileName} />
        <span className={css("about")} title={tab.measurements?.formatLabel ?? tab.summary?.formatLabel}>
          {aboutTab(tab)}
        </span>
      </label>
      {chosen === undefined || ranges.length < 2 ? null : (
        <select
          className={css("range")}
          aria-label={`Part of ${tab.fileName}`}
          value={ranges.findIndex((range) => sameRange(range, chosen.range))}
          onChange={(event) => setRange(ranges[Number(event.target.value)] ?? { kind: "whole" })}
        >
          {ranges.map((range, index) => (
            <option key={rangeWords(range)} value={index}>
              {rangeWords(range)}
            </option>
          ))}
        </select>
      )}
    </li>
  );
}

function aboutTab(tab: TraceTab): string {
  const { load, measurements, summary, isLive } = tab;
  if (load.kind === "loading") return isLive ? "still running" : "still reading";
  if (load.kind === "failed") return isLive ? "failed" : "could not be read";
  if (load.kind === "cancelled") return "reading was cancelled";
  if (measurements !== null) return `results, ${formatCounted(measurements.measurements.length, "measurement")}`;
  return summary === null
    ? "no spans"
    : `${formatDuration(summary.durationNs)}, ${formatCounted(summary.spanCount, "span")}`;
}

/** The whole, what is selected in the tab now, and what was chosen before. */
function rangesOf(tab: TraceTab, chosen: PartRange | undefined): readonly PartRange[] {
  const candidates: readonly (PartRange | null | undefined)[] = [{ kind: "whole" }, selectedRange(tab), chosen];
  return candidates
    .filter((range): range is PartRange => range != null)
    .filter((range, index, all) => all.findIndex((other) => sameRange(range, other)) === index);
}

const sameRange = (a: PartRange, b: PartRange): boolean => JSON.stringify(a) === JSON.stringify(b);
