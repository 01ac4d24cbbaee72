/*
 * What a user can set before a run. A workload declares its options once; the form in the window, the flags of the
 * command line and the checks of both are made from the declaration.
 */

/** Options by their id; the id "microBatch" is the flag `--micro-batch`. */
export type OptionSpecs = Readonly<Record<string, Option>>;
export type Option = NumberOption | ChoiceOption | FlagOption | FileOption;
/** A file is its path, null for none. */
export type OptionValue = number | string | boolean | null;

interface OptionBase {
  readonly label: string;
  /** One line: what it changes. Shown below the control and in `--help`. */
  readonly help: string;
  /** Takes several values (`--batch 1,2,4`); each makes configurations of its own, measured interleaved. */
  readonly many?: boolean;
  /** Id of an option in whose presence (a file, not none) this one means nothing: it is null then. */
  readonly replacedBy?: string;
  /** Kept behind "more options" in the form. */
  readonly advanced?: boolean;
}

export interface NumberOption extends OptionBase {
  readonly kind: "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly whole: boolean;
  /** Symbol of the unit the number is in, told with it everywhere: "s". None where it is a count. */
  readonly unit?: string;
  /** What it counts, in the plural: "points". */
  readonly counts?: string;
  /** Values worth a sweep, ascending: the scaling view starts with them. */
  readonly sweep?: readonly number[];
}

export interface ChoiceOption extends OptionBase {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
}

export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  readonly default: boolean;
}

/** A file of the user, named by a grant in the window and by a path in the command line. Default: none. */
export interface FileOption extends OptionBase {
  readonly kind: "file";
  /** Without the dot; for open dialogs, never decides. */
  readonly extensions: readonly string[];
}

/** The values of options, each of the type its declaration says. */
export type OptionValues<Specs extends OptionSpecs> = { readonly [Id in keyof Specs]: ValueOf<Specs[Id]> };

type ValueOf<Spec extends Option> = Spec extends { readonly kind: "number" }
  ? number
  : Spec extends { readonly kind: "choice"; readonly choices: readonly { readonly value: infer Value }[] }
    ? Value
    : Spec extends { readonly kind: "flag" }
      ? boolean
      : string | null;

/** Keeps the literal types of choices, so that `OptionValues` knows them. */
export function defineOptions<const Specs extends OptionSpecs>(specs: Specs): Specs {
  return specs;
}

export function defaultOf(option: Option): OptionValue {
  return option.kind === "file" ? null : option.default;
}

/** The words of a list as people type it: "1, 2;4". An empty place between two commas is a word too, and a fault. */
export function splitWords(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.trim().split(/\s*[,;]\s*|\s+/);
}

/** Also "1e6", "64k", "1M", as people write sizes; null for what is no number. */
export function parseNumber(text: string): number | null {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e\d+)?)\s*([kM]?)\s*$/.exec(text);
  return match === null ? null : Number(match[1]) * (match[2] === "k" ? 1e3 : match[2] === "M" ? 1e6 : 1);
}

/** Why `value` is no value of this option: "must be a number from 1 to 8, found 0"; null when it is one. */
export function findOptionFault(option: Option, value: OptionValue): string | null {
  switch (option.kind) {
    case "number":
      return findNumberFault(option, value);
    case "choice": {
      const known = option.choices.map((choice) => choice.value);
      return known.includes(String(value)) ? null : `must be one of ${known.join(", ")}, found ${quote(value)}`;
    }
    case "flag":
      return typeof value === "boolean" ? null : `must be true or false, found ${quote(value)}`;
    case "file":
      return value === null || typeof value === "string" ? null : `must be a file, found ${quote(value)}`;
  }
}

function findNumberFault({ min, max, whole, unit }: NumberOption, value: OptionValue): string | null {
  const isFit = typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (isFit) return null;
  const range = `${min} to ${max}${unit === undefined ? "" : ` ${unit}`}`;
  return `must be a ${whole ? "whole " : ""}number from ${range}, found ${quote(value)}`;
}

function quote(value: OptionValue): string {
  return typeof value === "string" ? `"${value.slice(0, 64)}"` : String(value);
}
