import { useEffect, useState } from "react";
import { ProgressBar } from "react-aria-components";
import { formatCount, formatCounted } from "../../../traces/model/format-units.ts";
import type { ComparisonState } from "../../state/run-comparison.ts";
import { openParts, type SideName } from "../../state/compare-sides.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { LoadBar } from "../trace/LoadBar.tsx";
import styles from "./CompareStates.module.css";

const css = classes(styles);

/** What stands in place of a comparison: what is missing, what runs, what went wrong. */
export function CompareStates({
  comparison,
}: {
  readonly comparison: Exclude<ComparisonState, { kind: "ready" | "results" }>;
}) {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  if (engine === null)
    return <Empty title="The engine is not running">The comparison comes back when the files are read again.</Empty>;
  const again = (
    <Button look="primary" onPress={() => void store.getState().startComparison(true)}>
      Compare again
    </Button>
  );
  switch (comparison.kind) {
    case "idle":
      return <Waiting />;
    case "running":
      return <Running comparison={comparison} />;
    case "cancelled":
      return (
        <Empty title="The comparison was cancelled" actions={again}>
          Nothing of it is kept.
        </Empty>
      );
    case "failed":
      return (
        <div role="alert" className={css("fill")}>
          <Empty title="These sides could not be compared" actions={again}>
            {comparison.error.message}
          </Empty>
        </div>
      );
  }
}

/** A side is empty, or a file of it is not read. */
function Waiting() {
  const store = useAppStore();
  const tabs = useApp((state) => state.tabs);
  const sides = useApp((state) => state.compareSides);
  const { chooseForSide, chooseTwoFiles, activateTab } = store.getState();
  const parts = { before: openParts(sides.before, tabs), after: openParts(sides.after, tabs) };
  const all = [...parts.before, ...parts.after].map(({ tab }) => tab);
  const stopped = all.find((tab) => tab.load.kind === "failed" || tab.load.kind === "cancelled");
  if (stopped !== undefined)
    return (
      <div role="alert" className={css("fill")}>
        <Empty
          title={`${stopped.fileName} is not read`}
          actions={<Button onPress={() => activateTab(stopped.key)}>Show the file</Button>}
        >
          {stoppedWords(stopped)}
        </Empty>
      </div>
    );
  const loading = all.filter((tab) => tab.load.kind === "loading");
  if (loading.length > 0 && parts.before.length > 0 && parts.after.length > 0)
    return (
      <div className={css("screen")}>
        <div className={css("card")}>
          <h2 className={css("title")}>{`Reading ${loading.map((tab) => tab.fileName).join(" and ")}`}</h2>
          {loading.map((tab) => (
            <LoadBar key={tab.key} tab={tab} />
          ))}
        </div>
      </div>
    );
  const missing = (["before", "after"] as const).filter((side) => parts[side].length === 0);
  const isNothing = missing.length === 2;
  return (
    <Empty
      title={isNothing ? "Compare two traces" : `What was ${missing[0] ?? "before"}?`}
      actions={
        <>
          {isNothing ? (
            <Button look="primary" onPress={() => void chooseTwoFiles()}>
              Choose two files…
            </Button>
          ) : null}
          {missing.map((side) => (
            <Button key={side} look={isNothing ? "plain" : "primary"} onPress={() => void chooseForSide(side)}>
              {`Open the file ${side}…`}
            </Button>
          ))}
          {tabs.length === 0 ? null : <OpenTabs sides={missing} tabs={tabs} />}
        </>
      }
    >
      {isNothing
        ? "Drop two files here, or choose them: the first is before, the second after. Several runs a side say more than one."
        : "Choose a file or an open trace for the other side."}
    </Empty>
  );
}

/** Open traces, one press away from their side. */
function OpenTabs({ sides, tabs }: { readonly sides: readonly SideName[]; readonly tabs: readonly TraceTab[] }) {
  const { assignSide } = useAppStore().getState();
  const [side] = sides;
  if (side === undefined) return null;
  return (
    <ul className={css("open")} aria-label={`Open traces for ${side}`}>
      {tabs.map((tab) => (
        <li key={tab.key}>
          <Button look="quiet" onPress={() => assignSide(side, tab.token)}>
            {`Use ${tab.fileName} as ${side}`}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const tickMs = 250;

function Running({ comparison }: { readonly comparison: Extract<ComparisonState, { kind: "running" }> }) {
  const store = useAppStore();
  const { progress } = comparison;
  const fraction = progress?.total == null || progress.total === 0 ? null : Math.min(1, progress.done / progress.total);
  // What is answered at once needs no progress.
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), tickMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return null;
  return (
    <div className={css("screen")}>
      <div className={css("card")}>
        <h2 className={css("title")}>Comparing</h2>
        <div className={css("progress")}>
          <ProgressBar
            aria-label="Comparing"
            className={css("bar")}
            {...(fraction === null ? { isIndeterminate: true } : { value: fraction * 100 })}
          >
            <div className={css("track")}>
              <div className={css("fillBar")} style={{ width: `${(fraction ?? 0) * 100}%` }} />
            </div>
          </ProgressBar>
          <span className={css("numbers")}>{progressWords(progress)}</span>
          <Button onPress={() => store.getState().cancelComparison()}>Cancel</Button>
        </div>
      </div>
    </div>
  );
}

function progressWords(progress: Extract<ComparisonState, { kind: "running" }>["progress"]): string {
  if (progress === null) return "starting";
  const of = progress.total === null ? "" : ` of ${formatCount(progress.total)}`;
  return progress.unit === "spans" ? `${formatCount(progress.done)}${of} spans` : formatCounted(progress.done, "byte");
}

function stoppedWords({ load }: TraceTab): string {
  return load.kind === "failed" ? load.error.message : "Reading it was cancelled.";
}
