import type { PathRow } from "../../../traces/replay/what-if.ts";

/** A query that finds the spans of a row and no others; null where none does: what lies between spans, and numbered steps. */
export function queryOf({ name, place }: Pick<PathRow, "name" | "place">): string | null {
  if (place === "between" || name.includes("…")) return null;
  return `/^${name.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}$/`;
}
