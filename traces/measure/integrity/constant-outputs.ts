import type { BenchResult } from "../bench-report.ts";

/**
 * Why the outputs of a configuration rightly stay equal while its inputs move; null when they must follow. The energy of
 * atoms that are all beyond the cutoff of each other does not depend on where they are.
 */
export function whyOutputsStay({ facts }: Pick<BenchResult, "facts">): string | null {
  return facts["edges"] === 0 ? "no atoms within the cutoff of each other" : null;
}

/** What a table says of the check of outputs; "" when they changed, or nothing is known of them. */
export function outputsWords(result: Pick<BenchResult, "facts" | "outputsChanged">): string {
  if (result.outputsChanged === true) return "";
  const reason = whyOutputsStay(result);
  if (reason !== null) return `change of outputs not checked: ${reason}`;
  return result.outputsChanged === false ? "outputs did not change with the inputs" : "";
}
