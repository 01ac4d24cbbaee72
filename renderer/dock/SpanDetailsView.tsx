import { useState } from "react";
import { Braces, ClipboardCopy, Crosshair, Split } from "lucide-react";
import type { SpanBrief, SpanDetails, TraceKey, TraceSummary } from "../../electron/contract/engine-contract.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatDurationExact,
  formatShare,
} from "../../traces/model/format-units.ts";
import { changedOnDisk } from "../../traces/model/errors.ts";
import { shortName } from "../names/short-name.ts";
import { revisionOf } from "../state/scope.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { useEngineQuery } from "../state/use-engine-query.ts";
import { exactTime } from "../timeline/axis-ticks.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { kindTitle, KindMark } from "../ui/KindMark.tsx";
import { isolate, joinPath } from "../names/isolate.ts";
import { absoluteTime } from "./absolute-time.ts";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import styles from "./DetailsPanel.module.css";
import { ArgumentList, type Fact, FactList, NotCollected, Section } from "./FactList.tsx";
import { PackedArguments } from "./PackedArguments.tsx";
import { SpanLinks } from "./SpanLinks.tsx";
import { spanAsJson, spanAsText } from "./span-text.ts";

const css = classes(styles);

/** One span: times, place, arguments, what caused it and what it caused. */
export function SpanDetailsView({ tab, span }: { readonly tab: TraceTab; readonly span: SpanBrief }) {
  const [unpackedCount, setUnpackedCount] = useState(0);
  const { reply, error } = useEngineQuery(
    "span.details",
    { trace: tab.key, span: span.span },
    `${revisionOf(tab.summary)} ${unpackedCount}`,
  );
  // The brief of the selection stands at once; the rest follows, never mixed with the span before.
  const details = reply?.brief.span === span.span ? reply : null;
  return (
    <div className={css("details")}>
      <Head tab={tab} span={span} details={details} />
      <ScrollArea className={css("columns")} label="The selected span">
        <div>
          <FactList facts={spanFacts(span, details, tab.summary)} />
        </div>
        <div>
          {error === null ? null : <p className={css("problem")}>{error}</p>}
          {details === null ? null : details.argsPacked ? (
            <PackedArguments trace={tab.key} onUnpacked={() => setUnpackedCount((count) => count + 1)} />
          ) : (
            <Arguments trace={tab.key} details={details} />
          )}
        </div>
        <div>{details === null ? null : <SpanLinks tab={tab} details={details} />}</div>
      </ScrollArea>
    </div>
  );
}

function Head({
  tab,
  span,
  details,
}: {
  readonly tab: TraceTab;
  readonly span: SpanBrief;
  readonly details: SpanDetails | null;
}) {
  const store = useAppStore();
  const { askWithout, copyText, selectSpan, zoomToSpan } = store.getState();
  const track = tab.summary?.tracks[span.track]?.name ?? "";
  return (
    <header className={css("head")}>
      <nav className={css("breadcrumb")} aria-label="Spans around this one">
        {details !== null && details.ancestors.length < span.depth ? (
          <span>{`… ${formatCounted(span.depth - details.ancestors.length, "more", "more")}`}</span>
        ) : null}
        {details?.ancestors.map((ancestor) => (
          <button
            key={ancestor.span}
            type="button"
            className={css("crumb")}
            title={`${isolate(ancestor.name)}, ${formatDuration(ancestor.durationNs)}`}
            onClick={() => selectSpan(tab.key, ancestor, true)}
          >
            <bdi>{shortName(ancestor.name)}</bdi>
          </button>
        ))}
      </nav>
      <div className={css("titleLine")}>
        <KindMark kind={span.kind} />
        <h2 className={css("title")} title={span.name}>
          <bdi>{span.name}</bdi>
        </h2>
        <span className={css("headDuration")}>
          {span.openEnded ? "no end in the file" : formatDuration(span.durationNs)}
        </span>
        <IconButton
          icon={<Crosshair size={15} />}
          label="Zoom to this span"
          shortcut="F"
          onPress={() => zoomToSpan(tab.key, span)}
        />
        <IconButton
          icon={<Split size={15} />}
          label="What if there were no spans of this name?"
          onPress={() => askWithout(tab.key, span.name)}
        />
        <IconButton
          icon={<ClipboardCopy size={15} />}
          label="Copy as text"
          isDisabled={details === null}
          onPress={() => details !== null && void copyText(spanAsText(details, track), "Span")}
        />
        <IconButton
          icon={<Braces size={15} />}
          label="Copy as JSON"
          isDisabled={details === null}
          onPress={() => details !== null && void copyText(spanAsJson(details, track), "Span")}
        />
      </div>
    </header>
  );
}

function Arguments({ trace, details }: { readonly trace: TraceKey; readonly details: SpanDetails }) {
  const { copyText, reopenTab } = useAppStore().getState();
  const copyAll = (): void =>
    void copyText(details.args.map(([key, value]) => `${key}\t${value}`).join("\n"), "Arguments");
  if (details.argsUnavailable !== null) {
    return (
      <Section title="Arguments">
        <NotCollected>{`not available: ${details.argsUnavailable}`}</NotCollected>
        {details.argsUnavailable.startsWith(changedOnDisk) ? (
          <p>
            <Button onPress={() => reopenTab(trace)}>Read the file again</Button>
          </p>
        ) : null}
      </Section>
    );
  }
  return (
    <Section
      title="Arguments"
      aside={
        details.args.length === 0 ? undefined : (
          <button type="button" className={css("link")} onClick={copyAll}>
            copy all
          </button>
        )
      }
    >
      {details.args.length === 0 ? <NotCollected>none in the file</NotCollected> : <ArgumentList args={details.args} />}
    </Section>
  );
}

function spanFacts(span: SpanBrief, details: SpanDetails | null, summary: TraceSummary | null): readonly Fact[] {
  return [...durationFacts(span, details), ...placeFacts(span, details, summary)];
}

function durationFacts(span: SpanBrief, details: SpanDetails | null): readonly Fact[] {
  const same = details?.sameName;
  const sameName: readonly Fact[] =
    same === undefined
      ? []
      : [{ name: "This name", value: sameNameText(same), exact: formatDurationExact(same.totalNs) }];
  if (span.openEnded) {
    return [
      { name: "Duration", value: "no end in the file" },
      { name: "Self", value: <NotCollected>not applicable</NotCollected> },
      ...sameName,
    ];
  }
  const parent = details?.ancestors.at(-1);
  const selfShare = span.durationNs > 0 ? `, ${formatShare(span.selfNs / span.durationNs)}` : "";
  return [
    { name: "Duration", value: formatDuration(span.durationNs), exact: formatDurationExact(span.durationNs) },
    { name: "Self", value: `${formatDuration(span.selfNs)}${selfShare}`, exact: formatDurationExact(span.selfNs) },
    ...(parent === undefined || parent.durationNs <= 0
      ? []
      : [
          {
            name: "Share",
            value: `${formatShare(span.durationNs / parent.durationNs)} of ${isolate(shortName(parent.name))}`,
          },
        ]),
    ...sameName,
  ];
}

function placeFacts(span: SpanBrief, details: SpanDetails | null, summary: TraceSummary | null): readonly Fact[] {
  const track = summary?.tracks[span.track];
  const holder = track?.parent == null ? undefined : summary?.tracks[track.parent];
  const absolute = absoluteTime(summary, span.startNs);
  const children = details === null ? "" : `, ${formatCounted(details.childCount, "child", "children")}`;
  return [
    { name: "Start", value: exactTime(span.startNs), exact: formatDurationExact(span.startNs) },
    ...(absolute === null ? [] : [{ name: "Clock", value: absolute }]),
    { name: "Kind", value: kindTitle(span.kind) },
    { name: "Category", value: span.category ?? <NotCollected>none</NotCollected> },
    {
      name: "Track",
      value: joinPath([holder?.name ?? "", track?.name ?? ""].filter((name) => name !== "")),
      exact: track?.detail,
    },
    { name: "Depth", value: `${formatCount(span.depth)}${children}` },
  ];
}

function sameNameText(same: SpanDetails["sameName"]): string {
  const mean = same.count === 0 ? "" : `, mean ${formatDuration(same.totalNs / same.count)}`;
  return `${formatCounted(same.count, "span")}, ${formatDuration(same.totalNs)}${mean}`;
}
