import { Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { formatBytes } from "../../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import styles from "./StoppedScreen.module.css";

const css = classes(styles);

/** Offers the ways from a report of Nsight Systems to a trace: the database beside it, the user's nsys, the command. */
export function NsightReport({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const copyText = useApp((state) => state.copyText);
  const { reply: plan, error } = useEngineQuery("nsight.plan", { file: tab.token });
  const exporting = useExport(tab);
  if (error !== null) return <p>{error}</p>;
  if (plan === null) return <p>Looking for nsys…</p>;
  return (
    <>
      {plan.database === null ? null : (
        <div className={css("actions")}>
          <Button look="primary" onPress={() => void store.getState().openDatabaseOf(tab.token)}>
            {`Open ${plan.database}`}
          </Button>
        </div>
      )}
      {plan.database === null && plan.nsysVersion !== null ? (
        <>
          <p>
            nsys {plan.nsysVersion} is on this machine. It can write {plan.newDatabase} beside the report, which is then
            opened. Nothing else is changed.
          </p>
          <div className={css("actions")}>
            {exporting.doneBytes === null ? (
              <Button look="primary" onPress={exporting.start}>
                Export with nsys
              </Button>
            ) : (
              <>
                <output>{`nsys is writing: ${formatBytes(exporting.doneBytes)} so far`}</output>
                <Button onPress={exporting.cancel}>Cancel</Button>
              </>
            )}
          </div>
          {exporting.error === null ? null : <p className={css("problem")}>{exporting.error}</p>}
        </>
      ) : null}
      {plan.nsysVersion === null && plan.database === null ? (
        <p>nsys was not found on this machine. Where it is installed, this makes a database that can be opened:</p>
      ) : (
        <p>By hand:</p>
      )}
      <p className={css("command")}>
        <code>{plan.command}</code>
        <IconButton
          icon={<Copy size={14} />}
          label="Copy the command"
          onPress={() => void copyText(plan.command, "Command")}
        />
      </p>
    </>
  );
}

interface Exporting {
  /** Null while nothing runs. */
  readonly doneBytes: number | null;
  readonly error: string | null;
  readonly start: () => void;
  readonly cancel: () => void;
}

function useExport(tab: TraceTab): Exporting {
  const store = useAppStore();
  const [doneBytes, setDoneBytes] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const aborter = useRef<AbortController | null>(null);
  useEffect(() => () => aborter.current?.abort(), []);
  const run = async (): Promise<void> => {
    const { engine, openDatabaseOf } = store.getState();
    if (engine === null) return;
    const own = new AbortController();
    aborter.current = own;
    setDoneBytes(0);
    setError(null);
    try {
      await engine.call(
        "nsight.export",
        { file: tab.token },
        { signal: own.signal, onProgress: ({ done }) => setDoneBytes(done) },
      );
      await openDatabaseOf(tab.token);
    } catch (failure) {
      if (!own.signal.aborted) setError(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setDoneBytes(null);
    }
  };
  return { doneBytes, error, start: () => void run(), cancel: () => aborter.current?.abort() };
}
