import { useDeferredValue, useEffect } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { shownRunOf } from "../../state/bench-slice.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { KeyHint } from "../../ui/KeyHint.tsx";
import { RunFormPane } from "./RunFormPane.tsx";
import { RunPane } from "./RunPane.tsx";
import styles from "./ProfileView.module.css";

const css = classes(styles);

/** Runs a workload and watches it: what to run on the left, what happens on the right. */
export function ProfileView() {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  const catalog = useApp((state) => state.catalog);
  const backends = useApp((state) => state.backends);
  const error = useApp((state) => state.benchError);
  const chosen = useApp((state) => state.chosenWorkload);
  const form = useApp((state) => state.forms[state.chosenWorkload ?? ""]);
  useEffect(() => {
    if (engine !== null) void store.getState().readBench();
  }, [store, engine]);

  // What was measured stays on the screen when the engine is gone: it is in the window.
  if (engine === null && catalog === null)
    return <Empty title="The engine is not running">Runs need it: start it again above.</Empty>;
  if (error !== null) return <Empty title="The engine did not say what can be run">{error}</Empty>;
  if (catalog === null || backends === null)
    return <Empty title="Looking for backends">Each computes something small and names its device.</Empty>;
  const workload = catalog.find(({ id }) => id === chosen);
  if (workload === undefined || form === undefined) return <Empty title="There is no workload in this build" />;
  return (
    <div className={css("profile")}>
      <h1 className="visually-hidden">Profile a workload</h1>
      <Group orientation="horizontal" id="profile-panels">
        <Panel id="form" minSize={240} defaultSize={320} groupResizeBehavior="preserve-pixel-size">
          <RunFormPane workload={workload} form={form} />
        </Panel>
        <Separator className={css("separator")} aria-label="Width of the form" />
        <Panel id="run" minSize={420}>
          <ShownRun catalog={catalog} />
        </Panel>
      </Group>
    </div>
  );
}

/** A run tells of itself several times a second: what it told is rendered in slices, so that input goes between them. */
function ShownRun({ catalog }: { readonly catalog: readonly WorkloadFacts[] }) {
  const run = useDeferredValue(useApp(shownRunOf));
  const workload = catalog.find(({ id }) => id === run?.plan.workload);
  if (run === null || workload === undefined)
    return (
      <Empty title="Nothing has run yet">
        Choose variants and sizes, then start with <KeyHint shortcut="F5" />. All configurations are measured in turns,
        with new inputs in every step; their spans appear here while they run.
      </Empty>
    );
  return <RunPane run={run} workload={workload} />;
}
