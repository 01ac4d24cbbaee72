import { UserFacingError } from "../../../../traces/model/errors.ts";
import { findVolumeFault } from "../neighbors/cell-geometry.ts";
import { findAtomicNumber } from "./elements.ts";
import type { Structure } from "./structure.ts";

/*
 * XYZ and extended XYZ (github.com/libAtoms/extxyz): a count, a comment that may hold key="value" pairs, one line an
 * atom; any number of frames one after another. Of the keys, Lattice, Properties and pbc are read.
 */

interface Columns {
  /** Column of the symbol or atomic number. */
  readonly species: number;
  /** First of three columns. */
  readonly position: number;
  readonly count: number;
}

const plainColumns: Columns = { species: 0, position: 1, count: 4 };
const largestAtomCount = 1_000_000;

/** All frames of a file. Throws UserFacingError with the line (from 1) that is not as expected. */
export function readXyz(fileName: string, text: string): Structure[] {
  const lines = text.trimEnd().split(/\r\n|\n|\r/);
  const structures: Structure[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === "") {
      at++;
      continue;
    }
    const atomCount = readCount(fileName, lines, at, structures.length);
    structures.push(readFrame({ fileName, lines, at, atomCount, index: structures.length }));
    at += atomCount + 2;
  }
  if (structures.length === 0) throw new UserFacingError(`${fileName}: expected an atom count, found an empty file`);
  return structures;
}

function readCount(fileName: string, lines: readonly string[], at: number, kept: number): number {
  const text = lines[at].trim();
  const where = `${fileName}, line ${at + 1}`;
  const after = kept === 0 ? "" : ` after ${kept} whole ${kept === 1 ? "frame" : "frames"}`;
  if (!/^\d+$/.test(text)) throw new UserFacingError(`${where}: expected an atom count, found "${clip(text)}"${after}`);
  const count = Number(text);
  if (count < 1 || count > largestAtomCount) {
    throw new UserFacingError(`${where}: expected 1 to ${largestAtomCount} atoms, found ${count}${after}`);
  }
  const left = Math.max(0, lines.length - at - 2);
  if (left < count) {
    throw new UserFacingError(`${where}: expected ${count} atoms, found ${left} before the end of the file${after}`);
  }
  return count;
}

interface Frame {
  readonly fileName: string;
  readonly lines: readonly string[];
  readonly at: number;
  readonly atomCount: number;
  readonly index: number;
}

function readFrame({ fileName, lines, at, atomCount, index }: Frame): Structure {
  const comment = lines[at + 1];
  const where = `${fileName}, line ${at + 2}`;
  const keys = readKeys(comment);
  const columns = readColumns(keys.get("properties"), where);
  const cell = readCell(keys, where);
  const atomicNumbers = new Int32Array(atomCount);
  const positions = new Float64Array(3 * atomCount);
  for (let atom = 0; atom < atomCount; atom++) {
    const line = at + 2 + atom;
    const fields = lines[line].trim().split(/\s+/);
    const atomWhere = `${fileName}, line ${line + 1}`;
    if (fields.length < columns.count) {
      throw new UserFacingError(
        `${atomWhere}: expected ${columns.count} columns for atom ${atom + 1} of ${atomCount}, found "${clip(lines[line])}"`,
      );
    }
    const number = findAtomicNumber(fields[columns.species]);
    if (number === null) {
      throw new UserFacingError(
        `${atomWhere}: expected an element up to fermium, found "${clip(fields[columns.species])}"`,
      );
    }
    atomicNumbers[atom] = number;
    for (let k = 0; k < 3; k++) {
      const value = fields[columns.position + k];
      positions[3 * atom + k] = readNumber(value, `${atomWhere}: ${"xyz"[k]} of atom ${atom + 1}`);
    }
  }
  const name = index === 0 ? fileName : `${fileName} #${index + 1}`;
  return { name, atomicNumbers, positions, cell };
}

/** `key=value`, `key="a b c"`, `key={a b c}`; keys in lower case. */
function readKeys(comment: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [, key, quoted, braced, bare] of comment.matchAll(
    /([A-Za-z_][\w-]*)\s*=\s*(?:"([^"]*)"|\{([^}]*)\}|(\S+))/g,
  )) {
    keys.set(key.toLowerCase(), quoted ?? braced ?? bare);
  }
  return keys;
}

function readColumns(properties: string | undefined, where: string): Columns {
  if (properties === undefined) return plainColumns;
  const parts = properties.split(":");
  if (parts.length % 3 !== 0) {
    throw new UserFacingError(`${where}: expected Properties of name:type:count, found "${clip(properties)}"`);
  }
  const starts = new Map<string, number>();
  let count = 0;
  for (let i = 0; i < parts.length; i += 3) {
    const width = Number(parts[i + 2]);
    if (!Number.isInteger(width) || width < 1) {
      throw new UserFacingError(`${where}: expected a column count for ${parts[i]}, found "${clip(parts[i + 2])}"`);
    }
    if (parts[i] === "pos" && width !== 3) {
      throw new UserFacingError(`${where}: expected three columns of pos, found ${width}`);
    }
    starts.set(parts[i], count);
    count += width;
  }
  const species = starts.get("species") ?? starts.get("Z");
  const position = starts.get("pos");
  if (species === undefined || position === undefined) {
    throw new UserFacingError(`${where}: expected species and pos among Properties, found "${clip(properties)}"`);
  }
  return { species, position, count };
}

function readCell(keys: ReadonlyMap<string, string>, where: string): Float64Array | null {
  const lattice = keys.get("lattice");
  const flags = keys
    .get("pbc")
    ?.trim()
    .split(/[\s,]+/);
  const periodic = flags?.map((flag) => /^(?:t|true|1)$/i.test(flag));
  if (periodic !== undefined && periodic.length !== 3) {
    throw new UserFacingError(`${where}: expected three flags of pbc, found "${clip(keys.get("pbc") ?? "")}"`);
  }
  const periodicCount = periodic?.filter(Boolean).length;
  if (periodicCount === 0) return null;
  if (periodicCount !== undefined && periodicCount < 3) {
    throw new UserFacingError(
      `${where}: expected a box that is periodic along all axes or none, found pbc "${clip(keys.get("pbc") ?? "")}"`,
    );
  }
  if (lattice === undefined) {
    if (periodicCount === 3) throw new UserFacingError(`${where}: expected a Lattice beside pbc, found none`);
    return null;
  }
  const numbers = lattice.trim().split(/[\s,]+/);
  if (numbers.length !== 9) {
    throw new UserFacingError(`${where}: expected nine numbers of Lattice, found ${numbers.length}`);
  }
  const cell = Float64Array.from(numbers, (value) => readNumber(value, `${where}: Lattice`));
  const fault = findVolumeFault(cell);
  if (fault !== null) throw new UserFacingError(`${where}: Lattice: ${fault}`);
  return cell;
}

function readNumber(text: string, what: string): number {
  const value = text === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new UserFacingError(`${what}: expected a number, found "${clip(text)}"`);
  return value;
}

function clip(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
