import type { Backend } from "../../../native-bench/backends/backend.ts";
import type { Availability } from "../../../native-bench/plan/availability.ts";

/** Asks each backend once; what a machine can do does not change while the process lives. */
export function createProbes(): (backend: Backend) => Promise<Availability> {
  const answers = new Map<string, Promise<Availability>>();
  return (backend) => {
    const known = answers.get(backend.id) ?? backend.probe();
    answers.set(backend.id, known);
    return known;
  };
}
