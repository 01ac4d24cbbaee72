import { useEffect, useMemo, useState } from "react";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { overlaysOf, shortTitlesOf, shownSourceOf, sourcesOf, type ResultSource } from "../../state/bench-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { useShallow } from "zustand/react/shallow";
import { Button } from "../../ui/Button.tsx";
import { truncateMiddle } from "../../charts/text.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SelectInput } from "../../ui/Field.tsx";
import { Findings } from "../integrity/Findings.tsx";
import { ScalingChart } from "./ScalingChart.tsx";
import { sharedAxesOf } from "./scaling-series.ts";
import styles from "./ScalingView.module.css";

const css = classes(styles);

/** How time grows with batch and size: one chart, and what it says in words. */
export function ScalingView() {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  const catalog = useApp((state) => state.catalog);
  const sources = useApp(useShallow(sourcesOf));
  const source = useApp(shownSourceOf);
  const { openResults, showView, showSource } = store.getState();
  useEffect(() => {
    if (engine !== null) void store.getState().readBench();
  }, [store, engine]);
  const actions = (
    <>
      <Button look="primary" onPress={() => showView("profile")}>
        Profile a workload
      </Button>
      <Button onPress={() => void openResults()}>Open results…</Button>
    </>
  );
  if (source === null)
    return (
      <>
        <h1 className="visually-hidden">Scaling</h1>
        <Empty title="No results yet" actions={actions}>
          Run a workload with several batches or sizes, or open results that were saved. Benchmark files of other
          programs are judged as well.
        </Empty>
      </>
    );
  const workload = catalog?.find(({ id }) => id === source.workload) ?? null;
  return (
    <div className={css("scaling")}>
      <h1 className="visually-hidden">Scaling</h1>
      <header className={css("head")}>
        <div className={css("choose")} title={source.title}>
          <SelectInput
            id="scaling-source"
            label="Results"
            value={source.key}
            choices={choicesOf(sources, shortTitlesOf(sources))}
            onChange={showSource}
          />
        </div>
        <Overlays source={source} sources={sources} />
        <Button onPress={() => void openResults()}>Open results…</Button>
      </header>
      <Body source={source} sources={sources} workload={workload} />
    </div>
  );
}

/** As long as the box is wide; a name that is cut keeps its end, which tells files apart. */
const choiceLetters = 52;

/** Runs by their whole title, files by what tells them apart. */
function choicesOf(
  sources: readonly ResultSource[],
  shortTitles: ReadonlyMap<string, string>,
): readonly { readonly value: string; readonly title: string }[] {
  return sources.map(({ key, title, trace }) => {
    const words = trace === null ? (shortTitles.get(key) ?? title) : title;
    return { value: key, title: truncateMiddle(words, choiceLetters) };
  });
}

/** Other runs that share the chart: added from a list, taken off by their own button. */
function Overlays({ source, sources }: { readonly source: ResultSource; readonly sources: readonly ResultSource[] }) {
  const store = useAppStore();
  const keys = useApp((state) => state.overlaidSources);
  const { overlaySource } = store.getState();
  const possible = overlaysOf(sources, source);
  const shortTitles = shortTitlesOf(sources);
  if (possible.length === 0) return null;
  const left = possible.filter(({ key }) => !keys.includes(key));
  return (
    <>
      {left.length === 0 ? null : (
        <div className={css("overlay")}>
          <SelectInput
            id="scaling-overlay"
            label="Compare with"
            value=""
            choices={[{ value: "", title: "Compare with …" }, ...choicesOf(left, shortTitles)]}
            onChange={(key) => overlaySource(key, true)}
          />
        </div>
      )}
      {possible
        .filter(({ key }) => keys.includes(key))
        .map((other) => (
          <Button
            key={other.key}
            label={`Take ${other.title} off the chart`}
            onPress={() => overlaySource(other.key, false)}
          >
            {`${shortTitles.get(other.key) ?? other.title} ×`}
          </Button>
        ))}
    </>
  );
}

function Body({
  source,
  sources,
  workload,
}: {
  readonly source: ResultSource;
  readonly sources: readonly ResultSource[];
  readonly workload: WorkloadFacts | null;
}) {
  const { results, findings } = source;
  const keys = useApp((state) => state.overlaidSources);
  const overlaid = useMemo(
    () => overlaysOf(sources, source).filter(({ key }) => keys.includes(key)),
    [sources, source, keys],
  );
  const axes = useMemo(() => {
    return workload === null
      ? []
      : sharedAxesOf(
          results,
          overlaid.flatMap((other) => other.results),
          workload,
        );
  }, [results, overlaid, workload]);
  const shortTitles = useMemo(() => shortTitlesOf(sources), [sources]);
  const [axisId, setAxisId] = useState<string | null>(null);
  const axis = axes.find(({ id }) => id === axisId) ?? axes[0];
  if (source.workload === null)
    return (
      <div className={css("body")}>
        <Findings findings={findings} what={source.title} />
      </div>
    );
  if (workload === null) return <Empty title="Unknown workload">This build has no workload “{source.workload}”.</Empty>;
  return (
    <div className={css("body")}>
      {source.isGrowing ? (
        <p className={css("growing")}>
          The run goes on: curves grow as sizes are measured, and have their intervals and findings at its end.
        </p>
      ) : null}
      {axis === undefined ? (
        <Empty title={source.isGrowing ? "One size so far" : "One size only"}>
          A curve needs two sizes or more: give {workload.axes.join(" or ")} several values, such as 1, 2, 4, 8.
        </Empty>
      ) : (
        <ScalingChart
          key={`${source.key} ${axis.id}`}
          source={source}
          results={results}
          overlaid={overlaid}
          shortTitles={shortTitles}
          workload={workload}
          axis={axis}
          axes={axes}
          onAxis={setAxisId}
        />
      )}
      {findings.length === 0 ? null : <Findings findings={findings} what={source.title} />}
    </div>
  );
}
