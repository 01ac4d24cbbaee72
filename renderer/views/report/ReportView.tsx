import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import { formatBytes } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { CompareStates } from "../compare/CompareStates.tsx";
import { useComparison } from "../compare/use-comparison.ts";
import { ReportForm } from "./ReportForm.tsx";
import styles from "./ReportView.module.css";
import { useReportQuestion } from "./use-report.ts";

const css = classes(styles);

/** The comparison as one file for others: on the right exactly the page that is written. */
export function ReportView() {
  const comparison = useComparison();
  if (comparison.kind === "ready") return <Report summary={comparison.summary} />;
  return (
    <>
      <h1 className="visually-hidden">Report</h1>
      {comparison.kind === "idle" ? <NothingToReport /> : <CompareStates comparison={comparison} />}
    </>
  );
}

function NothingToReport() {
  const { showView } = useAppStore().getState();
  return (
    <Empty
      title="A report shows a comparison"
      actions={
        <Button look="primary" onPress={() => showView("compare")}>
          Choose what to compare
        </Button>
      }
    >
      Choose two traces; the report is then written from their comparison, as a page, PDF, Markdown, JSON or JUnit.
    </Empty>
  );
}

function Report({ summary }: { readonly summary: ComparisonSummary }) {
  const question = useReportQuestion(summary);
  const { reply, error, pending } = useEngineQuery("report.render", { ...question, format: "html" });
  return (
    <div className={css("view")}>
      <ReportForm summary={summary} question={question} sections={reply?.sections ?? []} error={error} />
      <div className={css("preview")}>
        <div className={css("bar")}>
          <h2 className={css("title")}>Preview</h2>
          <span className={css("note")}>
            {reply === null
              ? ""
              : `${formatBytes(new TextEncoder().encode(reply.text).length)}, one file, no network. Sorting and zooming work in the saved page.`}
          </span>
          <span className={css("note")}>{pending && reply !== null ? "Writing…" : ""}</span>
        </div>
        {reply === null ? (
          error === null ? (
            <Empty title="Writing the report…" />
          ) : (
            <div role="alert" className={css("fill")}>
              <Empty title="The report could not be written">{error}</Empty>
            </div>
          )
        ) : (
          <iframe className={css("page")} title="Preview of the report" sandbox="" srcDoc={reply.text} />
        )}
      </div>
    </div>
  );
}
