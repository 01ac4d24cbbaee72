import type { Backend } from "../../../native-bench/backends/backend.ts";
import type { GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import type { Availability } from "../../../native-bench/plan/availability.ts";

/** Asks each backend once; what a machine can do does not change while the process lives. */
export function createProbes(gpu: GpuLine | null): (backend: Backend) => Promise<Availability> {
  const answers = new Map<string, Promise<Availability>>();
  return (backend) => {
    const known = answers.get(backend.id) ?? backend.probe(gpu);
    answers.set(backend.id, known);
    return known;
  };
}
