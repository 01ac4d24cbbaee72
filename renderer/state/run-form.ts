import type { BackendFacts, WorkloadFacts } from "../../native-bench/plan/catalog.ts";
import {
  defaultOf,
  findOptionFault,
  parseNumber,
  splitWords,
  type Option,
  type OptionValue,
} from "../../native-bench/plan/option.ts";
import { numberWords, withUnit } from "../../native-bench/plan/option-words.ts";
import { defaultProtocol, expandPlan, findPlanFault, type RunPlan } from "../../native-bench/plan/run-plan.ts";
import { formatCounted, thinSpace } from "../../traces/model/format-units.ts";

/** What the user has filled in for one workload. Texts stay as typed, so that a half-typed number is no loss. */
export interface RunForm {
  readonly variants: readonly string[];
  readonly backends: readonly string[];
  /** By option id: "1, 2, 4", "true", a value of a choice, a token. */
  readonly texts: Readonly<Record<string, string>>;
  /** Names of chosen files, by token. */
  readonly fileNames: Readonly<Record<string, string>>;
  /** Seconds a configuration may take; text as typed. */
  readonly budgetSeconds: string;
  /** Whether the options that few need are open. */
  readonly isMoreShown: boolean;
}

const msPerSecond = 1000;

/** The form at first: defaults, on the first backend that is there. */
export function createForm(workload: WorkloadFacts, backends: readonly BackendFacts[]): RunForm {
  const usable = workload.backends.find(
    (id) => backends.find((backend) => backend.id === id)?.availability.available === true,
  );
  return {
    variants: workload.defaultVariants,
    backends: usable === undefined ? [] : [usable],
    texts: Object.fromEntries(
      Object.entries(workload.options).map(([id, option]) => [id, String(defaultOf(option) ?? "")]),
    ),
    fileNames: {},
    budgetSeconds: String(defaultProtocol(workload, workload.defaultVariants).maxMs / msPerSecond),
    isMoreShown: false,
  };
}

/** The plan of a form, or what is wrong with it in one sentence. */
export function toPlan(form: RunForm, workload: WorkloadFacts): RunPlan | string {
  const options: Record<string, readonly OptionValue[]> = {};
  for (const [id, option] of Object.entries(workload.options)) {
    const values = parseText(form.texts[id] ?? "", option);
    const fault = values.map((value) => findOptionFault(option, value)).find((found) => found !== null);
    if (fault !== undefined && fault !== null) return `${option.label}: ${fault}`;
    options[id] = values;
  }
  const seconds = Number(form.budgetSeconds);
  if (!(seconds > 0 && seconds <= 3600)) return `Time: must be between 0 and 3600 s, found "${form.budgetSeconds}"`;
  const protocol = { ...defaultProtocol(workload, form.variants), maxMs: seconds * msPerSecond };
  const plan = { workload: workload.id, variants: form.variants, backends: form.backends, options, protocol };
  return findPlanFault(plan, workload) ?? plan;
}

/**
 * How much a plan asks for: "6 configurations, up to 24 s of samples", loading, warm-up and checks of accuracy besides. A
 * session that runs once takes as long as it takes.
 */
export function extentOf(plan: RunPlan, workload: WorkloadFacts): string {
  const count = expandPlan(plan, workload).length;
  const configurations = formatCounted(count, "configuration");
  if (plan.protocol.maxSamples === 1) return configurations;
  const seconds = Math.ceil((count * plan.protocol.maxMs) / msPerSecond);
  const most = seconds < 120 ? `${seconds}${thinSpace}s` : `${Math.ceil(seconds / 60)}${thinSpace}min`;
  return `${configurations}, up to ${most} of samples`;
}

/** "1 and 4", "1 to 64", "C6H6 and 3 more": in a title commas part variants and options. */
function someWords(words: readonly string[], between: "to" | "and"): string {
  if (words.length < 3) return words.join(" and ");
  return between === "to" ? `${words[0]} to ${words.at(-1)}` : `${words[0]} and ${words.length - 1} more`;
}

/** Values as typed: a list where the option takes many. */
export function parseText(text: string, option: Option): readonly OptionValue[] {
  const words = option.many === true ? splitWords(text) : [text.trim()];
  return words.map((word) => parseWord(word, option));
}

function parseWord(word: string, option: Option): OptionValue {
  switch (option.kind) {
    case "number":
      return parseNumber(word) ?? word;
    case "flag":
      return word === "true";
    case "file":
      return word === "" ? null : word;
    case "choice":
      return word;
  }
}

/** Longer titles say no more in a tab. */
const longestTitle = 120;

/** "student: fast, naive, batch 1 to 64": the variants, and what else differs from the form as it is at first. */
export function titleOf(plan: RunPlan, workload: WorkloadFacts | undefined, atFirst: RunForm | undefined): string {
  const backends = plan.backends.join() === atFirst?.backends.join() ? [] : plan.backends;
  const words = [...plan.variants, ...changedOptions(plan, workload), ...backends].join(", ");
  const title = `${plan.workload}: ${words}`;
  return title.length <= longestTitle ? title : `${title.slice(0, longestTitle - 1)}…`;
}

/** "batch 1 to 64", "duration 40 s", "no pool"; of a file that it is one, since its name stands in the form. */
function changedOptions({ options }: RunPlan, workload: WorkloadFacts | undefined): readonly string[] {
  return Object.entries(workload?.options ?? {}).flatMap(([id, option]) => {
    const values = options[id] ?? [defaultOf(option)];
    const label = option.label.toLowerCase();
    if (values.length === 1 && values[0] === defaultOf(option)) return [];
    if (option.kind === "flag") return values.map((value) => (value === true ? label : `no ${label}`));
    if (option.kind === "file") return [label];
    const words = someWords(values.map(numberWords), option.kind === "number" ? "to" : "and");
    return [`${label} ${withUnit(words, option)}`];
  });
}
