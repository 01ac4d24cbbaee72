import type { Evaluator, EvaluatorId } from "./evaluators/evaluator.ts";
import type { Block } from "./evaluators/block-plan.ts";
import type { FitRecorder } from "./fit-recorder.ts";
import type { MultistartReport } from "./phases/multistart.ts";
import type { DefenseEvent } from "./solver/defense-telemetry.ts";

/** What a fit tells while it runs. All optional: a fit without listeners computes the same. */
export interface FitListener {
  onPhase?(title: string, index: number, count: number): void;
  /** Points of the running pass. */
  onProgress?(progress: PassProgress): void;
  /** The cost after a trial or an iteration of the warm-up. */
  onCost?(passCount: number, cost: number): void;
  onParameters?(rows: readonly ParameterEstimate[]): void;
  onMultistart?(report: MultistartReport): void;
  onDefense?(event: DefenseEvent): void;
  /** The fit goes on from a checkpoint, after so many passes. */
  onResumed?(passCount: number): void;
}

export interface PassProgress {
  readonly pass: number;
  readonly pointsDone: number;
  readonly pointsTotal: number;
  readonly pointsPerSecond: number;
}

export interface ParameterEstimate {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Standard error; null while nobody knows. */
  readonly standardError: number | null;
  readonly atBound: boolean;
}

/** What a fit needs of the place where it runs. */
export interface FitHost {
  readonly recorder: FitRecorder;
  readonly listener: FitListener;
  /** Throws CancelledError when the fit shall end. */
  throwIfCancelled(): void;
  /** Which build of the kernels: a checkpoint is only resumed with the same, because the last bits differ. */
  readonly kernel: string;
  /** Makes an engine over `blocks`; the fit disposes it. */
  createEvaluator(request: EvaluatorPlan): Promise<Evaluator>;
}

export interface EvaluatorPlan {
  readonly id: EvaluatorId;
  readonly blocks: readonly Block[];
  readonly onMasked: (count: number) => void;
}
