import { useMemo } from "react";
import { ProgressBar } from "react-aria-components";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { itemOf } from "../../../native-bench/plan/item-of.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { groupByWork, isCounted, referencesOf } from "../../../traces/measure/equal-work.ts";
import { speedRatio, type SpeedRatio } from "../../../traces/measure/speed-ratio.ts";
import { ratioRangeWords, ratioWords, speedUpWords } from "../../../traces/measure/speed-words.ts";
import { formatBytes, formatCount, formatNumber, formatTimeLeft } from "../../../traces/model/format-units.ts";
import {
  devicesWords,
  deviceWords,
  intervalWords,
  labelOf,
  referenceWords,
  winsWords,
} from "../../runs/result-words.ts";
import { useShallow } from "zustand/react/shallow";
import { useApp, useAppStore } from "../../state/store.ts";
import { isRunning, type RunRecord } from "../../state/run-record.ts";
import { classes } from "../../ui/css.ts";
import { SelectInput } from "../../ui/Field.tsx";
import styles from "./RunHead.module.css";

const css = classes(styles);

/** Which run, how far it is, and the numbers of the configuration it told of last. */
export function RunHead({ run, workload }: { readonly run: RunRecord; readonly workload: WorkloadFacts }) {
  return (
    <header className={css("head")}>
      <div className={css("line")}>
        <RunTitle run={run} />
        <RunProgressLine run={run} />
      </div>
      <Numbers run={run} workload={workload} />
    </header>
  );
}

/** The title, or where there are several runs the choice among them. Follows their titles alone. */
function RunTitle({ run }: { readonly run: RunRecord }) {
  const store = useAppStore();
  const titles = useApp(
    useShallow(({ runs }) => Object.fromEntries(runs.map(({ key, number, title }) => [key, `#${number} ${title}`]))),
  );
  const choices = Object.entries(titles).map(([value, title]) => ({ value, title }));
  if (choices.length < 2) return <h2 className={css("title")}>{titles[run.key]}</h2>;
  return (
    <div className={css("choose")}>
      <SelectInput
        id="shown-run"
        label="Run"
        value={run.key}
        choices={choices.toReversed()}
        onChange={(key) => store.getState().showRun(key)}
      />
    </div>
  );
}

/** One object for all renders: for another one the bar makes another number format. */
const wholePercent = { style: "percent" } as const;

function RunProgressLine({ run }: { readonly run: RunRecord }) {
  const { state, progress, phase } = run;
  if (state.kind === "failed")
    return (
      <span className={css("failed")} role="alert">
        Failed: {state.error.message}
      </span>
    );
  if (state.kind === "done")
    return (
      <span className={css("state")} title={doneWords(run)}>
        {doneWords(run)}
      </span>
    );
  const fraction = progress === null || progress.total === null ? null : progress.done / Math.max(1, progress.total);
  const words = [
    phase === null ? "" : `${phase.title} (${phase.index + 1} of ${phase.count})`,
    state.kind === "stopping" ? "stopping" : (progress?.text ?? "starting"),
    progress === null || progress.total === null
      ? ""
      : `${formatCount(progress.done)} of ${formatCount(progress.total)} ${progress.unit}`,
    progress?.secondsLeft == null ? "" : leftWords(progress.secondsLeft),
  ];
  return (
    <span className={css("progress")}>
      <ProgressBar
        aria-label="Progress of the run"
        formatOptions={wholePercent}
        className={css("bar")}
        {...(fraction === null ? { isIndeterminate: true } : { value: fraction * 100 })}
      >
        <span className={css("fill")} style={{ width: `${(fraction ?? 0) * 100}%` }} />
      </ProgressBar>
      <span className={css("state")}>{words.filter((word) => word !== "").join(", ")}</span>
    </span>
  );
}

/** "at most 5 s left", "less than 1 s left". */
function leftWords(seconds: number): string {
  const words = formatTimeLeft(seconds).replace("about ", "");
  return words.startsWith("less") ? `${words} left` : `at most ${words} left`;
}

function doneWords({ results }: RunRecord): string {
  const count = (outcome: string): number => results.filter((result) => result?.outcome === outcome).length;
  const words = [
    [count("measured"), "measured"],
    [count("stopped"), "stopped early"],
    [count("excluded"), "outside tolerance"],
    [count("unavailable"), "not available"],
    [count("failed"), "failed"],
  ] as const;
  const told = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const reasons = new Set(results.flatMap((result) => (result?.outcome === "failed" ? [result.reason] : [])));
  const [reason] = reasons;
  return reasons.size === 1 ? `${told.join(", ")}: ${reason}` : told.join(", ");
}

/** One for all renders. */
const noSettings: readonly string[] = [];

/** Of the configuration that was told of last; after the run, of the fastest at each work. */
function Numbers({ run, workload }: { readonly run: RunRecord; readonly workload: WorkloadFacts }) {
  const told = useMemo(
    () => run.results.filter((result): result is BenchResult => result !== undefined),
    [run.results],
  );
  const fastest = useMemo(() => (isRunning(run) ? [] : fastestOf(told, workload)), [run, told, workload]);
  if (isRunning(run))
    return run.latest === null ? null : <OneResult name="Now" shown={run.latest} told={told} workload={workload} />;
  const [only] = fastest;
  if (only === undefined) return null;
  if (fastest.length > 1) return <FastestOfEach fastest={fastest} told={told} workload={workload} />;
  return <OneResult name="Fastest" shown={only} told={told} workload={workload} />;
}

function OneResult({
  name,
  shown,
  told,
  workload,
}: {
  readonly name: string;
  readonly shown: BenchResult;
  readonly told: readonly BenchResult[];
  readonly workload: WorkloadFacts;
}) {
  const { settings = noSettings } = workload;
  const item = itemOf(workload, [shown.variant]);
  const references = useMemo(() => referencesOf(told, settings), [told, settings]);
  const speedUp = useMemo(() => speedUpWords(shown, references.get(shown)), [shown, references]);
  return (
    <dl className={css("numbers")}>
      <Number name={name} value={labelOf(shown, told)} />
      <Number name={`Per ${item.one}`} value={intervalWords(shown)} />
      <Number
        name={`${item.many}/s`}
        value={shown.itemsPerSecond === null ? "not measured" : formatNumber(shown.itemsPerSecond)}
      />
      {references.get(shown) === shown || !references.has(shown) ? null : (
        <Number name="Speed-up" value={speedUp} hint={referenceWords(told, references, settings)} />
      )}
      <Number name="Computed by" value={deviceWords(shown)} />
      <Number name="Peak memory" value={peakWords([shown])} />
    </dl>
  );
}

/** Times of different work have no fastest among them: each work has its own, and all have a speed-up. */
function FastestOfEach({
  fastest,
  told,
  workload,
}: {
  readonly fastest: readonly BenchResult[];
  readonly told: readonly BenchResult[];
  readonly workload: WorkloadFacts;
}) {
  const { settings = noSettings } = workload;
  const references = useMemo(() => referencesOf(told, settings), [told, settings]);
  const ratios = useMemo(() => ratiosOf(fastest, references), [fastest, references]);
  const each = fastest.map((result) => `${labelOf(result, told)}: ${intervalWords(result)}`).join("\n");
  const eachRatio = fastest.map((result) => `${labelOf(result, told)}: ${ratioWords(ratios.get(result) ?? null)}`);
  return (
    <dl className={css("numbers")}>
      <Number name="Fastest at the same work" value={winsWords(fastest)} hint={each} isWhole />
      <Number
        name="Speed-up of the fastest"
        value={ratioRangeWords([...ratios.values()])}
        hint={[referenceWords(told, references, settings), ...eachRatio].join("\n")}
      />
      <Number name="Computed by" value={devicesWords(fastest)} isWhole />
      <Number name="Peak memory" value={peakWords(fastest)} />
    </dl>
  );
}

function ratiosOf(
  results: readonly BenchResult[],
  references: ReadonlyMap<BenchResult, BenchResult>,
): ReadonlyMap<BenchResult, SpeedRatio> {
  return new Map(
    results.flatMap((result) => {
      const reference = references.get(result);
      const ratio = reference === undefined ? null : speedRatio(result, reference);
      return ratio === null ? [] : [[result, ratio] as const];
    }),
  );
}

/** The fastest of each work, where something counts. */
function fastestOf(told: readonly BenchResult[], { settings = [] }: WorkloadFacts): readonly BenchResult[] {
  return groupByWork(told, settings).flatMap((group) =>
    group
      .filter(isCounted)
      .toSorted((a, b) => (a.medianMs ?? 0) - (b.medianMs ?? 0))
      .slice(0, 1),
  );
}

function peakWords(results: readonly BenchResult[]): string {
  const peaks = results.flatMap(({ peakBytes }) => peakBytes ?? []);
  return peaks.length === 0 ? "not collected" : formatBytes(Math.max(...peaks));
}

function Number({
  name,
  value,
  hint = value,
  isWhole = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  /** Goes on in further lines instead of being cut: of a run that has ended, whose head keeps its height. */
  readonly isWhole?: boolean;
}) {
  return (
    <div className={css("number", isWhole && "whole")}>
      <dt>{name}</dt>
      <dd title={hint}>{value}</dd>
    </div>
  );
}
