import { useMemo, useState } from "react";
import type { SpanBrief } from "../../../electron/contract/engine-contract.ts";
import type { AdviceSteps, Finding, Saving } from "../../../traces/advise/advice.ts";
import { replayedWords } from "../../../traces/advise/replayed-words.ts";
import { formatCount, formatDuration, formatDurationExact, formatShare } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { classes } from "../../ui/css.ts";
import { DataGrid, type GridColumn } from "../../ui/DataGrid.tsx";
import { KindMark } from "../../ui/KindMark.tsx";
import styles from "./FindingsView.module.css";

const css = classes(styles);

interface FindingDetailProps {
  readonly tab: TraceTab;
  readonly finding: Finding;
  /** The evidence, most costly first. */
  readonly spans: readonly SpanBrief[];
  readonly steps: AdviceSteps;
}

/** One finding: what happens, what it costs, what to change; a row of its evidence shows the span in the timeline. */
export function FindingDetail({ tab, finding, spans, steps }: FindingDetailProps) {
  const { savingAlone, sentence, fix, howToVerify, evidenceCount, replayed } = finding;
  return (
    <section className={css("detail")} aria-label={finding.title}>
      <p className={css("sentence")}>{sentence}</p>
      <dl className={css("facts")}>
        {savingAlone.highNs === 0 ? null : (
          <>
            <dt>Could save</dt>
            <dd>{savingText(savingAlone, steps)}</dd>
          </>
        )}
        {replayed === null ? null : (
          <>
            <dt>Replayed</dt>
            <dd>{replayedWords(replayed, steps)}</dd>
          </>
        )}
        <dt>Change</dt>
        <dd>{fix}</dd>
        <dt>It worked if</dt>
        <dd>{howToVerify}</dd>
      </dl>
      <Evidence tab={tab} spans={spans} evidenceCount={evidenceCount} />
    </section>
  );
}

function savingText({ lowNs, midNs, highNs }: Saving, { meanNs, rule }: AdviceSteps): string {
  const each = rule === "whole" ? "the trace" : "a step";
  return `${formatDuration(midNs)} of ${each} (${formatShare(midNs / meanNs)}), between ${formatDuration(lowNs)} and ${formatDuration(highNs)}, by what the spans show; not measured`;
}

function Evidence({
  tab,
  spans,
  evidenceCount,
}: {
  readonly tab: TraceTab;
  readonly spans: readonly SpanBrief[];
  readonly evidenceCount: number;
}) {
  const store = useAppStore();
  const [current, setCurrent] = useState<number | null>(null);
  const columns = useMemo(() => evidenceColumns(tab), [tab]);
  if (spans.length === 0) return <p className={css("none")}>The evidence stands in the import ledger of the trace.</p>;
  const show = (index: number): void => {
    const span = spans[index];
    if (span === undefined) return;
    const { selectSpan, zoomToSpan } = store.getState();
    selectSpan(tab.key, span, false);
    zoomToSpan(tab.key, span);
  };
  const omitted = evidenceCount - spans.length;
  return (
    <>
      <h2 className={css("listTitle")}>
        Evidence{omitted > 0 ? `: the longest ${spans.length} of ${formatCount(evidenceCount)} spans` : ""}
      </h2>
      <div className={css("grid")}>
        <DataGrid
          label="Evidence"
          columns={columns}
          rowCount={spans.length}
          rowAt={(index) => spans[index] ?? null}
          current={current}
          onCurrent={(index) => {
            setCurrent(index);
            show(index);
          }}
          onActivate={() => store.getState().activateTab(tab.key)}
        />
      </div>
    </>
  );
}

function evidenceColumns(tab: TraceTab): readonly GridColumn<SpanBrief>[] {
  return [
    {
      id: "name",
      title: "Span",
      align: "start",
      cell: ({ name, kind }) => (
        <span className={css("span")} title={name}>
          <KindMark kind={kind} /> {name}
        </span>
      ),
    },
    {
      id: "track",
      title: "Track",
      align: "start",
      widthPx: 180,
      cell: ({ track }) => tab.summary?.tracks[track]?.name ?? "",
    },
    {
      id: "start",
      title: "Start",
      align: "end",
      widthPx: 110,
      cell: ({ startNs }) => <span title={formatDurationExact(startNs)}>{formatDuration(startNs)}</span>,
    },
    {
      id: "duration",
      title: "Duration",
      align: "end",
      widthPx: 110,
      cell: ({ durationNs }) => <span title={formatDurationExact(durationNs)}>{formatDuration(durationNs)}</span>,
    },
  ];
}
