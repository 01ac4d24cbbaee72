import type { SliceCreator } from "./store.ts";

export interface ReportSlice {
  /** Typed in; null = made of the file names. */
  readonly reportTitle: string | null;
  /** Ids of sections that are switched off. */
  readonly hiddenSections: readonly string[];
  /** A claims ledger as YAML; "" = none. */
  readonly claimsText: string;
  setReportTitle(title: string | null): void;
  toggleSection(id: string): void;
  setClaimsText(text: string): void;
}

/** What a report is made of, besides the comparison it shows. */
export const createReportSlice: SliceCreator<ReportSlice> = () => (set) => ({
  reportTitle: null,
  hiddenSections: [],
  claimsText: "",
  setReportTitle: (reportTitle) => set({ reportTitle }),
  toggleSection: (id) =>
    set(({ hiddenSections }) => ({
      hiddenSections: hiddenSections.includes(id)
        ? hiddenSections.filter((other) => other !== id)
        : [...hiddenSections, id],
    })),
  setClaimsText: (claimsText) => set({ claimsText }),
});
