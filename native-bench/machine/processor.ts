import { cpus } from "node:os";

/** "AMD EPYC 7B13", as the system says. */
export function processorName(): string {
  return cpus()[0]?.model.trim().replace(/\s+/g, " ") ?? "unknown processor";
}
