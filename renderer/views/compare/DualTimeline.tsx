import { type KeyboardEvent, useMemo, useState } from "react";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { selectSpanById } from "../../state/span-actions.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { ExportMenu } from "../../charts/ExportMenu.tsx";
import { SvgPen } from "../../charts/svg-pen.ts";
import type { Paper } from "../../theme/paper.ts";
import { classes } from "../../ui/css.ts";
import { nameOf, nodeOfRow } from "./diff-tree.ts";
import { drawDual, gutterPx } from "./draw-dual.ts";
import { drawDualAxis } from "./draw-dual-axis.ts";
import { type DualLayout, type DualSpan, rowTopPx, type StepSpans } from "./dual-layout.ts";
import { DualCanvas } from "./DualCanvas.tsx";
import { dualTable, spanWords, walkSpans } from "./dual-walk.ts";
import { sightOf } from "./sight.ts";
import styles from "./TimelinesPanel.module.css";
import { useSight } from "./use-sight.ts";

const css = classes(styles);
const padPx = 12;

export interface DualTimelineProps {
  readonly summary: ComparisonSummary;
  readonly layout: DualLayout;
  readonly before: StepSpans;
  readonly after: StepSpans;
  readonly isStretched: boolean;
  readonly ghost: boolean;
  /** Which part of its side each step is of. */
  readonly parts: Readonly<Record<SideName, number>>;
}

/** Both steps on one time axis: Ctrl and wheel zoom, W and S zoom, A and D pan, 0 shows all, arrows walk the spans. */
export function DualTimeline({ summary, layout, before, after, isStretched, ghost, parts }: DualTimelineProps) {
  const store = useAppStore();
  const { scrollRef, widthPx, sight, setSight } = useSight(padPx, gutterPx);
  const [place, setPlace] = useState<{ readonly of: DualLayout; readonly span: DualSpan } | null>(null);
  const pointed = place?.of === layout ? place.span : null;
  const name = useChosenName(summary);

  const toPx = useMemo(() => {
    const longer = Math.max(before.durationNs, after.durationNs, 1);
    const sides = { before, after };
    return (side: SideName, timeNs: number): number => {
      const { startNs, durationNs } = sides[side];
      const part = (timeNs - startNs) / (isStretched ? Math.max(1, durationNs) : longer);
      return gutterPx + ((part - sight.from) / (sight.to - sight.from)) * Math.max(1, widthPx - gutterPx);
    };
  }, [before, after, isStretched, sight, widthPx]);

  const point = (span: DualSpan | null): void => setPlace(span === null ? null : { of: layout, span });
  const draw = ({ palette }: Paper): SVGSVGElement => {
    const pen = new SvgPen(widthPx, layout.heightPx);
    const axis = { sight, isStretched, longerNs: Math.max(before.durationNs, after.durationNs) };
    drawDualAxis(pen, axis, { palette, widthPx, heightPx: layout.heightPx });
    drawDual(pen, layout, { palette, widthPx, toPx, ghost, hovered: null, name });
    return pen.svg;
  };
  const show = (placed: DualSpan): void => {
    const trace = summary[placed.side].parts[parts[placed.side]]?.trace ?? null;
    if (trace === null) return;
    store.getState().activateTab(trace);
    void selectSpanById(store, trace, placed.span.span, { reveal: true, zoom: true });
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = sightOf(event.key.toUpperCase(), sight);
    const walked = walkSpans(layout, pointed, event.key);
    if (next !== null) setSight(next);
    else if (walked !== null) {
      point(walked);
      store.getState().announce(spanWords(walked));
    } else if (event.key === "Enter" && pointed !== null) show(pointed);
    else return;
    event.preventDefault();
  };
  return (
    <div className={css("dual")}>
      <div className={css("export")}>
        <ExportMenu title="Two steps" fileName="steps" chart={draw} table={() => dualTable(layout)} />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application handles its own keys */}
      <div
        ref={scrollRef}
        className={css("plot")}
        role="application"
        aria-label="Two steps on one axis. W and S zoom, A and D pan, 0 shows all, arrows walk the spans, Enter shows a span in its trace. The table says the same."
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={handleKey}
      >
        <DualCanvas
          layout={layout}
          look={{ widthPx, toPx, ghost, hovered: pointed, name }}
          axis={{ sight, isStretched, longerNs: Math.max(before.durationNs, after.durationNs) }}
          onPoint={point}
          onShow={show}
        />
        {pointed === null ? null : (
          <div
            className={css("tooltip")}
            style={{
              left:
                Math.min(Math.max(gutterPx, toPx(pointed.side, pointed.span.startNs)), Math.max(0, widthPx - 380)) +
                padPx,
              top: rowTopPx(pointed) + 20,
            }}
          >
            {spanWords(pointed)}
          </div>
        )}
      </div>
    </div>
  );
}

/** The name of the row that is chosen in the other parts of the view. */
function useChosenName(summary: ComparisonSummary): string | null {
  const row = useApp((state) => state.compareRow);
  const { reply } = useEngineQuery(
    "compare.tree",
    row === null ? null : { comparison: summary.comparison, maxNodes: 20_000, metric: "total", per: "step" },
  );
  const node = reply === null ? null : nodeOfRow(reply, row);
  return reply === null || node === null ? null : nameOf(reply, node);
}
