import type { FileGrant } from "../../electron/contract/window-contract.ts";
import type { SideName } from "./compare-sides.ts";
import type { SliceCreator } from "./store.ts";

/** A file of benchmark results, as the user chose it. */
export type ResultsFile = Pick<FileGrant, "token" | "name">;

export interface ReportSlice {
  /** Typed in; null = made of the file names. */
  readonly reportTitle: string | null;
  /** Ids of sections that are switched off. */
  readonly hiddenSections: readonly string[];
  /** A claims ledger as YAML; "" = none. */
  readonly claimsText: string;
  /** Benchmark results whose scaling curves stand in the report, when both sides have some. */
  readonly reportCurves: Readonly<Record<SideName, ResultsFile | null>>;
  setReportTitle(title: string | null): void;
  toggleSection(id: string): void;
  setClaimsText(text: string): void;
  setReportCurves(side: SideName, file: ResultsFile | null): void;
  chooseReportCurves(side: SideName): Promise<void>;
}

/** What a report is made of, besides the comparison it shows. */
export const createReportSlice: SliceCreator<ReportSlice> =
  ({ platform }) =>
  (set, get) => ({
    reportTitle: null,
    hiddenSections: [],
    claimsText: "",
    reportCurves: { before: null, after: null },
    setReportTitle: (reportTitle) => set({ reportTitle }),
    toggleSection: (id) =>
      set(({ hiddenSections }) => ({
        hiddenSections: hiddenSections.includes(id)
          ? hiddenSections.filter((other) => other !== id)
          : [...hiddenSections, id],
      })),
    setClaimsText: (claimsText) => set({ claimsText }),
    setReportCurves: (side, file) => set(({ reportCurves }) => ({ reportCurves: { ...reportCurves, [side]: file } })),
    async chooseReportCurves(side) {
      try {
        const [file] = await platform.shell.invoke("file.choose", null);
        if (file !== undefined) get().setReportCurves(side, file);
      } catch (error) {
        get().report("No file could be opened.", error);
      }
    },
  });
