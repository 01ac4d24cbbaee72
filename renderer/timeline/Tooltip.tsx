import { useLayoutEffect, useRef, useSyncExternalStore } from "react";
import type { Pick, TrackSummary } from "../../electron/contract/engine-contract.ts";
import { formatCount, formatDuration, formatDurationExact, formatShare } from "../../traces/model/format-units.ts";
import { kindTitle, KindMark } from "../ui/KindMark.tsx";
import { isolate } from "../names/isolate.ts";
import { exactTime } from "./axis-ticks.ts";
import type { TimelineController, TooltipState } from "./controller.ts";
import { formatValue } from "./draw-tracks.ts";
import styles from "./Tooltip.module.css";

const gapPx = 6;
const pointerGapPx = 14;
const edgePx = 4;

/** Says what lies under the pointer, below it or above it, never on it. */
export function Tooltip({ timeline }: { readonly timeline: TimelineController }) {
  const state = useSyncExternalStore(timeline.tooltip.subscribe, timeline.tooltip.get);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (state !== null && box.current !== null) place(box.current, state);
  }, [state]);
  if (state === null) return null;
  return (
    <div ref={box} className={styles["tooltip"]} aria-hidden>
      <PickText pick={state.hit.pick} track={state.hit.line.block.track} />
    </div>
  );
}

function PickText({ pick, track }: { readonly pick: Pick; readonly track: TrackSummary }) {
  switch (pick.kind) {
    case "span": {
      const { span } = pick;
      return (
        <>
          <div className={styles["name"]}>
            <bdi>{span.name}</bdi>
          </div>
          <div className={styles["kind"]}>
            <KindMark kind={span.kind} /> {kindTitle(span.kind)}
            {span.category === null ? null : <span className={styles["soft"]}> · {span.category}</span>}
          </div>
          <dl className={styles["facts"]}>
            <Fact
              name="Duration"
              value={span.openEnded ? "not closed in the file" : formatDuration(span.durationNs)}
              exact={span.openEnded || span.durationNs < 1000 ? null : formatDurationExact(span.durationNs)}
            />
            {span.openEnded ? null : (
              <Fact
                name="Self"
                value={formatDuration(span.selfNs)}
                exact={span.durationNs > 0 ? formatShare(span.selfNs / span.durationNs) : null}
              />
            )}
            {pick.parentDurationNs === null || pick.parentDurationNs <= 0 || span.openEnded ? null : (
              <Fact name="Of parent" value={formatShare(span.durationNs / pick.parentDurationNs)} exact={null} />
            )}
            <Fact name="Start" value={exactTime(span.startNs)} exact={null} />
            <Fact name="Track" value={isolate(track.name)} exact={null} />
          </dl>
          {pick.count > 1 ? (
            <div className={styles["soft"]}>
              Longest of {formatCount(pick.count)} spans under this pixel. Zoom in to tell them apart.
            </div>
          ) : null}
        </>
      );
    }
    case "instant":
      return (
        <>
          <div className={styles["name"]}>
            <bdi>{pick.name}</bdi>
          </div>
          <dl className={styles["facts"]}>
            <Fact name="Instant at" value={exactTime(pick.timeNs)} exact={null} />
            <Fact name="Track" value={isolate(track.name)} exact={null} />
          </dl>
          {pick.count > 1 ? (
            <div className={styles["soft"]}>First of {formatCount(pick.count)} instants under this pixel.</div>
          ) : null}
        </>
      );
    case "sample":
      return (
        <>
          <div className={styles["name"]}>
            <bdi>{track.name}</bdi>
          </div>
          <dl className={styles["facts"]}>
            <Fact name="Value" value={formatValue(pick.value)} exact={String(pick.value)} />
            <Fact name="Since" value={exactTime(pick.timeNs)} exact={null} />
          </dl>
        </>
      );
  }
}

function Fact({
  name,
  value,
  exact,
}: {
  readonly name: string;
  readonly value: string;
  readonly exact: string | null;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {value}
        {exact === null ? null : <span className={styles["soft"]}> ({exact})</span>}
      </dd>
    </>
  );
}

/** Beside the pointer, below the described line when there is room in the window, else above it. */
function place(box: HTMLElement, { pointer, topPx, bottomPx }: TooltipState): void {
  const area = box.parentElement?.getBoundingClientRect();
  if (area === undefined) return;
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = area.top + bottomPx + gapPx;
  const above = area.top + topPx - gapPx - height;
  const fitsBelow = below + height + edgePx <= window.innerHeight;
  const right = area.left + pointer.x + pointerGapPx;
  const left =
    right + width + edgePx <= window.innerWidth
      ? right
      : Math.max(edgePx, area.left + pointer.x - pointerGapPx - width);
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(fitsBelow || above < edgePx ? below : above)}px)`;
}
