import { useEffect, useMemo, useState } from "react";
import type { EngineClient, SpanBrief, SpanListRequest } from "../../../electron/contract/engine-contract.ts";
import type { ComparisonSummary, StepRecord } from "../../../traces/compare/comparison.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { useApp } from "../../state/store.ts";
import { findTab } from "../../state/update-tab.ts";
import type { StepSpans } from "./dual-layout.ts";

/** A step with more spans is drawn up to here; the rest is counted. */
const mostSpans = 20_000;
const pageSpans = 5_000;

export interface StepAnswer {
  /** Null while they are on their way. */
  readonly spans: StepSpans | null;
  readonly omitted: number;
  readonly error: string | null;
}

interface Answer {
  readonly to: string;
  readonly spans: readonly SpanBrief[];
  readonly total: number;
  readonly error: string | null;
}

/** The spans that meet a step of a side, in time order. */
export function useStepSpans(summary: ComparisonSummary, side: SideName, step: StepRecord | null): StepAnswer {
  const engine = useApp((state) => state.engine);
  const trace = step === null ? null : (summary[side].parts[step.part]?.trace ?? null);
  const tracks = useApp((state) => findTab(state, trace)?.summary?.tracks ?? null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const question =
    trace === null || step === null
      ? null
      : JSON.stringify({ trace, scope: { startNs: step.startNs, endNs: step.startNs + step.durationNs } });

  useEffect(() => {
    if (engine === null || question === null) return undefined;
    const aborter = new AbortController();
    listSpans(engine, JSON.parse(question) as SpanQuestion, aborter.signal).then(
      ({ spans, total }) => setAnswer({ to: question, spans, total, error: null }),
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        const text = error instanceof Error ? error.message : String(error);
        setAnswer({ to: question, spans: [], total: 0, error: text });
      },
    );
    return () => aborter.abort();
  }, [engine, question]);

  return useMemo(() => {
    if (tracks === null && step !== null)
      return { spans: null, omitted: 0, error: `The trace ${side} is closed. Open it again to see its steps.` };
    if (answer === null || answer.to !== question || step === null || tracks === null || answer.error !== null)
      return { spans: null, omitted: 0, error: answer?.error ?? null };
    const { startNs, durationNs } = step;
    return {
      spans: { startNs, durationNs, spans: answer.spans, tracks },
      omitted: answer.total - answer.spans.length,
      error: null,
    };
  }, [answer, question, step, tracks, side]);
}

type SpanQuestion = Pick<SpanListRequest, "trace" | "scope">;

async function listSpans(
  engine: EngineClient,
  question: SpanQuestion,
  signal: AbortSignal,
): Promise<{ readonly spans: readonly SpanBrief[]; readonly total: number }> {
  const spans: SpanBrief[] = [];
  for (;;) {
    const page = await engine.call("span.list", { ...question, first: spans.length, count: pageSpans }, { signal });
    spans.push(...page.spans);
    if (page.spans.length < pageSpans || spans.length >= mostSpans) return { spans, total: page.total };
  }
}
