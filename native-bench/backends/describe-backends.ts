import type { Availability } from "../plan/availability.ts";
import type { BackendFacts } from "../plan/catalog.ts";
import type { Backend } from "./backend.ts";

/** All backends with the answers of their probes, one after another: two native libraries may not start at once. */
export async function describeBackends(
  backends: readonly Backend[],
  probe: (backend: Backend) => Promise<Availability>,
): Promise<readonly BackendFacts[]> {
  const facts: BackendFacts[] = [];
  for (const backend of backends) {
    const { id, label, library } = backend;
    facts.push({ id, label, library, availability: await probe(backend) });
  }
  return facts;
}
