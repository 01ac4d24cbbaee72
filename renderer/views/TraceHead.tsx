import type { ReactNode } from "react";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { SelectInput } from "../ui/Field.tsx";
import styles from "./TraceHead.module.css";

const css = classes(styles);

interface TraceHeadProps {
  readonly title: string;
  readonly tab: TraceTab;
  /** The traces to choose from. */
  readonly tabs: readonly TraceTab[];
  /** What the numbers below refer to. */
  readonly children: ReactNode;
}

/** Which trace a view is about. */
export function TraceHead({ title, tab, tabs, children }: TraceHeadProps) {
  const store = useAppStore();
  return (
    <div className={css("head")}>
      <h1 className={css("heading")}>{title}</h1>
      <div className={css("trace")}>
        <SelectInput
          id="looked-at-trace"
          label="Trace"
          value={tab.key}
          choices={tabs.map(({ key, fileName }) => ({ value: key, title: fileName }))}
          onChange={(key) => store.getState().lookAtTab(key)}
        />
      </div>
      <p className={css("note")}>{children}</p>
    </div>
  );
}
