import { Option as Flag, type Command } from "commander";
import type { BackendFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import {
  defaultOf,
  findOptionFault,
  parseNumber,
  splitWords,
  type Option,
  type OptionValue,
} from "../../../native-bench/plan/option.ts";
import { withUnit } from "../../../native-bench/plan/option-words.ts";
import type { RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { UsageError } from "../usage-error.ts";

/*
 * The flags of a workload, made from its declared options: "microBatch" is `--micro-batch`. Options that take many
 * values take a list with commas.
 */

/** What commander collected: by option id, as text or `true`. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

export function addOptionFlags(command: Command, { options }: WorkloadFacts): void {
  for (const [id, option] of Object.entries(options)) command.addOption(toFlag(id, option));
}

/** The values of the options that were given; throws `UsageError` for the first that is wrong. */
export function parseOptionFlags(values: FlagValues, { options }: WorkloadFacts): RunPlan["options"] {
  const parsed: Record<string, readonly OptionValue[]> = {};
  for (const [id, option] of Object.entries(options)) {
    const given = values[id];
    if (given === undefined) continue;
    if (option.replacedBy !== undefined && values[option.replacedBy] !== undefined)
      throw new UsageError(
        `--${toFlagName(id)} means nothing beside --${toFlagName(option.replacedBy)}: give one of the two`,
      );
    const file = findFileOption(option, given, options);
    if (file !== null) {
      parsed[file] = [given];
      continue;
    }
    const texts = option.many === true && typeof given === "string" ? splitWords(given) : [given];
    parsed[id] = texts.map((text) => parseValue(id, option, text));
  }
  return parsed;
}

/** "--structures water.xyz" means "--file water.xyz": the file option that takes such a file, beside a choice. */
function findFileOption(option: Option, given: string | boolean, options: WorkloadFacts["options"]): string | null {
  if (option.kind !== "choice" || typeof given !== "string") return null;
  const ending = /\.(\w+)$/.exec(given)?.[1]?.toLowerCase();
  if (ending === undefined) return null;
  const found = Object.entries(options).find(([, other]) => other.kind === "file" && other.extensions.includes(ending));
  return found?.[0] ?? null;
}

/** "cpu" for "onnxruntime-cpu", where no other backend ends so. */
export function completeBackend(word: string, backends: readonly string[]): string {
  const found = backends.filter((id) => id === word || id.endsWith(`-${word}`));
  return found.length === 1 ? (found[0] ?? word) : word;
}

/** "fast,naive" as a list; null when the flag was not given. */
export function parseWords(value: string | boolean | undefined): readonly string[] | null {
  return typeof value === "string" ? value.split(",").map((word) => word.trim()) : null;
}

function toFlag(id: string, option: Option): Flag {
  const name = toFlagName(id);
  const help = `${option.help}${describeValues(option)}`;
  if (option.kind === "flag") return new Flag(option.default ? `--no-${name}` : `--${name}`, help);
  return new Flag(`--${name} <${option.many === true ? "list" : option.kind === "file" ? "file" : "value"}>`, help);
}

function describeValues(option: Option): string {
  switch (option.kind) {
    case "number":
      return ` (${option.min} to ${inUnit(option.max, option)}, default: ${inUnit(option.default, option)})`;
    case "choice":
      return ` (${option.choices.map(({ value }) => value).join(", ")}; default: ${option.default})`;
    case "flag":
      return ` (default: ${option.default ? "on" : "off"})`;
    case "file":
      return "";
  }
}

/** As it is typed, with its unit: "86400 s"; "none" for no file. */
function inUnit(value: OptionValue, option: Option): string {
  return withUnit(String(value ?? "none"), option, " ");
}

function parseValue(id: string, option: Option, given: string | boolean): OptionValue {
  const value = readValue(option, given);
  const fault = findOptionFault(option, value);
  if (fault !== null) throw new UsageError(`--${toFlagName(id)} ${fault}`);
  return value;
}

/** Choices are found in any case: "C60" is "c60". */
function readValue(option: Option, given: string | boolean): OptionValue {
  if (option.kind === "number") return parseNumber(String(given)) ?? given;
  if (option.kind !== "choice") return given;
  const word = String(given).trim().toLowerCase();
  return option.choices.find(({ value }) => value.toLowerCase() === word)?.value ?? given;
}

export function toFlagName(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Lines about a workload for `bench list`. */
export function describeWorkload(workload: WorkloadFacts, backends: readonly BackendFacts[]): readonly string[] {
  const lines = [`${workload.id}: ${workload.title}`, `  ${workload.description}`, "  variants:"];
  for (const { id, help, unavailable } of workload.variants) {
    const isDefault = workload.defaultVariants.includes(id) ? " (default)" : "";
    lines.push(`    ${id}${isDefault}: ${unavailable === undefined ? help : `not here: ${unavailable}`}`);
  }
  lines.push("  backends:");
  for (const id of workload.backends)
    lines.push(`    ${id}: ${describeAvailability(backends.find((one) => one.id === id))}`);
  lines.push("  options:");
  for (const [id, option] of Object.entries(workload.options))
    lines.push(`    --${toFlagName(id)}: ${option.help} (default: ${inUnit(defaultOf(option), option)})`);
  return lines;
}

function describeAvailability(backend: BackendFacts | undefined): string {
  if (backend === undefined) return "unknown";
  const { availability } = backend;
  if (!availability.available)
    return `not available: ${availability.reason}${availability.remedy === undefined ? "" : `; ${availability.remedy} adds it`}`;
  const { device } = availability;
  return `${device.name}${device.software ? ", software" : ""}, ${device.precisions.join(", ")}`;
}
