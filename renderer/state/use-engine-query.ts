import { startTransition, useEffect, useRef, useState } from "react";
import type { CommandName, EngineCommands } from "../../electron/contract/engine-contract.ts";
import { useApp } from "./store.ts";

export interface QueryAnswer<Reply> {
  /** The newest answer; stays while a changed question is on its way. Null before the first. */
  readonly reply: Reply | null;
  /** Text of the question that `reply` answers. */
  readonly answered: string | null;
  readonly pending: boolean;
  readonly error: string | null;
}

interface Answer<Reply> {
  readonly reply: Reply | null;
  readonly error: string | null;
  /** The question with its revision. */
  readonly to: string | null;
}

/**
 * Asks the engine and keeps the answer in the component. Asks again when the request (as text) or `revision` changes,
 * and cancels what is no longer wanted. `request` null asks nothing.
 */
export function useEngineQuery<N extends CommandName>(
  command: N,
  request: EngineCommands[N]["request"] | null,
  revision: string | number = "",
): QueryAnswer<EngineCommands[N]["reply"]> {
  const engine = useApp((state) => state.engine);
  const [answer, setAnswer] = useState<Answer<EngineCommands[N]["reply"]>>({ reply: null, error: null, to: null });
  const question = request === null ? null : `${JSON.stringify(request)} ${revision}`;
  const requestRef = useRef(request);
  useEffect(() => {
    requestRef.current = request;
  });

  useEffect(() => {
    const asked = requestRef.current;
    if (engine === null || asked === null || question === null) return undefined;
    const aborter = new AbortController();
    engine.call(command, asked, { signal: aborter.signal }).then(
      (reply) => {
        if (!aborter.signal.aborted) startTransition(() => setAnswer({ reply, error: null, to: question }));
      },
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        setAnswer((before) => ({
          reply: before.reply,
          error: error instanceof Error ? error.message : String(error),
          to: question,
        }));
      },
    );
    return () => aborter.abort();
  }, [engine, command, question]);

  return { reply: answer.reply, answered: answer.to, pending: answer.to !== question, error: answer.error };
}
