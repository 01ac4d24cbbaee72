import type { AppStore } from "../../state/store.ts";
import { type ExportFormat, type ReportQuestion, renderWith } from "./use-report.ts";

/** Writes the report in a format and asks where to put it; a PDF is printed from the page. */
export async function saveReport(store: AppStore, question: ReportQuestion, format: ExportFormat): Promise<void> {
  const { engine, saveMade, savePdf, report } = store.getState();
  if (engine === null) return;
  try {
    const { fileName, text } = await renderWith(engine, question, format === "pdf" ? "html" : format);
    if (format === "pdf") await savePdf("Report", fileName.replace(/\.html$/, ".pdf"), text);
    else await saveMade("Report", fileName, async () => new Blob([text]));
  } catch (error) {
    report("The report could not be written.", error);
  }
}
