import { Play } from "lucide-react";
import type { BackendFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { extentOf, toPlan, type RunForm } from "../../state/run-form.ts";
import { isRunning } from "../../state/run-record.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckList, type CheckItem } from "../../ui/CheckList.tsx";
import { classes } from "../../ui/css.ts";
import { Field, SelectInput, TextInput } from "../../ui/Field.tsx";
import { KeyHint } from "../../ui/KeyHint.tsx";
import { KeptFits } from "./KeptFits.tsx";
import { OptionField } from "./OptionField.tsx";
import styles from "./RunFormPane.module.css";

const css = classes(styles);

/** What to run: made from what the workload declares. */
export function RunFormPane({ workload, form }: { readonly workload: WorkloadFacts; readonly form: RunForm }) {
  const store = useAppStore();
  const catalog = useApp((state) => state.catalog) ?? [];
  const backends = useApp((state) => state.backends) ?? [];
  const isEngineThere = useApp((state) => state.engine !== null);
  const { chooseWorkload, changeForm, startRun } = store.getState();
  const change = (part: Partial<RunForm>): void => changeForm(workload.id, part);
  const plan = isEngineThere ? toPlan(form, workload) : "The engine is not running. Start it again above.";
  return (
    <form
      className={css("form")}
      aria-label="What to run"
      onSubmit={(event) => {
        event.preventDefault();
        void startRun();
      }}
    >
      <div className={css("fields")}>
        <Field label="Workload" help={workload.description}>
          {(ids) => (
            <SelectInput
              {...ids}
              value={workload.id}
              choices={catalog.map(({ id, title }) => ({ value: id, title }))}
              onChange={chooseWorkload}
            />
          )}
        </Field>
        <OptionFields workload={workload} form={form} isAdvanced={false} />
        <Variants workload={workload} form={form} onChange={(variants) => change({ variants })} />
        <CheckList
          label="Backends"
          items={workload.backends.map((id) => describeBackend(id, backends))}
          chosen={form.backends}
          onChange={(chosen) => change({ backends: chosen })}
        />
        <MoreOptions workload={workload} form={form} />
        {"resumable" in workload.options ? <KeptFits workload={workload} /> : null}
      </div>
      {typeof plan === "string" ? <Foot fault={plan} /> : <Foot extent={extentOf(plan, workload)} />}
    </form>
  );
}

/**
 * Start or stop, and how much that is or what is wrong with the form. Follows the run by its state alone: the rest changes
 * all the time.
 */
function Foot({ fault, extent }: { readonly fault?: string; readonly extent?: string }) {
  const store = useAppStore();
  const running = useApp((state) => state.runs.find(isRunning)?.state.kind);
  const { startRun, stopRun } = store.getState();
  return (
    <div className={css("foot")}>
      {fault === undefined ? null : (
        <p className={css("fault")} role="alert">
          {fault}
        </p>
      )}
      {extent === undefined || running !== undefined ? null : <p className={css("extent")}>{extent}</p>}
      {/* One button for both: it keeps the focus, and no second one is made just when the run starts. */}
      <Button
        look={running === undefined ? "primary" : "plain"}
        isDisabled={running === undefined ? fault !== undefined : running === "stopping"}
        onPress={running === undefined ? () => void startRun() : stopRun}
      >
        {running === undefined ? (
          <>
            <Play size={14} aria-hidden /> Start
          </>
        ) : running === "stopping" ? (
          "Stopping…"
        ) : (
          "Stop"
        )}
      </Button>
      <span className={css("key")}>
        <KeyHint shortcut={running === undefined ? "F5" : "Shift+F5"} />
      </span>
    </div>
  );
}

/** One list a group, so that alternatives stand together. */
function Variants({
  workload,
  form,
  onChange,
}: {
  readonly workload: WorkloadFacts;
  readonly form: RunForm;
  readonly onChange: (variants: readonly string[]) => void;
}) {
  const groups = [...new Set(workload.variants.map(({ group }) => group ?? ""))];
  const isUsual = (group: string): boolean =>
    workload.variants.some(({ id, group: own }) => (own ?? "") === group && workload.defaultVariants.includes(id));
  const isChosen = (group: string): boolean =>
    workload.variants.some(({ id, group: own }) => (own ?? "") === group && form.variants.includes(id));
  const rest = groups.filter((group) => !isUsual(group));
  const list = (group: string) => {
    const own = workload.variants.filter((variant) => (variant.group ?? "") === group);
    const others = form.variants.filter((id) => !own.some((variant) => variant.id === id));
    return (
      <CheckList
        key={group}
        label={group === "" ? "Variants" : `Variants: ${wordsOf(group)}`}
        items={own.map(({ id, label, help, unavailable }) => ({
          id,
          title: label,
          note: unavailable ?? help,
          isDisabled: unavailable !== undefined,
        }))}
        chosen={form.variants}
        onChange={(chosen) => {
          const all = new Set([...others, ...chosen]);
          onChange(workload.variants.map(({ id }) => id).filter((id) => all.has(id)));
        }}
      />
    );
  };
  return (
    <>
      {groups.filter(isUsual).map(list)}
      {rest.length === 0 ? null : (
        <details className={css("more")} {...(rest.some(isChosen) ? { open: true } : {})}>
          <summary>More variants: {rest.map(wordsOf).join(", ")}</summary>
          <div className={css("fields", "inner")}>{rest.map(list)}</div>
        </details>
      )}
    </>
  );
}

function wordsOf(group: string): string {
  return group.replaceAll("-", " ");
}

/** What it is or why it is missing, with the command that adds it. */
function describeBackend(id: string, backends: readonly BackendFacts[]): CheckItem {
  const facts = backends.find((backend) => backend.id === id);
  if (facts === undefined) return { id, title: id, note: "being looked for…", isDisabled: true };
  const { label: title, availability } = facts;
  if (availability.available) {
    const { name, software } = availability.device;
    return { id, title, note: software ? `${name}: correct, no measure of a GPU` : name };
  }
  const { reason, remedy } = availability;
  const note = remedy === undefined ? reason : `${reason}. ${remedy} adds it.`;
  return { id, title, note, isDisabled: true };
}

type OptionsProps = { readonly workload: WorkloadFacts; readonly form: RunForm };

/** What is measured stands above the variants; what few need comes last, folded away. */
function OptionFields({ workload, form, isAdvanced }: OptionsProps & { readonly isAdvanced: boolean }) {
  return Object.entries(workload.options)
    .filter(([, option]) => (option.advanced ?? false) === isAdvanced)
    .map(([id, option]) => <OptionField key={id} id={id} option={option} workload={workload.id} form={form} />);
}

function MoreOptions({ workload, form }: OptionsProps) {
  const { changeForm } = useAppStore().getState();
  return (
    <details
      className={css("more")}
      open={form.isMoreShown}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== form.isMoreShown) changeForm(workload.id, { isMoreShown: currentTarget.open });
      }}
    >
      <summary>More options</summary>
      <div className={css("fields", "inner")}>
        <OptionFields workload={workload} form={form} isAdvanced />
        <Field
          label="Time"
          help="Seconds a configuration may take, warm-up excluded; it ends sooner when its median is settled"
        >
          {(ids) => (
            <TextInput
              {...ids}
              value={form.budgetSeconds}
              onChange={(budgetSeconds) => changeForm(workload.id, { budgetSeconds })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
