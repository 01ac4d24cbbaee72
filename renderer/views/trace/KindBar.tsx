import { Palette } from "lucide-react";
import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import { hasLaunchesOnly } from "../../state/has-launches-only.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { type Coloring, colorings, coloringWords } from "../../theme/coloring.ts";
import { Button } from "../../ui/Button.tsx";
import { ChoiceMenu } from "../../ui/ChoiceMenu.tsx";
import { classes } from "../../ui/css.ts";
import { KindMark, kindTitle } from "../../ui/KindMark.tsx";
import { ColorLegend } from "./ColorLegend.tsx";
import styles from "./KindBar.module.css";

const css = classes(styles);

const coloringOptions = colorings.map((value) => ({
  value,
  title: coloringWords[value].title,
  note: coloringWords[value].explanation,
}));

/** What the trace is, and the legend of its colors; a click on a kind mutes it, a double click shows it alone. */
export function KindBar({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const coloring: Coloring = useApp((state) => state.coloring);
  const { toggleMuted, muteOthers, setColoring } = store.getState();
  const { summary, mutedKinds } = tab;
  if (summary === null) return null;
  // Where colors tell something else, kinds take room only as long as one of them is muted.
  const kinds = summary.kinds
    .filter(({ kind }) => coloring === "kind" || mutedKinds.includes(kind))
    .toSorted((a, b) => b.totalNs - a.totalNs);
  return (
    <div className={css("bar")}>
      <span className={css("what")}>
        {summary.formatLabel}
        <span className={css("size")}>
          {hasLaunchesOnly(summary)
            ? formatCounted(summary.launchCount, "kernel")
            : `${formatDuration(summary.durationNs)}, ${formatCounted(summary.spanCount, "span")}`}
        </span>
      </span>
      <span className={css("spacer")} />
      {hasLaunchesOnly(summary) ? null : <ColorLegend tab={tab} />}
      <fieldset className={css("kinds")} aria-label="Kinds of spans">
        {kinds.map(({ kind, count, totalNs }) => {
          const muted = mutedKinds.includes(kind);
          return (
            <button
              key={kind}
              type="button"
              aria-pressed={!muted}
              className={css("kind", muted && "muted")}
              title={`${kindTitle(kind)}: ${formatCounted(count, "span")}, ${formatDuration(totalNs)} in all\nClick to ${muted ? "show" : "mute"}, double click to see it alone`}
              onClick={() => toggleMuted(tab.key, kind)}
              onDoubleClick={() => muteOthers(tab.key, kind)}
            >
              <KindMark kind={kind} muted={muted} />
              {kindTitle(kind)}
            </button>
          );
        })}
        {mutedKinds.length === 0 ? null : (
          <Button look="quiet" onPress={() => mutedKinds.forEach((kind) => toggleMuted(tab.key, kind))}>
            Show all
          </Button>
        )}
      </fieldset>
      {hasLaunchesOnly(summary) ? null : (
        <ChoiceMenu
          label="Color spans by"
          value={coloring}
          options={coloringOptions}
          shortcut="U"
          onChange={setColoring}
        >
          <Palette size={12} aria-hidden />
          {coloringWords[coloring].title}
        </ChoiceMenu>
      )}
    </div>
  );
}
