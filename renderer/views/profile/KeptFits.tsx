import { useEffect, useState } from "react";
import type { KeptFitFacts, KeptReply } from "../../../electron/contract/bench-contract.ts";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { defaultProtocol } from "../../../native-bench/plan/run-plan.ts";
import { formatBytes, formatNumber } from "../../../traces/model/format-units.ts";
import { isRunning } from "../../state/run-record.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import styles from "./KeptFits.module.css";

const css = classes(styles);

/** Fits that were stopped and can go on, with how far they had come; and what all that is kept takes of the disk. */
export function KeptFits({ workload }: { readonly workload: WorkloadFacts }) {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  const isBusy = useApp((state) => state.runs.some(isRunning));
  const [kept, setKept] = useState<KeptReply | null>(null);
  useEffect(() => {
    if (engine === null || isBusy) return undefined;
    let isWanted = true;
    engine.call("kept.list", null).then(
      (reply) => isWanted && setKept(reply),
      (error: unknown) => store.getState().report("What earlier runs have kept could not be listed.", error),
    );
    return () => {
      isWanted = false;
    };
  }, [engine, isBusy, store]);
  if (kept === null || kept.bytes === 0) return null;
  const clear = (): void => {
    engine?.call("kept.clear", null).then(
      () => setKept(null),
      (error: unknown) => store.getState().report("What earlier runs have kept could not be removed.", error),
    );
  };
  const goOn = ({ plan }: KeptFitFacts): void => {
    if (plan !== null) void store.getState().startPlan({ ...plan, protocol: defaultProtocol(workload, plan.variants) });
  };
  return (
    <section className={css("kept")} aria-label="Kept for later">
      <h3>Kept for later</h3>
      <ul>
        {kept.fits.map((fit) => (
          <li key={`${fit.title} ${fit.savedMs}`}>
            <span className={css("title")}>{fit.title}</span>
            <span className={css("soft")}>{placeOf(fit)}</span>
            {fit.plan === null ? (
              <span className={css("soft")}>Choose its files again to go on.</span>
            ) : (
              <Button isDisabled={isBusy || engine === null} onPress={() => goOn(fit)}>
                Go on
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className={css("foot")}>
        <span className={css("soft")}>{`${formatBytes(kept.bytes)} of data and checkpoints; 30 days at most`}</span>
        <Button look="quiet" isDisabled={isBusy} onPress={clear}>
          Clear
        </Button>
      </p>
    </section>
  );
}

/** "iteration 4, cost 402, 6 passes, 25 Nov, 19:40". */
function placeOf({ iteration, cost, passes, savedMs }: KeptFitFacts): string {
  const when = new Date(savedMs).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const place =
    iteration === null
      ? "before phase 2"
      : `iteration ${iteration}${cost === null ? "" : `, cost ${formatNumber(cost)}`}`;
  return `${place}, ${passes} ${passes === 1 ? "pass" : "passes"}, ${when}`;
}
