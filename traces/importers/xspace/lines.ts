import { SpanKind } from "../../model/span-kind.ts";
import { kindOfEvent, kindOnXlaLine, runtimeKind, type XlaLine, xlaLineOf } from "../chrome/kinds.ts";

/** What the spans of a line are. */
export type LineRole =
  | { readonly side: "host" }
  | { readonly side: "device"; readonly line: XlaLine | "derivedOps" | "nameScope" }
  | { readonly side: "counters" };

/** Lines that TensorFlow and XProf derive from the streams: the same time once more, by another name. */
const derivedLines: ReadonlySet<string> = new Set(["TensorFlow Ops", "Framework Ops", "Source code", "Source Code"]);
const nameScopeLines: ReadonlySet<string> = new Set([
  "TensorFlow Name Scope",
  "Framework Name Scope",
  "XLA Name Scope",
]);

/** `hasStreams`: beside a line of operations the plane has the streams that ran them. */
export function roleOfLine(lineName: string, isDevice: boolean, hasStreams: boolean): LineRole {
  if (!isDevice) return { side: "host" };
  if (lineName === "_counters_") return { side: "counters" };
  if (nameScopeLines.has(lineName)) return { side: "device", line: "nameScope" };
  if (derivedLines.has(lineName)) return { side: "device", line: "derivedOps" };
  const line = xlaLineOf(lineName);
  return { side: "device", line: line === "ops" && hasStreams ? "derivedOps" : line };
}

/** Kind of an event by its line and name; `isLaunch`: a host event that device work refers to by correlation id. */
export function kindOnLine(role: LineRole, name: string, isLaunch: boolean): SpanKind {
  if (role.side === "counters") return SpanKind.other;
  if (role.side === "host") return isLaunch ? runtimeKind(name) : kindOfEvent(null, name);
  if (role.line === "derivedOps") return SpanKind.op;
  return role.line === "nameScope" ? SpanKind.phase : kindOnXlaLine(role.line, name);
}

export function isStreamLine(lineName: string): boolean {
  return lineName.startsWith("Stream #");
}

/** Steps and modules stand above the operations, those above the streams, whatever their order in the file. */
const lineOrder: readonly string[] = [
  "Steps",
  "XLA Modules",
  "TensorFlow Name Scope",
  "Framework Name Scope",
  "TensorFlow Ops",
  "Framework Ops",
  "XLA Ops",
  "Async XLA Ops",
];

export function sortIndexOfLine(lineName: string): number {
  const place = lineOrder.indexOf(lineName);
  return place < 0 ? lineOrder.length : place;
}
