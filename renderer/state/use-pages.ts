import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { EngineClient } from "../../electron/contract/engine-contract.ts";
import { CancelledError } from "../../traces/model/errors.ts";
import { useApp } from "./store.ts";

/** An answer that holds a part of the rows; the first one also has what belongs to the whole. */
interface Page<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}

export interface PageRange {
  readonly first: number;
  readonly count: number;
}

/** Asks for one page of a question. */
export type AskPage<Question, Answer> = (
  engine: EngineClient,
  question: Question,
  range: PageRange,
  signal: AbortSignal,
) => Promise<Answer>;

export interface Pages<Row, Answer extends Page<Row>> {
  /** Sums and the row count; null before the first answer. */
  readonly head: Answer | null;
  /** Rows of the first page, from which columns choose their units. */
  readonly firstRows: readonly Row[];
  /** Rows of all pages that are there, in their order. */
  readonly rows: readonly Row[];
  readonly rowAt: (index: number) => Row | null;
  readonly onVisible: (first: number, last: number) => void;
  readonly error: string | null;
  /** The rows answer an earlier question, or are those of a trace that has grown since. */
  readonly isStale: boolean;
}

interface Answered<Answer> {
  readonly pages: ReadonlyMap<number, Answer>;
  /** The question with its revision. */
  readonly to: string | null;
  readonly error: string | null;
}

interface Round<Question> {
  readonly pages: Set<number>;
  readonly aborter: AbortController;
  readonly question: Question;
  readonly text: string;
}

const pageRows = 200;

/**
 * Pages of a table as they come into view; the old rows stay until the first page of a new question is there. Asks
 * again when the question (as text) or `revision` changes. `askPage` must not change between renders.
 */
export function usePages<Question, Row, Answer extends Page<Row>>(
  question: Question,
  revision: string,
  askPage: AskPage<Question, Answer>,
): Pages<Row, Answer> {
  const engine = useApp((state) => state.engine);
  const [answer, setAnswer] = useState<Answered<Answer>>({ pages: new Map(), to: null, error: null });
  // The revision is a part of the question: the same words about a trace that has grown.
  const text = JSON.stringify([question, revision]);
  const asked = useRef<Round<Question> | null>(null);

  const ask = useCallback(
    (page: number): void => {
      const round = asked.current;
      if (engine === null || round === null || round.pages.has(page)) return;
      round.pages.add(page);
      const range = { first: page * pageRows, count: pageRows };
      askPage(engine, round.question, range, round.aborter.signal).then(
        (reply) => {
          if (asked.current !== round) return;
          // Drawn in slices: a table is no reason to hold up the timeline.
          startTransition(() =>
            setAnswer((before) => ({
              pages: page === 0 ? new Map([[0, reply]]) : new Map(before.pages).set(page, reply),
              to: page === 0 ? round.text : before.to,
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
    [engine, askPage],
  );

  useEffect(() => {
    const aborter = new AbortController();
    asked.current = { pages: new Set(), aborter, question: (JSON.parse(text) as [Question, string])[0], text };
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
  const { pages, to, error } = answer;
  const isStale = to !== null && to !== text;
  return useMemo(() => {
    const head = pages.get(0) ?? null;
    const rowAt = (index: number): Row | null =>
      pages.get(Math.floor(index / pageRows))?.rows[index % pageRows] ?? null;
    const rows = [...pages].toSorted(([a], [b]) => a - b).flatMap(([, page]) => page.rows);
    return { head, firstRows: head?.rows ?? [], rows, rowAt, onVisible, error, isStale };
  }, [pages, error, onVisible, isStale]);
}
