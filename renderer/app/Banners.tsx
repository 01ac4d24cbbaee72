import type { Progress } from "../../electron/contract/engine-contract.ts";
import { useShallow } from "zustand/react/shallow";
import { shownNotices } from "../state/shell-slice.ts";
import { useApp, useAppStore } from "../state/store.ts";
import { viewOf } from "../state/tabs-slice.ts";
import { Banner } from "../ui/Banner.tsx";

function shareOf(progress: Progress | null): string {
  if (progress === null || progress.total === null || progress.total === 0) return " …";
  return `: ${Math.floor((100 * progress.done) / progress.total)} %`;
}

/** What lasts and concerns the whole window: the runtime, the engine, what went wrong. */
export function Banners() {
  const store = useAppStore();
  const facts = useApp((state) => state.facts);
  const dismissed = useApp((state) => state.evaluationNoticeDismissed);
  const settingsRead = useApp((state) => state.settingsRead);
  const engineEnded = useApp((state) => state.engineEnded);
  const isShown = useApp((state) => state.evaluationNoticeShown);
  const isWelcome = useApp((state) => viewOf(state) === "welcome");
  const fileCount = useApp((state) => state.tabs.filter(({ isLive }) => !isLive).length);
  const runCount = useApp((state) => state.runs.length);
  const runningExport = useApp((state) => state.runningExport);
  const notices = useApp(useShallow(shownNotices));
  const { dismissEvaluationNotice, showEvaluationNotice, restartEngine, dismissNotice } = store.getState();
  const dismissEvaluation = (): void => {
    dismissEvaluationNotice();
    showEvaluationNotice(false);
  };
  return (
    <>
      {engineEnded === null ? null : (
        <Banner
          tone="danger"
          action={{ title: fileCount === 0 ? "Start again" : "Reopen", run: () => void restartEngine() }}
        >
          <strong>The engine has ended.</strong> {engineEnded}{" "}
          {fileCount === 0 ? "" : "Reopening reads the open files again and keeps their views. "}
          {runCount === 0 ? "" : "Runs keep the results they had told of; their spans are lost."}
        </Banner>
      )}
      {facts?.evaluationRuntime === true && settingsRead && (isShown || (isWelcome && !dismissed)) ? (
        <Banner tone="notice" onDismiss={dismissEvaluation}>
          Running on an evaluation runtime (Electron {facts.electron}): an old release without security fixes. Open only
          traces you trust, and install a current Electron for daily work.
        </Banner>
      ) : null}
      {runningExport === null ? null : (
        <Banner tone="info" action={{ title: "Cancel", run: store.getState().cancelExport }}>
          Writing {runningExport.fileName}
          {shareOf(runningExport.progress)}
        </Banner>
      )}
      {notices.map((notice) => (
        <Banner key={notice.id} tone="danger" onDismiss={() => dismissNotice(notice.id)}>
          <strong>{notice.text}</strong> {notice.detail}
        </Banner>
      ))}
    </>
  );
}
