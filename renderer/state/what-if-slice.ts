import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import { queryOfName } from "./name-query.ts";
import type { SliceCreator } from "./store.ts";

/** One change of a trace that is replayed. */
export interface WhatIfChange {
  readonly id: number;
  /** Which spans, as in the search; "" while nothing is typed. */
  readonly query: string;
  /** What becomes of their time: 0 leaves them out. */
  readonly factor: number;
  /** With what is below them. */
  readonly below: boolean;
}

export interface WhatIfSlice {
  /** Of each trace that has some. */
  readonly whatIfChanges: Readonly<Record<TraceKey, readonly WhatIfChange[]>>;
  addWhatIf(trace: TraceKey, query: string, factor: number): void;
  changeWhatIf(trace: TraceKey, id: number, parts: Partial<Omit<WhatIfChange, "id">>): void;
  removeWhatIf(trace: TraceKey, id: number): void;
  clearWhatIf(trace: TraceKey): void;
  /** Asks what a step would take without the spans of a name. */
  askWithout(trace: TraceKey, name: string): void;
  /** The trace was closed, or is read again under another key. */
  moveWhatIf(from: TraceKey, to: TraceKey | null): void;
}

/** What the user would like to be different in a trace. */
export const createWhatIfSlice: SliceCreator<WhatIfSlice> = () => (set, get) => {
  let nextId = 1;
  const edit = (trace: TraceKey, change: (before: readonly WhatIfChange[]) => readonly WhatIfChange[]): void =>
    set(({ whatIfChanges }) => ({
      whatIfChanges: { ...whatIfChanges, [trace]: change(whatIfChanges[trace] ?? []) },
    }));
  return {
    whatIfChanges: {},
    addWhatIf: (trace, query, factor) =>
      edit(trace, (before) => [
        // A second change of the same spans takes the place of the first.
        ...before.filter((each) => query === "" || each.query !== query),
        { id: nextId++, query, factor, below: false },
      ]),
    changeWhatIf: (trace, id, parts) =>
      edit(trace, (before) => before.map((each) => (each.id === id ? { ...each, ...parts } : each))),
    removeWhatIf: (trace, id) => edit(trace, (before) => before.filter((each) => each.id !== id)),
    clearWhatIf: (trace) => edit(trace, () => []),
    askWithout(trace, name) {
      get().addWhatIf(trace, queryOfName(name), 0);
      get().showView("whatIf");
    },
    moveWhatIf: (from, to) =>
      set(({ whatIfChanges: { [from]: moved, ...rest } }) =>
        moved === undefined ? {} : { whatIfChanges: to === null ? rest : { ...rest, [to]: moved } },
      ),
  };
};
