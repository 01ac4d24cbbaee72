import type { Availability } from "./availability.ts";
import type { OptionSpecs } from "./option.ts";

/*
 * What can be run, as plain data: the form of the window and the help of the command line are made from it.
 */

export interface WorkloadFacts {
  readonly id: string;
  /** "Student force field". */
  readonly title: string;
  /** A sentence or two: what it computes and why one would run it. */
  readonly description: string;
  /** `steps`: many short repeated steps; `session`: one long run with phases. */
  readonly shape: "steps" | "session";
  /** What a step (or a session) processes: "structure", "structures". */
  readonly item: Item;
  readonly variants: readonly VariantFacts[];
  readonly defaultVariants: readonly string[];
  /** Ids of the backends it runs on, the default first. */
  readonly backends: readonly string[];
  readonly options: OptionSpecs;
  /** Option ids along which a scaling curve makes sense ("batch"), the most telling first. */
  readonly axes: readonly string[];
  /** Option ids that say how the same work is done (threads, chunks), not how much of it there is. */
  readonly settings?: readonly string[];
  /** Option ids that say how much work there is, not how it is computed: what is inexact at one size is so as a whole. */
  readonly sizes?: readonly string[];
  /** Figures that others have published for this work, drawn beside measured curves and marked as such. */
  readonly published?: readonly PublishedSeries[];
  /** Curves that a session draws while it runs. */
  readonly curves: readonly CurveFacts[];
}

export interface Item {
  readonly one: string;
  readonly many: string;
}

export interface VariantFacts {
  readonly id: string;
  readonly label: string;
  /** One line: what is different, and what that should change. */
  readonly help: string;
  /** Variants of one group are drawn and offered together: "batching", "precision", "cases". */
  readonly group?: string;
  /** Of a session: short, and there to be compared, so that it is repeated in turns unless told otherwise. */
  readonly repeated?: true;
  /** What a step of it processes where that is not the workload's: an event, a checkpoint. */
  readonly item?: Item;
  /** Ids of options that change nothing in it: a rank where nothing has a rank. */
  readonly unused?: readonly string[];
  /** Why it cannot run on this machine; absent when it can. */
  readonly unavailable?: string;
}

export interface PublishedSeries {
  readonly title: string;
  /** Who measured it, on what. */
  readonly source: string;
  /** The option (or the fact, such as "atoms") that `size` is a value of. */
  readonly axis: string;
  /** Time of a whole step, ms. */
  readonly points: readonly { readonly size: number; readonly timeMs: number; readonly note?: string }[];
}

export interface CurveFacts {
  readonly id: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logarithmic: boolean;
}

export interface BackendFacts {
  readonly id: string;
  /** "ONNX Runtime, WebGPU". */
  readonly label: string;
  readonly library: Library;
  readonly availability: Availability;
}

/** `own`: kernels of this repository. */
export type Library = "onnxruntime" | "tfjs" | "own";
