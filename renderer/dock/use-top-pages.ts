import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { TopPage, TopRequest, TopRow } from "../../electron/contract/engine-contract.ts";
import { CancelledError } from "../../traces/model/errors.ts";
import { useApp } from "../state/store.ts";

export type TopQuestion = Omit<TopRequest, "first" | "count">;

const pageRows = 200;

export interface TopPages {
  /** Sums and the row count; null before the first answer. */
  readonly head: TopPage | null;
  /** Rows of the first page, from which columns choose their units. */
  readonly firstRows: readonly TopRow[];
  readonly rowAt: (index: number) => TopRow | null;
  readonly onVisible: (first: number, last: number) => void;
  readonly error: string | null;
}

interface Answer {
  readonly pages: ReadonlyMap<number, TopPage>;
  readonly error: string | null;
}

interface Round {
  readonly pages: Set<number>;
  readonly aborter: AbortController;
  readonly question: TopQuestion;
}

const nothing: Answer = { pages: new Map(), error: null };

/** Pages of the table as they come into view; the old rows stay until the first page of a new question is there. */
export function useTopPages(question: TopQuestion, revision: string): TopPages {
  const engine = useApp((state) => state.engine);
  const [answer, setAnswer] = useState<Answer>(nothing);
  // The revision is a part of the question: the same words about a trace that has grown.
  const text = JSON.stringify([question, revision]);
  const asked = useRef<Round | null>(null);

  const ask = useCallback(
    (page: number): void => {
      const round = asked.current;
      if (engine === null || round === null || round.pages.has(page)) return;
      round.pages.add(page);
      engine
        .call(
          "table.top",
          { ...round.question, first: page * pageRows, count: pageRows },
          { signal: round.aborter.signal },
        )
        .then(
          (reply) => {
            if (asked.current !== round) return;
            // Drawn in slices: a table is no reason to hold up the timeline.
            startTransition(() =>
              setAnswer((before) => ({
                pages: page === 0 ? new Map([[0, reply]]) : new Map(before.pages).set(page, reply),
                error: null,
              })),
            );
          },
          (error: unknown) => {
            if (asked.current !== round || error instanceof CancelledError) return;
            setAnswer((before) => ({ ...before, error: error instanceof Error ? error.message : String(error) }));
          },
        );
    },
    [engine],
  );

  useEffect(() => {
    const aborter = new AbortController();
    asked.current = { pages: new Set(), aborter, question: (JSON.parse(text) as [TopQuestion, string])[0] };
    ask(0);
    return () => {
      asked.current = null;
      aborter.abort();
    };
  }, [text, ask]);

  const onVisible = useCallback(
    (first: number, last: number): void => {
      for (let page = Math.floor(first / pageRows); page <= Math.floor(last / pageRows); page++) ask(page);
    },
    [ask],
  );
  const { pages, error } = answer;
  return useMemo(() => {
    const head = pages.get(0) ?? null;
    const rowAt = (index: number): TopRow | null =>
      pages.get(Math.floor(index / pageRows))?.rows[index % pageRows] ?? null;
    return { head, firstRows: head?.rows ?? [], rowAt, onVisible, error };
  }, [pages, error, onVisible]);
}
