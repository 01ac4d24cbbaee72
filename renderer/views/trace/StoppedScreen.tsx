import type { ReactNode } from "react";
import type { PlainError } from "../../../electron/contract/plain-error.ts";
import { formatBytes, formatCount, formatCounted } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import type { LoadState, TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { NsightReport } from "./NsightReport.tsx";
import styles from "./StoppedScreen.module.css";

const css = classes(styles);
type Stopped = Extract<LoadState, { kind: "failed" | "cancelled" }>;

/** A file that did not become a trace: what happened, where, how much was kept, what to try. */
export function StoppedScreen({ tab, load }: { readonly tab: TraceTab; readonly load: Stopped }) {
  const { reopenTab, closeTab, chooseFiles } = useAppStore().getState();
  const close = (
    <Button look="quiet" onPress={() => closeTab(tab.key)}>
      Close the tab
    </Button>
  );
  if (load.kind === "cancelled") {
    return (
      <Message title={`Reading ${tab.fileName} was cancelled`}>
        <p>Nothing of the file is kept in memory.</p>
        <div className={css("actions")}>
          <Button look="primary" onPress={() => reopenTab(tab.key)}>
            Read it again
          </Button>
          {close}
        </div>
      </Message>
    );
  }
  const { error } = load;
  if (error.name === "ReportNeedsExportError") return <ReportScreen tab={tab} message={error.message} close={close} />;
  const isInflate = isInflateLimit(error);
  return (
    <Message
      title={isInflate ? `${tab.fileName} inflates to far more than it holds` : `${tab.fileName} cannot be read`}
    >
      <p className={css("problem")}>{error.message}</p>
      <dl className={css("facts")}>
        {errorFacts(tab, error).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        {isInflate
          ? "Such a file can fill memory and disk. Go on only if you know where it comes from."
          : whatToTry(error)}
      </p>
      <div className={css("actions")}>
        {isInflate ? (
          <Button onPress={() => reopenTab(tab.key, { allowLargeInflate: true })}>Read it all the same</Button>
        ) : null}
        <Button look="primary" onPress={() => void chooseFiles()}>
          Open another file
        </Button>
        {error.name === "NanosecondTimesError" ? (
          <Button onPress={() => reopenTab(tab.key, { timesInNs: true })}>Read times as nanoseconds</Button>
        ) : null}
        {isInflate ? null : <Button onPress={() => reopenTab(tab.key)}>Try again</Button>}
        {close}
      </div>
    </Message>
  );
}

/** A report of Nsight Systems: no failure, but a step on the way. */
function ReportScreen({
  tab,
  message,
  close,
}: {
  readonly tab: TraceTab;
  readonly message: string;
  readonly close: ReactNode;
}) {
  const producer = /found a report of (.*?), which/.exec(message)?.[1] ?? "Nsight Systems";
  return (
    <Message title={`${tab.fileName} has to become a database first`}>
      <p>It is a report of {producer}. Only nsys itself can read it; it makes a database of it that opens here.</p>
      <NsightReport tab={tab} />
      <div className={css("actions")}>{close}</div>
    </Message>
  );
}

function Message({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={css("screen")}>
      <section className={css("message")} role="alert">
        <h1 className={css("title")}>{title}</h1>
        {children}
      </section>
    </div>
  );
}

/** The engine stopped at the inflate limits; it may be told to go on. */
export function isInflateLimit(error: PlainError): boolean {
  return error.name === "InflateLimitError";
}

function errorFacts(tab: TraceTab, error: PlainError): readonly (readonly [name: string, value: string])[] {
  const kept = tab.summary;
  return [
    ["Size", formatBytes(tab.fileBytes)],
    ...(error.place?.format === undefined ? [] : [["Read as", error.place.format] as const]),
    ...(error.place?.byteOffset === undefined
      ? []
      : [["Stopped at", `byte ${formatCount(error.place.byteOffset)}`] as const]),
    ["Kept", kept === null ? "nothing" : `nothing; ${formatCounted(kept.spanCount, "span")} had been read`],
  ];
}

function whatToTry(error: PlainError): string {
  // What can be opened, the message says where that is the question.
  if (error.name === "TraceFormatError")
    return "If the file was still being written, wait for the tool to finish, or export it again.";
  if (error.name === "NanosecondTimesError")
    return "Trace events say their times in microseconds. If the program that wrote this file meant nanoseconds, it can be read as such.";
  if (error.name === "UserFacingError") return "Check that the file is still there and may be read, then try again.";
  return "This should not happen with any file. If it happens again, please report it with the message above.";
}
