import { Copy } from "lucide-react";
import { bundledLedger } from "../../../traces/report/claims/bundled-ledger.ts";
import type { SectionChoice } from "../../../traces/report/report.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import styles from "./ReportForm.module.css";
import { CurvesPart } from "./CurvesPart.tsx";
import { saveReport } from "./save-report.ts";
import { exportFormats, type ReportQuestion } from "./use-report.ts";

const css = classes(styles);

export interface ReportFormProps {
  /** Shown while no other is typed in. */
  readonly standardTitle: string;
  readonly question: ReportQuestion;
  /** Empty before the first preview. */
  readonly sections: readonly SectionChoice[];
  /** Why the last report could not be written: a fault in the claims, as a rule. */
  readonly error: string | null;
}

/** What goes into the report, and where it goes. */
export function ReportForm({ standardTitle, question, sections, error }: ReportFormProps) {
  const store = useAppStore();
  const title = useApp((state) => state.reportTitle);
  const { setReportTitle, copyText } = store.getState();
  return (
    <ScrollArea label="Report" className={css("form")}>
      <h1 className={css("heading")}>Report</h1>
      <label className={css("field")}>
        <span>Title</span>
        <input
          type="text"
          maxLength={300}
          value={title ?? ""}
          placeholder={standardTitle}
          onChange={(event) => setReportTitle(event.target.value === "" ? null : event.target.value)}
        />
      </label>
      <section className={css("part")} aria-labelledby="report-save">
        <h2 id="report-save">Save as</h2>
        <div className={css("buttons")}>
          {exportFormats.map(({ id, title: name, hint }) => (
            <span key={id} title={hint}>
              <Button
                look={id === "html" ? "primary" : "plain"}
                label={`Save the report as ${name}`}
                onPress={() => void saveReport(store, question, id)}
              >
                {name}
              </Button>
            </span>
          ))}
        </div>
      </section>
      <Sections sections={sections} />
      {question.command === "report.render" ? (
        <>
          <CurvesPart
            hasCurves={
              question.request.scaling === null
                ? null
                : (sections.find(({ id }) => id === "scaling")?.isCollected ?? null)
            }
            error={question.request.claims === null ? error : null}
          />
          <Claims error={error} />
        </>
      ) : null}
      <section className={css("part")} aria-labelledby="report-command">
        <h2 id="report-command">Command line</h2>
        {question.request.commandLine === null ? (
          <p className={css("soft")}>
            Whole traces only: this comparison uses a selected part, which the command line cannot say.
          </p>
        ) : (
          <>
            <p className={css("soft")}>The same report, in the folder of the files:</p>
            <div className={css("command")}>
              <code>{question.request.commandLine}</code>
              <IconButton
                icon={<Copy size={15} />}
                label="Copy the command"
                onPress={() => void copyText(question.request.commandLine ?? "", "Command")}
              />
            </div>
          </>
        )}
      </section>
    </ScrollArea>
  );
}

function Sections({ sections }: { readonly sections: readonly SectionChoice[] }) {
  const hidden = useApp((state) => state.hiddenSections);
  const { toggleSection } = useAppStore().getState();
  return (
    <section className={css("part")} aria-labelledby="report-sections">
      <h2 id="report-sections">Sections</h2>
      <ul className={css("list")}>
        {sections.map(({ id, title, isCollected }) => (
          <li key={id}>
            <label className={css("check")}>
              <input type="checkbox" checked={!hidden.includes(id)} onChange={() => toggleSection(id)} />
              {title}
              {isCollected ? null : <span className={css("soft")}>not collected</span>}
            </label>
          </li>
        ))}
      </ul>
    </section>
  );
}

const claimsExample = `claims:
  - id: loader
    text: The loader no longer blocks
    …`;

function Claims({ error }: { readonly error: string | null }) {
  const text = useApp((state) => state.claimsText);
  const { setClaimsText } = useAppStore().getState();
  return (
    <section className={css("part")} aria-labelledby="report-claims">
      <h2 id="report-claims">Claims to check (YAML)</h2>
      <textarea
        className={css("claims")}
        aria-label="Claims ledger as YAML"
        aria-invalid={error !== null && text !== ""}
        rows={text === "" ? 4 : 10}
        spellCheck={false}
        placeholder={claimsExample}
        value={text}
        onChange={(event) => setClaimsText(event.target.value)}
      />
      {error !== null && text.trim() !== "" ? (
        <p className={css("error")} role="alert">
          {error}
        </p>
      ) : null}
      <div className={css("buttons")}>
        {text === "" ? (
          <Button look="quiet" onPress={() => setClaimsText(bundledLedger.trim())}>
            Insert the sample ledger
          </Button>
        ) : (
          <Button look="quiet" onPress={() => setClaimsText("")}>
            Remove the claims
          </Button>
        )}
      </div>
    </section>
  );
}
