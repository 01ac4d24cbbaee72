import { InvalidArgumentError } from "commander";
import { UsageError } from "./usage-error.ts";

/** A level of tests such as 0.05: none is certain, and none is none. */
export function parseLevel(text: string): number {
  const level = parseShare(text);
  if (!(level >= 1e-6 && level < 1)) throw new UsageError(`"${text}" is not a level of tests such as 5% or 0.05`);
  return level;
}

/** A whole number from 1 up; Commander names the option in front of the fault. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count))
    throw new InvalidArgumentError("It must be a whole number from 1 up.");
  return count;
}

/** A whole number of ns since the origin of the trace; may be negative. */
export function parseNs(text: string): number {
  const ns = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(ns)) throw new UsageError(`"${text}" is not a whole number of ns`);
  return ns;
}

/** "5%" or "0.05" as 0.05. */
export function parseShare(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === "%" ? 100 : 1);
  if (number === undefined || !(share >= 0 && share <= 1))
    throw new UsageError(`"${text}" is not a share such as 5% or 0.05`);
  return share;
}
