import type { RenderedReport } from "../../../electron/contract/compare-contract.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import { formatBytes } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import type { ResultsQuestion } from "../../state/run-comparison.ts";
import { type QueryAnswer, useEngineQuery } from "../../state/use-engine-query.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { CompareStates } from "../compare/CompareStates.tsx";
import { useComparison } from "../compare/use-comparison.ts";
import { ReportForm } from "./ReportForm.tsx";
import styles from "./ReportView.module.css";
import { type ReportQuestion, resultsTitleOf, titleOf, useReportQuestion, useResultsQuestion } from "./use-report.ts";

const css = classes(styles);

/** The comparison as one file for others: on the right exactly the page that is written. */
export function ReportView() {
  const comparison = useComparison();
  switch (comparison.kind) {
    case "ready":
      return <TraceReport summary={comparison.summary} />;
    case "results":
      return <ResultsReport result={comparison.result} question={comparison.question} />;
    default:
      return (
        <>
          <h1 className="visually-hidden">Report</h1>
          {comparison.kind === "idle" ? <NothingToReport /> : <CompareStates comparison={comparison} />}
        </>
      );
  }
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

function TraceReport({ summary }: { readonly summary: ComparisonSummary }) {
  const question = useReportQuestion(summary);
  const answer = useEngineQuery(
    "report.render",
    question.command === "report.render" ? { ...question.request, format: "html" } : null,
  );
  return <Report standardTitle={titleOf(summary)} question={question} answer={answer} />;
}

function ResultsReport({
  result,
  question: sides,
}: {
  readonly result: MeasurementComparison;
  readonly question: ResultsQuestion;
}) {
  const question = useResultsQuestion(result, sides);
  const answer = useEngineQuery(
    "report.results",
    question.command === "report.results" ? { ...question.request, format: "html" } : null,
  );
  return <Report standardTitle={resultsTitleOf(result)} question={question} answer={answer} />;
}

function Report({
  standardTitle,
  question,
  answer: { reply, error, pending },
}: {
  readonly standardTitle: string;
  readonly question: ReportQuestion;
  readonly answer: QueryAnswer<RenderedReport>;
}) {
  return (
    <div className={css("view")}>
      <ReportForm standardTitle={standardTitle} question={question} sections={reply?.sections ?? []} error={error} />
      <div className={css("preview")}>
        <div className={css("bar")}>
          <h2 className={css("title")}>Preview</h2>
          <span className={css("note")}>
            {reply === null ? "" : `${formatBytes(new TextEncoder().encode(reply.text).length)}, one file, no network.`}
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
          <iframe className={css("page")} title="Preview of the report" sandbox="allow-scripts" srcDoc={reply.text} />
        )}
      </div>
    </div>
  );
}
