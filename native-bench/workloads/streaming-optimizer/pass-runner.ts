import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Evaluator, PassKind } from "./evaluators/evaluator.ts";
import { clearNormalEquations, type NormalEquations } from "./evaluators/normal-equations.ts";
import type { FitHost } from "./fit-host.ts";
import { type Normalizer, normalizeEquations, toParameters } from "./solver/normalizer.ts";

/** A pass that was interrupted: its blocks up to `nextBlock` are summed. */
export interface PartialPass {
  readonly kind: PassKind;
  readonly x: Float64Array;
  readonly nextBlock: number;
  /** In the parameters' own units, before anything is added or normalised. */
  readonly sums: NormalEquations;
}

export interface PassRunnerOptions {
  readonly evaluator: Evaluator;
  readonly normalizer: Normalizer;
  readonly host: FitHost;
  /** Points of a range: between ranges the fit can be cancelled, saved and watched. */
  readonly rangePoints: number;
  /** Adds what is not a sum over points, in the parameters' own units. */
  readonly addConstants: (parameters: Float64Array, out: NormalEquations) => void;
  /** Called between ranges with what is summed so far. */
  readonly onRange?: (pass: PartialPass) => void;
  /** A pass to go on with, when it comes up again. */
  readonly resume?: PartialPass | null;
  /** Passes by kind, added to. */
  readonly counts: Record<PassKind, number>;
}

/** Counts, watches and cuts up the passes of a fit. */
export interface PassRunner {
  readonly counts: Readonly<Record<PassKind, number>>;
  readonly pointsPerPass: number;
  /** Overwrites `out` with the normal equations in normalised parameters. */
  run(x: Float64Array, out: NormalEquations, kind?: PassKind): Promise<void>;
}

export function createPassRunner(options: PassRunnerOptions): PassRunner {
  const { evaluator, normalizer, host } = options;
  const { counts } = options;
  const blocks = evaluator.blockCount;
  const pointsPerPass = evaluator.pointsOfBlocks({ first: 0, end: blocks });
  const blocksPerRange = Math.max(1, Math.ceil((options.rangePoints / pointsPerPass) * blocks));
  let resume = options.resume ?? null;

  const sumBlocks = async (
    x: Float64Array,
    parameters: Float64Array,
    out: NormalEquations,
    kind: PassKind,
  ): Promise<void> => {
    const startMs = performance.now();
    let first = 0;
    if (resume !== null && resume.kind === kind && sameBits(resume.x, x)) {
      out.H.set(resume.sums.H);
      out.g.set(resume.sums.g);
      out.cost = resume.sums.cost;
      first = resume.nextBlock;
      // It was counted when it began.
      counts[kind]--;
      resume = null;
    }
    const resumedPoints = evaluator.pointsOfBlocks({ first: 0, end: first });
    while (first < blocks) {
      host.throwIfCancelled();
      const end = Math.min(blocks, first + blocksPerRange);
      await evaluator.evaluate(parameters, out, { first, end }, kind);
      first = end;
      const pointsDone = evaluator.pointsOfBlocks({ first: 0, end });
      const seconds = (performance.now() - startMs) / 1000;
      const pointsPerSecond = (pointsDone - resumedPoints) / Math.max(seconds, 1e-9);
      host.listener.onProgress?.({
        pass: counts.full + counts.cost,
        pointsDone,
        pointsTotal: pointsPerPass,
        pointsPerSecond,
      });
      host.recorder.counter("points/s", pointsPerSecond);
      if (end < blocks) options.onRange?.({ kind, x, nextBlock: end, sums: out });
    }
  };
  return {
    counts,
    pointsPerPass,
    async run(x, out, kind = "full") {
      const parameters = toParameters(normalizer, x);
      counts[kind]++;
      host.recorder.begin("pass", SpanKind.op, {
        kind,
        engine: evaluator.id,
        parameters: hashBits(parameters),
        points: pointsPerPass,
      });
      clearNormalEquations(out);
      try {
        await sumBlocks(x, parameters, out, kind);
      } finally {
        host.recorder.end();
      }
      options.addConstants(parameters, out);
      normalizeEquations(normalizer, out);
    },
  };
}

export function sameBits(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}

/** A short name of a parameter vector: passes with the same one read the same sums. */
function hashBits(values: Float64Array): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
