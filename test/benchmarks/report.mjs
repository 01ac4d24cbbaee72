import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { repositoryFolder } from "./bundle.mjs";

/**
 * Where and when: the machine, without its name.
 * @param {Readonly<Record<string, string>>} versions
 */
export function describeMachine(versions) {
  const [cpu] = cpus();
  const software = Object.entries({ "Node.js": process.version.slice(1), ...versions }).map(
    ([name, version]) => `${name} ${version}`,
  );
  return `${new Date().toISOString().slice(0, 10)}, ${cpu?.model.trim() ?? "unknown processor"} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}; ${software.join(", ")}.`;
}

/**
 * A Markdown table; all columns but the first are numbers.
 * @param {readonly string[]} head @param {readonly (readonly string[])[]} rows
 */
export function toTable(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/**
 * Nearest-rank percentile.
 * @param {readonly number[]} values @param {number} percent
 */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)];
}

/** @param {readonly number[]} values */
export const median = (values) => percentile(values, 50);

/** @param {number} value @param {number=} digits */
export const format = (value, digits = 2) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/**
 * Prints a section and, with `--write`, puts it in the place of the one of the same name in BENCHMARKS.md.
 * @param {string} name @param {string} markdown
 */
export function publish(name, markdown) {
  process.stdout.write(`\n${markdown}\n`);
  if (!process.argv.includes("--write")) return;
  const file = join(repositoryFolder, "BENCHMARKS.md");
  const before = `<!-- ${name}: begin -->`;
  const after = `<!-- ${name}: end -->`;
  const section = `${before}\n${markdown}\n${after}`;
  const text = readOr(
    file,
    "# Benchmarks\n\nMeasured by the scripts in `test/benchmarks`; each replaces its own section with `--write`.\n",
  );
  const begin = text.indexOf(before);
  const end = text.indexOf(after);
  const written =
    begin >= 0 && end > begin
      ? text.slice(0, begin) + section + text.slice(end + after.length)
      : `${text.trimEnd()}\n\n${section}\n`;
  writeFileSync(file, written);
}

/** @param {string} file @param {string} fallback */
function readOr(file, fallback) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return fallback;
    throw error;
  }
}

/**
 * Value of `--name=value`.
 * @param {string} name @param {string} fallback
 */
export function option(name, fallback) {
  const prefix = `--${name}=`;
  return process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length) ?? fallback;
}
