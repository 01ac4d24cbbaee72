import { type ChoiceOption, findOptionFault, type Option } from "../../../native-bench/plan/option.ts";
import { optionHead } from "../../../native-bench/plan/option-words.ts";
import { parseText, type RunForm } from "../../state/run-form.ts";
import { useAppStore } from "../../state/store.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckList } from "../../ui/CheckList.tsx";
import { classes } from "../../ui/css.ts";
import { Field, SelectInput, TextInput } from "../../ui/Field.tsx";
import { NameInMiddle } from "../../ui/NameInMiddle.tsx";
import styles from "./OptionField.module.css";

const css = classes(styles);

/** The control of one option of a workload, as its declaration says. */
export function OptionField({
  id,
  option,
  workload,
  form,
}: {
  readonly id: string;
  readonly option: Option;
  readonly workload: string;
  readonly form: RunForm;
}) {
  const store = useAppStore();
  const { changeForm, chooseFile } = store.getState();
  const text = form.texts[id] ?? "";
  const setText = (value: string): void => changeForm(workload, { texts: { ...form.texts, [id]: value } });
  const fault = parseText(text, option)
    .map((value) => findOptionFault(option, value))
    .find((found) => found !== null);
  if (option.kind === "choice" && option.many === true)
    return (
      <ManyChoices
        option={option}
        text={text}
        onChange={setText}
        replacing={replacingFile(option, form)}
        onUse={(file) => changeForm(workload, { texts: { ...form.texts, [file]: "" } })}
      />
    );
  if (option.kind === "flag")
    return (
      <CheckList
        label=""
        items={[{ id: "true", title: option.label, note: option.help }]}
        chosen={[text]}
        onChange={(chosen) => setText(String(chosen.length > 0))}
      />
    );
  return (
    <Field label={optionHead(id, option)} help={helpOf(option)} fault={fault ?? null}>
      {(ids) => {
        if (option.kind === "choice")
          return (
            <SelectInput
              {...ids}
              value={text}
              choices={option.choices.map(({ value, label }) => ({ value, title: label }))}
              onChange={setText}
            />
          );
        if (option.kind === "file")
          return (
            <FileChoice
              name={text === "" ? null : (form.fileNames[text] ?? "a file")}
              onChoose={() => void chooseFile(workload, id)}
              onRemove={() => setText("")}
            />
          );
        return <TextInput {...ids} value={text} isInvalid={fault != null} onChange={setText} />;
      }}
    </Field>
  );
}

/** Several of the choices, unless a file is run in their place: it says so, and gives way at a press. */
function ManyChoices({
  option,
  text,
  replacing,
  onChange,
  onUse,
}: {
  readonly option: ChoiceOption;
  readonly text: string;
  readonly replacing: ReturnType<typeof replacingFile>;
  readonly onChange: (text: string) => void;
  /** The choices are wanted instead of the file of this option. */
  readonly onUse: (fileOption: string) => void;
}) {
  return (
    <div className={css("replaceable")}>
      <CheckList
        label={option.label}
        items={option.choices.map(({ value, label, help }) => ({
          id: value,
          title: label,
          ...(help === undefined ? {} : { note: help }),
          ...(replacing === null ? {} : { isDisabled: true }),
        }))}
        chosen={text.split(/[,\s]+/)}
        onChange={(chosen) => onChange(chosen.join(", "))}
      />
      {replacing === null ? null : (
        <p className={css("replaced")}>
          <span>
            <b>{replacing.name}</b> is run in place of what is chosen here.
          </span>
          <Button onPress={() => onUse(replacing.option)}>{`Run the chosen ${option.label.toLowerCase()}`}</Button>
        </p>
      )}
    </div>
  );
}

function FileChoice({
  name,
  onChoose,
  onRemove,
}: {
  /** Null for none. */
  readonly name: string | null;
  readonly onChoose: () => void;
  readonly onRemove: () => void;
}) {
  return (
    <span className={css("file")}>
      <Button onPress={onChoose}>Choose…</Button>
      <span className={css("fileName")}>
        <NameInMiddle name={name ?? "none"} />
      </span>
      {name === null ? null : (
        <Button look="quiet" onPress={onRemove}>
          Remove
        </Button>
      )}
    </span>
  );
}

function helpOf(option: Option): string {
  if (option.kind !== "number" || option.many !== true) return option.help;
  return `${option.help.replace(/\.$/, "")}. Several values: ${(option.sweep ?? [1, 2, 4]).slice(0, 3).join(", ")}`;
}

/** The file that is run instead of what this option says; null where there is none. */
function replacingFile(
  { replacedBy }: Option,
  { texts, fileNames }: RunForm,
): { readonly option: string; readonly name: string } | null {
  const token = replacedBy === undefined ? "" : (texts[replacedBy] ?? "");
  return replacedBy === undefined || token === "" ? null : { option: replacedBy, name: fileNames[token] ?? "A file" };
}
