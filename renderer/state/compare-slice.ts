import type { FileGrant } from "../../electron/contract/window-contract.ts";
import type { ComparisonOptions } from "../../traces/compare/comparison.ts";
import { usualDraws } from "../../traces/compare/draws.ts";
import {
  type CompareSides,
  type ComparisonQuestion,
  noSides,
  openParts,
  otherSide,
  questionOf,
  type SideName,
  type SidePart,
} from "./compare-sides.ts";
import { type ComparisonState, createComparisonRunner } from "./run-comparison.ts";
import type { AppState, SliceCreator } from "./store.ts";

export const compareTabs = ["table", "flame", "timelines", "distributions", "breakdown", "kernels"] as const;
/** Of benchmark results. */
export const resultTabs = ["table", "distributions", "scaling"] as const;
export type CompareTab = (typeof compareTabs)[number] | (typeof resultTabs)[number];

export interface CompareSlice {
  readonly compareSides: CompareSides;
  readonly compareOptions: ComparisonOptions;
  /** Structures, points, tokens of one step, typed in; null = as the traces say. */
  readonly itemsPerStep: number | null;
  readonly comparison: ComparisonState;
  /** Text of the request that `comparison` is about; null before the first. */
  readonly comparedRequest: string | null;
  readonly compareTab: CompareTab;
  /** Row of the delta table, or of the measurements, that all parts of the view show; null = the step itself. */
  readonly compareRow: number | null;

  setSide(side: SideName, parts: readonly SidePart[]): void;
  /** Puts a whole trace on a side, alone, and takes it from the other. */
  assignSide(side: SideName, token: string): void;
  swapSides(): void;
  changeCompareOptions(change: Partial<ComparisonOptions>): void;
  setItemsPerStep(items: number | null): void;
  /** Opens the files; the first two become before and after, or the first one fills the side that is free. */
  compareFiles(grants: readonly FileGrant[]): void;
  chooseForSide(side: SideName): Promise<void>;
  chooseTwoFiles(): Promise<void>;
  /** Compares when the question has changed and both sides are read; `again` also when it has not. */
  startComparison(again?: boolean): Promise<void>;
  cancelComparison(): void;
  showCompareTab(tab: CompareTab): void;
  selectCompareRow(row: number | null): void;
}

export const defaultCompareOptions: ComparisonOptions = {
  tolerance: 0.05,
  alpha: 0.05,
  resamples: usualDraws,
  allowIncomparable: false,
};

const whole = (token: string): SidePart => ({ token, range: { kind: "whole" } });

export const createCompareSlice: SliceCreator<CompareSlice> =
  ({ platform, now }) =>
  (set, get) => {
    const runner = createComparisonRunner({ get, now, setState: (comparison) => set({ comparison }) });
    const choose = async (body: (grants: readonly FileGrant[]) => void): Promise<void> => {
      try {
        const grants = await platform.shell.invoke("file.choose", null);
        if (grants.length > 0) body(grants);
      } catch (error) {
        get().report("No file could be opened.", error);
      }
    };
    /** Opens files without leaving the comparison. */
    const open = (grants: readonly FileGrant[]): void => {
      get().openFiles(grants);
      get().showView("compare");
    };

    return {
      compareSides: noSides,
      compareOptions: defaultCompareOptions,
      itemsPerStep: null,
      comparison: { kind: "idle" },
      comparedRequest: null,
      compareTab: "table",
      compareRow: null,

      setSide: (side, parts) => set((state) => ({ compareSides: { ...state.compareSides, [side]: parts } })),
      assignSide(side, token) {
        const { compareSides: sides } = get();
        const other = otherSide(side);
        const isTaken = sides[other].some((part) => part.token === token);
        // A trace that changes sides leaves its place to what it replaces.
        const rest =
          isTaken && sides[side].length > 0 ? sides[side] : sides[other].filter((part) => part.token !== token);
        set({ compareSides: { ...sides, [side]: [whole(token)], [other]: rest } });
      },
      swapSides: () =>
        set(({ compareSides: { before, after } }) => ({ compareSides: { before: after, after: before } })),
      changeCompareOptions: (change) => set((state) => ({ compareOptions: { ...state.compareOptions, ...change } })),
      setItemsPerStep: (itemsPerStep) => set({ itemsPerStep }),

      compareFiles(grants) {
        const [first, second] = grants;
        if (first === undefined) return;
        open(grants);
        if (second !== undefined) {
          set({ compareSides: { before: [whole(first.token)], after: [whole(second.token)] } });
          return;
        }
        const { compareSides, tabs, setSide } = get();
        setSide(openParts(compareSides.before, tabs).length === 0 ? "before" : "after", [whole(first.token)]);
      },
      chooseForSide: (side) =>
        choose((grants) => {
          open(grants);
          get().setSide(
            side,
            grants.map((grant) => whole(grant.token)),
          );
        }),
      chooseTwoFiles: () => choose((grants) => get().compareFiles(grants)),

      async startComparison(again = false) {
        const request = currentRequest(get());
        const text = request === null ? null : JSON.stringify(request);
        if (!again && text === get().comparedRequest) return;
        set({ comparedRequest: text, compareRow: null });
        await runner.run(request);
      },
      cancelComparison: () => runner.cancel(),
      showCompareTab: (compareTab) => set({ compareTab }),
      selectCompareRow: (compareRow) => set({ compareRow }),
    };
  };

/** The question as the sides stand now; null while it cannot be asked. */
export function currentRequest(
  state: Pick<AppState, "compareSides" | "tabs" | "compareOptions" | "itemsPerStep">,
): ComparisonQuestion | null {
  return questionOf(state.compareSides, state.tabs, state.compareOptions, state.itemsPerStep);
}
