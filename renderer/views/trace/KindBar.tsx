import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import { hasLaunchesOnly } from "../../state/has-launches-only.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { KindMark, kindTitle } from "../../ui/KindMark.tsx";
import styles from "./KindBar.module.css";

const css = classes(styles);

/** What the trace is, and the legend of its colors; a click on a kind mutes it, a double click shows it alone. */
export function KindBar({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const { toggleMuted, muteOthers } = store.getState();
  const { summary, mutedKinds } = tab;
  if (summary === null) return null;
  const kinds = summary.kinds.toSorted((a, b) => b.totalNs - a.totalNs);
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
    </div>
  );
}
