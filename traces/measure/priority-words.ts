import type { Environment } from "./bench-report.ts";

/** "usual", "gives way to other programs (nice 15)": the priority that a run had. */
export function priorityWords({ niceness, idleClass }: Pick<Environment, "niceness" | "idleClass">): string {
  if (idleClass === true) return "gives way to all other programs (idle class)";
  if (niceness === null) return "not readable";
  if (niceness === 0) return "usual";
  return `${niceness > 0 ? "gives way to" : "goes before"} other programs (nice ${niceness})`;
}
