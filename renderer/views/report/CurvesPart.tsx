import type { SideName } from "../../state/compare-sides.ts";
import type { ResultsFile } from "../../state/report-slice.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { classes } from "../../ui/css.ts";
import styles from "./ReportForm.module.css";

const css = classes(styles);

const none = "";
const another = "choose a file";

const titles: Readonly<Record<SideName, string>> = { before: "Before", after: "After" };

export interface CurvesPartProps {
  /** Whether the report holds curves of the chosen files; null while that is not known. */
  readonly hasCurves: boolean | null;
  /** Why the report could not be written, as far as it may come from these files. */
  readonly error: string | null;
}

/** Benchmark results of both sides, for the section with scaling curves: open ones, or files. */
export function CurvesPart({ hasCurves, error }: CurvesPartProps) {
  const { before, after } = useApp((state) => state.reportCurves);
  const fault = before === null || after === null ? null : (error ?? (hasCurves === false ? noCurves : null));
  return (
    <section className={css("part")} aria-labelledby="report-curves">
      <h2 id="report-curves">Scaling curves</h2>
      <p className={css("soft")}>
        {(before === null) === (after === null)
          ? "From benchmark results over several sizes, one file a side."
          : `Results of the other side are missing: ${before === null ? "before" : "after"}.`}
      </p>
      <Choice side="before" chosen={before} />
      <Choice side="after" chosen={after} />
      {fault === null ? null : (
        <p className={css("error")} role="alert">
          {fault}
        </p>
      )}
    </section>
  );
}

const noCurves = "No benchmark of these two files was measured at several sizes on both sides.";

function Choice({ side, chosen }: { readonly side: SideName; readonly chosen: ResultsFile | null }) {
  const tabs = useApp((state) => state.tabs);
  const { setReportCurves, chooseReportCurves } = useAppStore().getState();
  const open = tabs.flatMap(({ measurements, token, fileName: name }): ResultsFile[] =>
    measurements === null || token === chosen?.token ? [] : [{ token, name }],
  );
  const files = chosen === null ? open : [chosen, ...open];
  return (
    <label className={css("side")}>
      <span>{titles[side]}</span>
      <select
        aria-label={`Results ${side}`}
        value={chosen?.token ?? none}
        onChange={({ target: { value } }) => {
          if (value === another) void chooseReportCurves(side);
          else setReportCurves(side, files.find(({ token }) => token === value) ?? null);
        }}
      >
        <option value={none}>None</option>
        {files.map(({ token, name }) => (
          <option key={token} value={token}>
            {name}
          </option>
        ))}
        <option value={another}>Choose a file…</option>
      </select>
    </label>
  );
}
