import {
  chooseTimeUnit,
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatDurationExact,
  formatInUnit,
} from "../../traces/model/format-units.ts";
import type { TraceSummary } from "../../electron/contract/engine-contract.ts";
import { hasLaunchesOnly } from "../state/has-launches-only.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { AlignedNumber, fractionDigitsOf } from "../ui/AlignedNumber.tsx";
import { classes } from "../ui/css.ts";
import { Empty } from "../ui/Empty.tsx";
import { KindMark, kindTitle } from "../ui/KindMark.tsx";
import { absoluteTime } from "./absolute-time.ts";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import styles from "./DetailsPanel.module.css";
import { type Fact, FactList, NotCollected, Section } from "./FactList.tsx";

const css = classes(styles);

/** The trace as a whole: shown while nothing is selected. */
export function TraceOverview({ tab }: { readonly tab: TraceTab }) {
  const { summary } = tab;
  if (summary === null) return <Empty title="Nothing is selected" />;
  const start = absoluteTime(summary, 0);
  const isTable = hasLaunchesOnly(summary);
  return (
    <div className={css("details")}>
      <ScrollArea className={css("columns")} label="The whole trace">
        <div>
          <Section title="Trace">
            <FactList
              facts={[
                ...(isTable ? [] : [durationFact(summary)]),
                { name: "Started", value: start ?? <NotCollected /> },
                { name: "Format", value: summary.formatLabel },
                { name: "Producer", value: summary.producer ?? <NotCollected /> },
                { name: "File", value: `${summary.fileName}, ${formatBytes(summary.fileBytes)}` },
                { name: "Holds", value: contentsText(summary) },
              ]}
            />
          </Section>
        </div>
        {isTable ? null : <SpanWords summary={summary} />}
      </ScrollArea>
    </div>
  );
}

function SpanWords({ summary }: { readonly summary: TraceSummary }) {
  return (
    <>
      <div>
        <Section title="Kinds of spans">
          <KindTable summary={summary} />
        </Section>
      </div>
      <div>
        <Section title="Select">
          <FactList
            facts={[
              { name: "Click", value: "a span for its arguments and links" },
              { name: "Shift + drag", value: "an area for its sums" },
              { name: "Drag the ruler", value: "a range of time" },
              { name: "F", value: "zoom to the selection" },
              { name: "?", value: "all keys" },
            ]}
          />
        </Section>
      </div>
    </>
  );
}

const durationFact = ({ durationNs }: TraceSummary): Fact => ({
  name: "Duration",
  value: formatDuration(durationNs),
  exact: formatDurationExact(durationNs),
});

function KindTable({ summary }: { readonly summary: TraceSummary }) {
  const kinds = summary.kinds.toSorted((a, b) => b.totalNs - a.totalNs);
  const unit = chooseTimeUnit(kinds.map((kind) => kind.totalNs));
  const fractionDigits = fractionDigitsOf(kinds.map((kind) => formatInUnit(kind.totalNs, unit)));
  return (
    <table className={css("kinds")}>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" className={css("right")}>
            Spans
          </th>
          <th scope="col" className={css("right")}>
            Total, {unit.symbol}
          </th>
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind.kind}>
            <th scope="row">
              <span className={css("kindName")}>
                <KindMark kind={kind.kind} />
                {kindTitle(kind.kind)}
              </span>
            </th>
            <td className={css("right")}>{formatCount(kind.count)}</td>
            <td className={css("right")}>
              <AlignedNumber
                text={formatInUnit(kind.totalNs, unit)}
                fractionDigits={fractionDigits}
                title={formatDurationExact(kind.totalNs)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function contentsText(summary: TraceSummary): string {
  if (hasLaunchesOnly(summary)) return formatCounted(summary.launchCount, "kernel");
  const parts = [
    formatCounted(summary.spanCount, "span"),
    ...(summary.instantCount > 0 ? [formatCounted(summary.instantCount, "instant")] : []),
    ...(summary.sampleCount > 0 ? [formatCounted(summary.sampleCount, "counter sample")] : []),
    ...(summary.flowCount > 0 ? [formatCounted(summary.flowCount, "flow")] : []),
    `on ${formatCounted(summary.tracks.length, "track")}`,
  ];
  return parts.join(", ");
}
