import { useEffect, useState } from "react";
import { ProgressBar } from "react-aria-components";
import { formatByteRate, formatBytes, formatCounted, formatTimeLeft } from "../../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { LoadState, TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import styles from "./LoadBar.module.css";

const css = classes(styles);
type Loading = Extract<LoadState, { kind: "loading" }>;

/** Before the first spans: the whole view says what is being read. */
export function LoadScreen({ tab }: { readonly tab: TraceTab }) {
  // Mostly the first spans are there before anyone could read this; then Cancel must not move away under the pointer.
  const isLate = useIsLate(400);
  if (tab.load.kind !== "loading" || !isLate) return null;
  return (
    <div className={css("screen")}>
      <div className={css("card")}>
        <h1 className={css("title")}>Reading {tab.fileName}</h1>
        <LoadBar tab={tab} />
      </div>
    </div>
  );
}

/** Progress of an import: bytes, rate, time left, and the way out; nothing once the engine has ended, which reads no more. */
export function LoadBar({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const hasEngineEnded = useApp(({ engineEnded }) => engineEnded !== null);
  if (tab.load.kind !== "loading" || hasEngineEnded) return null;
  const { progress } = tab.load;
  const total = progress?.total ?? null;
  // How far the sorting is that follows the last byte, nobody tells.
  const fraction = progress === null || total === null || progress.done >= total ? null : progress.done / total;
  return (
    <div className={css("bar")}>
      <ProgressBar
        aria-label={`Reading ${tab.fileName}`}
        className={css("progress")}
        {...(fraction === null ? { isIndeterminate: true } : { value: fraction * 100 })}
      >
        <div className={css("track")}>
          <div
            className={css("fill", fraction === null && "unknown")}
            style={fraction === null ? undefined : { width: `${fraction * 100}%` }}
          />
        </div>
      </ProgressBar>
      <span className={css("numbers")}>{loadWords(tab, tab.load)}</span>
      <Button onPress={() => store.getState().cancelLoad(tab.key)}>Cancel</Button>
    </div>
  );
}

/** "48.2 MB of 132 MB, 96 MB/s, about 1 s left, 1 234 567 spans"; of tens of millions, sorting takes seconds more. */
export function loadWords(tab: TraceTab, { progress, bytesPerSecond }: Loading): string {
  if (progress === null) return `${formatBytes(tab.fileBytes)}, starting`;
  const spans = tab.summary === null ? "" : `, ${formatCounted(tab.summary.spanCount, "span")}`;
  if (progress.unit !== "bytes") return formatCounted(progress.done, "span");
  if (progress.total !== null && progress.done >= progress.total)
    return `${formatBytes(progress.total)} read, sorting the spans`;
  const of = progress.total === null ? "" : ` of ${formatBytes(progress.total)}`;
  const rate = bytesPerSecond ?? 0;
  const left =
    rate > 0 && progress.total !== null ? `, ${formatTimeLeft((progress.total - progress.done) / rate)} left` : "";
  return `${formatBytes(progress.done)}${of}${rate > 0 ? `, ${formatByteRate(rate)}` : ""}${left}${spans}`;
}

function useIsLate(delayMs: number): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isLate;
}
