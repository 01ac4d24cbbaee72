import { useState } from "react";
import type { KeptSuite } from "../../../electron/contract/history-contract.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import type { HistoryDraft } from "../../state/history-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SelectInput, TextInput } from "../../ui/Field.tsx";
import styles from "./HistoryView.module.css";
import { SuitePane } from "./SuitePane.tsx";

const css = classes(styles);
const mostSuites = 500;

/** Benchmark results kept on this machine, run after run: what changed since the last time. */
export function HistoryView() {
  const store = useAppStore();
  const revision = useApp((state) => state.historyRevision);
  const draft = useApp((state) => state.historyDraft);
  const shown = useApp((state) => state.shownSuite);
  const { reply: suites, error } = useEngineQuery("history.list", { count: mostSuites }, revision);
  const suite = suites?.find((each) => each.suite === shown) ?? suites?.[0] ?? null;
  const { chooseRun, showSuite } = store.getState();
  return (
    <div className={css("view")}>
      <h1 className="visually-hidden">History</h1>
      {suite === null || suites === null ? null : (
        <header className={css("head")}>
          <div className={css("choose")}>
            <SelectInput
              id="history-suite"
              label="Suite"
              value={suite.suite}
              choices={suites.map(toChoice)}
              onChange={showSuite}
            />
          </div>
          <Button onPress={() => void chooseRun()}>Keep results…</Button>
        </header>
      )}
      {draft === null ? null : <Draft key={draft.token} draft={draft} standardSuite={suite?.suite ?? null} />}
      {error !== null ? (
        <Empty title="The history could not be read">{error}</Empty>
      ) : suites === null ? null : suite === null ? (
        <Empty
          title="No results are kept yet"
          actions={
            <Button look="primary" onPress={() => void chooseRun()}>
              Keep results…
            </Button>
          }
        >
          Keep a file of benchmark results after every run: each is compared with the one before, and a change beyond 5
          % and beyond chance alerts. Files are copied to a folder of yours; nothing leaves the machine.
        </Empty>
      ) : (
        <SuitePane key={suite.suite} suite={suite.suite} />
      )}
    </div>
  );
}

function toChoice({ suite, runCount }: KeptSuite): { readonly value: string; readonly title: string } {
  return { value: suite, title: `${suite} (${formatCounted(runCount, "run")})` };
}

/** Which suite a file belongs to: runs of one suite are compared with each other. */
function Draft({ draft, standardSuite }: { readonly draft: HistoryDraft; readonly standardSuite: string | null }) {
  const { keepRun, draftRun } = useAppStore().getState();
  const [suite, setSuite] = useState(standardSuite ?? draft.fileName.replace(/\.[^.]+$/, ""));
  const name = suite.trim();
  return (
    <form
      className={css("draft")}
      aria-label="Keep results"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "") void keepRun(draft, name);
      }}
    >
      <span className={css("file")}>{`Keep ${draft.fileName} as a run of`}</span>
      <div className={css("choose")}>
        <TextInput id="history-draft" label="Suite" value={suite} onChange={setSuite} />
      </div>
      <Button look="primary" isDisabled={name === ""} onPress={() => void keepRun(draft, name)}>
        Keep
      </Button>
      <Button look="quiet" onPress={() => draftRun(null)}>
        Cancel
      </Button>
    </form>
  );
}
