import { useEffect, useRef, useState } from "react";
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

const waitingAnswer: QueryAnswer<never> = { reply: null, answered: null, pending: true, error: null };

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
  const [answer, setAnswer] = useState<QueryAnswer<EngineCommands[N]["reply"]>>(waitingAnswer);
  const requestText = request === null ? null : JSON.stringify(request);
  const requestRef = useRef(request);
  useEffect(() => {
    requestRef.current = request;
  });

  useEffect(() => {
    const asked = requestRef.current;
    if (engine === null || asked === null || requestText === null) return;
    const aborter = new AbortController();
    setAnswer((before) => (before.pending ? before : { ...before, pending: true }));
    engine.call(command, asked, { signal: aborter.signal }).then(
      (reply) => {
        if (!aborter.signal.aborted) setAnswer({ reply, answered: requestText, pending: false, error: null });
      },
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        setAnswer((before) => ({ ...before, pending: false, error: error instanceof Error ? error.message : String(error) }));
      },
    );
    return () => aborter.abort();
  }, [engine, command, requestText, revision]);

  return answer;
}
