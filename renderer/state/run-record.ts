import type { RunKey, TraceKey } from "../../electron/contract/keys.ts";
import type { PlainError } from "../../electron/contract/plain-error.ts";
import { cutReport } from "../../native-bench/plan/cut-report.ts";
import type { RunPlan } from "../../native-bench/plan/run-plan.ts";
import type { ComparedMap, RunProgress, RunUpdate, Telemetry, ValueTable } from "../../native-bench/plan/telemetry.ts";
import type { BenchReport, BenchResult, Environment } from "../../traces/measure/bench-report.ts";
import type { IntegrityFinding } from "../../traces/measure/integrity/finding.ts";

/** One run of this session: what the window was told of it so far. */
export interface RunRecord {
  readonly key: RunKey;
  /** The tab with its spans. */
  readonly trace: TraceKey;
  /** 1 for the first of the session. */
  readonly number: number;
  readonly title: string;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly progress: RunProgress | null;
  readonly phase: RunPhase | null;
  /** By curve, then by configuration. */
  readonly curves: ReadonlyMap<string, ReadonlyMap<string, readonly CurvePoint[]>>;
  readonly tables: readonly ValueTable[];
  /** Of the configuration that ended last. */
  readonly maps: readonly ComparedMap[];
  /** The newest ones, oldest first. */
  readonly events: readonly RunEvent[];
  /** In the order of the plan; a hole has not been told of yet. */
  readonly results: readonly (BenchResult | undefined)[];
  /** Of the configuration that was told of last. */
  readonly latest: BenchResult | null;
  /** The machine before the run; null until the run has told. */
  readonly environment: Environment | null;
  /** Null until the end; of a run that was cut off what it had told of. */
  readonly report: BenchReport | null;
  /** What is wrong with the numbers of the report; none until the end. */
  readonly findings: readonly IntegrityFinding[];
}

export type RunState =
  | { readonly kind: "running" | "stopping"; readonly startedAtMs: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: PlainError };

export type RunPhase = Extract<Telemetry, { kind: "phase" }>;
export type CurvePoint = readonly [x: number, y: number];
export type RunEvent = Extract<Telemetry, { kind: "event" }>;

const keptEvents = 200;
/** A curve keeps fewer than this: every second point goes when it is reached. */
const largestCurve = 4096;

export function isRunning({ state }: Pick<RunRecord, "state">): boolean {
  return state.kind === "running" || state.kind === "stopping";
}

/** The record after these updates. */
export function takeUpdates(run: RunRecord, updates: readonly RunUpdate[]): RunRecord {
  return updates.reduce(takeUpdate, run);
}

/** A run that failed, with a report of what it had told of; without one where nothing was measured. */
export function cutOff(run: RunRecord, error: PlainError): RunRecord {
  const { plan, environment } = run;
  const failed: RunRecord = { ...run, state: { kind: "failed", error } };
  const told = run.results.filter((result) => result !== undefined);
  if (environment === null || told.every(({ medianMs }) => medianMs === null)) return failed;
  const report = cutReport({ plan, environment, results: told, reason: `cut off: ${error.message}` });
  return { ...failed, report, results: report.results };
}

function takeUpdate(run: RunRecord, update: RunUpdate): RunRecord {
  if (update.kind === "telemetry") return takeTelemetry(run, update.telemetry);
  if (update.kind === "environment") return { ...run, environment: update.environment };
  const results = [...run.results];
  results[update.index] = update.result;
  return { ...run, results, latest: update.result };
}

function takeTelemetry(run: RunRecord, telemetry: Telemetry): RunRecord {
  switch (telemetry.kind) {
    case "phase":
      return { ...run, phase: telemetry };
    case "progress":
      return { ...run, progress: telemetry };
    case "points": {
      const { curve, series } = telemetry;
      const known = run.curves.get(curve) ?? new Map<string, readonly CurvePoint[]>();
      const points = thinOut(joinPoints(known.get(series) ?? [], telemetry.points));
      return { ...run, curves: new Map(run.curves).set(curve, new Map(known).set(series, points)) };
    }
    case "values": {
      const others = run.tables.filter(({ title }) => title !== telemetry.table.title);
      return { ...run, tables: [...others, telemetry.table] };
    }
    case "map": {
      const place = run.maps.findIndex(({ title }) => title === telemetry.map.title);
      return {
        ...run,
        maps: run.maps.toSpliced(place < 0 ? run.maps.length : place, place < 0 ? 0 : 1, telemetry.map),
      };
    }
    case "event":
      return { ...run, events: [...run.events, telemetry].slice(-keptEvents) };
  }
}

/** The points of a curve with more; a repetition, which starts over, takes the place of the one before. */
function joinPoints(known: readonly CurvePoint[], more: readonly CurvePoint[]): readonly CurvePoint[] {
  let points = [...known];
  for (const point of more) {
    const last = points.at(-1);
    if (last !== undefined && point[0] < last[0]) points = [];
    points.push(point);
  }
  return points;
}

function thinOut(points: readonly CurvePoint[]): readonly CurvePoint[] {
  return points.length < largestCurve ? points : points.filter((_point, index) => index % 2 === 0);
}
