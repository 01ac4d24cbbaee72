import { defaultOf, findOptionFault, type OptionSpecs, type OptionValue, type OptionValues } from "./option.ts";
import type { WorkloadFacts } from "./catalog.ts";

/** One run: everything in it is measured interleaved, in one process. Plain data. */
export interface RunPlan {
  readonly workload: string;
  readonly variants: readonly string[];
  readonly backends: readonly string[];
  /** Values of each option; more than one where the option takes many. Absent options have their default. */
  readonly options: Readonly<Record<string, readonly OptionValue[]>>;
  readonly protocol: Protocol;
}

/** How it is measured. */
export interface Protocol {
  /** Steps (or sessions) before the first sample, at least. */
  readonly warmupSteps: number;
  readonly warmupMs: number;
  /** Samples of a configuration: at least, at most. Of a session: repetitions. */
  readonly minSamples: number;
  readonly maxSamples: number;
  /** Stops when the 95 % interval of the median is within ± this part of the median. */
  readonly targetFraction: number;
  /** Budget of one configuration, warm-up excluded: no sample begins after it. It also ends a warm-up that outlasts it. */
  readonly maxMs: number;
  /** `minSamples` are taken even where the budget is spent: they were asked for by number, the budget was not. */
  readonly leastBeforeBudget: boolean;
  /** Of the order of configurations and of the inputs. */
  readonly seed: number;
  /** Records spans; without, the null recorder shows what recording costs. */
  readonly record: boolean;
}

export const stepProtocol: Protocol = {
  warmupSteps: 5,
  warmupMs: 200,
  minSamples: 20,
  maxSamples: 2000,
  targetFraction: 0.02,
  maxMs: 4000,
  leastBeforeBudget: false,
  seed: 1,
  record: true,
};

/** A session warms itself up and is long enough to be measured once. */
export const sessionProtocol: Protocol = {
  ...stepProtocol,
  warmupSteps: 0,
  warmupMs: 0,
  minSamples: 1,
  maxSamples: 1,
  leastBeforeBudget: true,
};

/** Sessions whose times are compared: one of each says nothing of chance. Six are the least that have an interval. */
export const repeatedProtocol: Protocol = {
  ...sessionProtocol,
  warmupSteps: 1,
  minSamples: 6,
  maxSamples: 20,
  leastBeforeBudget: false,
};

/** How variants are measured where nothing else is asked for. */
export function defaultProtocol({ shape, variants }: WorkloadFacts, chosen: readonly string[]): Protocol {
  if (shape === "steps") return stepProtocol;
  const areCompared = variants.some(({ id, repeated }) => repeated === true && chosen.includes(id));
  return areCompared ? repeatedProtocol : sessionProtocol;
}

/** One point of a plan: a variant on a backend with one value for each option. */
export interface Configuration<Specs extends OptionSpecs = OptionSpecs> {
  readonly variant: string;
  readonly backend: string;
  readonly options: OptionValues<Specs>;
}

/** Plans beyond this are a mistake, not a wish. */
const largestPlan = 400;

/**
 * All configurations of a plan: every variant on every backend with every combination of values, in that order; once
 * each, however often it is named. Where an option takes several values and changes nothing in a variant, that variant
 * is measured once, and has null for its value.
 */
export function expandPlan(
  plan: RunPlan,
  { options: specs, variants }: Pick<WorkloadFacts, "options" | "variants">,
): Configuration[] {
  let combinations: Record<string, OptionValue>[] = [{}];
  for (const [id, option] of Object.entries(specs)) {
    const values = plan.options[id] ?? [defaultOf(option)];
    combinations = combinations.flatMap((combination) => values.map((value) => ({ ...combination, [id]: value })));
  }
  const known = combinations.map((each) => dropReplaced(each, specs));
  return [...new Set(plan.variants)].flatMap((variant) => {
    const { unused = [] } = variants.find(({ id }) => id === variant) ?? {};
    const varied = unused.filter((id) => new Set(plan.options[id]).size > 1);
    const own = known.map((each) => ({ ...each, ...Object.fromEntries(varied.map((id) => [id, null])) }));
    const distinct = [...new Map(own.map((each) => [JSON.stringify(each), each])).values()];
    return [...new Set(plan.backends)].flatMap((backend) => distinct.map((options) => ({ variant, backend, options })));
  });
}

function dropReplaced(values: Record<string, OptionValue>, specs: OptionSpecs): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => {
      const other = specs[id]?.replacedBy;
      return [id, other !== undefined && values[other] != null ? null : value];
    }),
  );
}

/** What is wrong with a plan, in a sentence that names the option; null when it can run. */
export function findPlanFault(plan: RunPlan, workload: WorkloadFacts): string | null {
  return (
    findUnknown(
      "variant",
      plan.variants,
      workload.variants.map(({ id }) => id),
    ) ??
    findUnknown("backend", plan.backends, workload.backends) ??
    findOptionsFault(plan.options, workload.options) ??
    findSizeFault(plan, workload)
  );
}

function findUnknown(what: string, chosen: readonly string[], known: readonly string[]): string | null {
  if (chosen.length === 0) return `no ${what} is chosen; there is ${known.join(", ")}`;
  const unknown = chosen.find((id) => !known.includes(id));
  return unknown === undefined ? null : `no ${what} "${unknown.slice(0, 64)}"; there is ${known.join(", ")}`;
}

function findOptionsFault(chosen: RunPlan["options"], specs: OptionSpecs): string | null {
  for (const [id, values] of Object.entries(chosen)) {
    const option = Object.hasOwn(specs, id) ? specs[id] : undefined;
    if (option === undefined) return `no option "${id.slice(0, 64)}"; there is ${Object.keys(specs).join(", ")}`;
    if (values.length === 0) return `${id}: no value`;
    if (values.length > 1 && option.many !== true) return `${id}: takes one value, found ${values.length}`;
    for (const value of values) {
      const fault = findOptionFault(option, value);
      if (fault !== null) return `${id}: ${fault}`;
    }
  }
  return null;
}

function findSizeFault(plan: RunPlan, workload: WorkloadFacts): string | null {
  const count = Object.values(plan.options).reduce(
    (product, values) => product * new Set(values).size,
    new Set(plan.variants).size * new Set(plan.backends).size,
  );
  if (count > largestPlan) return `${count} configurations; at most ${largestPlan} run at once`;
  return expandPlan(plan, workload).length === 0 ? "nothing to run" : null;
}
