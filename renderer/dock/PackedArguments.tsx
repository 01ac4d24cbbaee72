import { useEffect, useRef, useState } from "react";
import { ProgressBar } from "react-aria-components";
import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import { useApp } from "../state/store.ts";
import { Button } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { NotCollected, Section } from "./FactList.tsx";
import styles from "./PackedArguments.module.css";

const css = classes(styles);

type State =
  | { readonly kind: "unpacking"; readonly fraction: number }
  | { readonly kind: "stopped"; readonly reason: string };

/**
 * In place of the arguments while the compressed file is unpacked. Going to another span does not stop that; the
 * button does.
 */
export function PackedArguments(props: { readonly trace: TraceKey; readonly onUnpacked: () => void }) {
  const [attempt, setAttempt] = useState(0);
  return <Attempt key={attempt} {...props} onRetry={() => setAttempt(attempt + 1)} />;
}

function Attempt({
  trace,
  onUnpacked,
  onRetry,
}: {
  readonly trace: TraceKey;
  readonly onUnpacked: () => void;
  readonly onRetry: () => void;
}) {
  const engine = useApp((state) => state.engine);
  const [state, setState] = useState<State>({ kind: "unpacking", fraction: 0 });
  const stopRef = useRef<() => void>(() => undefined);
  const doneRef = useRef(onUnpacked);
  useEffect(() => {
    doneRef.current = onUnpacked;
  });
  useEffect(() => {
    if (engine === null) return undefined;
    const aborter = new AbortController();
    let isShown = true;
    const show = (next: State): void => {
      if (isShown) setState(next);
    };
    stopRef.current = () => aborter.abort();
    engine
      .call(
        "trace.unpack",
        { trace },
        {
          signal: aborter.signal,
          onProgress: ({ done, total }) => show({ kind: "unpacking", fraction: total === null ? 0 : done / total }),
        },
      )
      .then(
        () => {
          if (isShown) doneRef.current();
        },
        (error: unknown) =>
          show({
            kind: "stopped",
            reason: aborter.signal.aborted || !(error instanceof Error) ? "the file is not unpacked" : error.message,
          }),
      );
    return () => {
      isShown = false;
    };
  }, [engine, trace]);

  return (
    <Section title="Arguments">
      {state.kind === "unpacking" ? (
        <div className={css("line")}>
          <ProgressBar aria-label="Unpacking the file" value={state.fraction * 100} className={css("progress")}>
            <div className={css("track")}>
              <div className={css("fill")} style={{ width: `${state.fraction * 100}%` }} />
            </div>
          </ProgressBar>
          <span>{`Unpacking… ${Math.floor(state.fraction * 100)}\u2009%`}</span>
          <Button onPress={() => stopRef.current()}>Stop</Button>
        </div>
      ) : (
        <div className={css("line")}>
          <NotCollected>{`not available: ${state.reason}`}</NotCollected>
          <Button onPress={onRetry}>Unpack</Button>
        </div>
      )}
    </Section>
  );
}
