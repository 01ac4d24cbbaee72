import { Plus, X } from "lucide-react";
import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import type { WhatIf } from "../../../traces/replay/what-if.ts";
import { useAppStore } from "../../state/store.ts";
import type { WhatIfChange } from "../../state/what-if-slice.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { SelectInput, TextInput } from "../../ui/Field.tsx";
import styles from "./WhatIfView.module.css";

const css = classes(styles);

const factors = [
  { factor: 0, title: "are left out" },
  { factor: 0.25, title: "take a quarter of their time" },
  { factor: 0.5, title: "take half of their time" },
  { factor: 0.75, title: "take three quarters of their time" },
  { factor: 0.9, title: "take 90 % of their time" },
  { factor: 1.5, title: "take half as much again" },
  { factor: 2, title: "take twice their time" },
] as const;

interface ChangeListProps {
  readonly trace: string;
  readonly changes: readonly WhatIfChange[];
  /** What each change is about; absent while that is not known. */
  readonly counts: ReadonlyMap<number, WhatIf["edits"][number] | undefined>;
}

/** The changes of a trace: which spans, and what becomes of their time. */
export function ChangeList({ trace, changes, counts }: ChangeListProps) {
  const { addWhatIf, clearWhatIf } = useAppStore().getState();
  return (
    <div className={css("changes")}>
      {changes.length === 0 ? (
        <p className={css("hint")}>
          Nothing is changed. Choose a row of the critical path, or say which spans should take another time.
        </p>
      ) : (
        <ol className={css("list")}>
          {changes.map((change, index) => (
            <Change key={change.id} trace={trace} change={change} number={index + 1} count={counts.get(change.id)} />
          ))}
        </ol>
      )}
      <div className={css("buttons")}>
        <Button onPress={() => addWhatIf(trace, "", 0)}>
          <Plus size={14} aria-hidden /> Add a change
        </Button>
        {changes.length === 0 ? null : (
          <Button look="quiet" onPress={() => clearWhatIf(trace)}>
            Take all back
          </Button>
        )}
      </div>
    </div>
  );
}

function Change({
  trace,
  change: { id, query, factor, below },
  number,
  count,
}: {
  readonly trace: string;
  readonly change: WhatIfChange;
  readonly number: number;
  readonly count: WhatIf["edits"][number] | undefined;
}) {
  const { changeWhatIf, removeWhatIf } = useAppStore().getState();
  const choices = factors.map(({ factor: value, title }) => ({ value: String(value), title }));
  return (
    <li className={css("change")}>
      <div className={css("row")}>
        <TextInput
          id={`what-if-${id}`}
          label={`Spans of change ${number}, as in the search`}
          value={query}
          hasFocus={query === ""}
          onChange={(text) => changeWhatIf(trace, id, { query: text })}
        />
        <IconButton
          icon={<X size={14} />}
          label={`Take change ${number} back`}
          onPress={() => removeWhatIf(trace, id)}
        />
      </div>
      <SelectInput
        id={`what-if-factor-${id}`}
        label={`What becomes of the spans of change ${number}`}
        value={String(factor)}
        choices={choices}
        onChange={(value) => changeWhatIf(trace, id, { factor: Number(value) })}
      />
      <label className={css("check")}>
        <input
          type="checkbox"
          checked={below}
          onChange={({ target }) => changeWhatIf(trace, id, { below: target.checked })}
        />
        with all below and what it launched
      </label>
      <p className={css("count")}>
        {query.trim() === ""
          ? "a name, or a query as in the search: gemm, kind:sync, /^aten::mm$/"
          : count === undefined
            ? " "
            : `${formatCounted(count.spanCount, "span")}, ${formatDuration(count.perStepNs)} of own time a step`}
      </p>
    </li>
  );
}
