import { ReportNeedsExportError } from "../../model/errors.ts";
import type { Importer } from "../importer.ts";

const magic = "NVIDIA Tegra Profiler Report ";
const headBytes = 128;

/*
 * Container of Nsight Systems: a line with the magic and the version of the producer ("2025@5@1@121-255136380782v0.",
 * in old files the version of the format, "1."), then undocumented content that holds the whole environment of the
 * program. Mapping: first line → version of the producer, in the message that offers the export; all else → never
 * read: `nsys export` makes a database of it, which `nsight-sqlite` reads.
 */

/** Nsight Systems report (`.nsys-rep`, `.qdrep`): recognized, not read. */
export const nsightReport: Importer = {
  id: "nsight-report",
  label: "Nsight Systems report (.nsys-rep, .qdrep; through nsys)",
  shortNames: ["Nsight Systems"],
  extensions: ["nsys-rep", "qdrep"],
  sniff: (head) => ([...magic].every((char, i) => head[i] === char.charCodeAt(0)) ? 0.95 : 0),
  async read(source, _builder, { fileName }) {
    const head = new Uint8Array(headBytes);
    const length = await source.readAt(0, head);
    throw new ReportNeedsExportError(
      `expected a trace, found a report of ${producerOf(head.subarray(0, length))}, which nsys alone can read; it makes a database of it: ${exportCommand(fileName)}`,
    );
  },
};

/** "Nsight Systems 2025.5.1.121-255136380782", as far as the first line says. */
export function producerOf(head: Uint8Array): string {
  const line = new TextDecoder("latin1").decode(head.subarray(magic.length)).split("\n")[0];
  const version = /^(\d+(?:@\d+)+(?:-\d+)?)/.exec(line)?.[1];
  if (version !== undefined) return `Nsight Systems ${version.replaceAll("@", ".")}`;
  const format = /^(\d+)\./.exec(line)?.[1];
  return format === undefined ? "Nsight Systems" : `an early Nsight Systems (container ${format})`;
}

/** What a user types to make a database of a report. */
export function exportCommand(fileName: string): string {
  return `nsys export --type sqlite --output ${quoted(databaseName(fileName))} ${quoted(fileName)}`;
}

/** "run.nsys-rep" → "run.sqlite", as nsys itself names it. */
export function databaseName(fileName: string): string {
  return `${fileName.replace(/\.(?:nsys-rep|qdrep)$/i, "")}.sqlite`;
}

/** For the shells of Unix and PowerShell: plain names stay as they are. */
function quoted(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) && !name.startsWith("-") ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
