import {
  clearKept,
  type KeptConfiguration,
  listKept,
} from "../../../native-bench/workloads/streaming-optimizer/kept-files.ts";
import { streamingOptimizerFacts } from "../../../native-bench/workloads/streaming-optimizer/facts.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import type { KeptFitFacts } from "../../contract/bench-contract.ts";
import type { Handlers } from "./create-handlers.ts";

/** What runs have left for later ones. */
export function createKeptHandlers(): Pick<Handlers, "kept.list" | "kept.clear"> {
  return {
    async "kept.list"() {
      const { fits, bytes } = await listKept();
      return {
        bytes,
        fits: fits.map(({ configuration, ...facts }) => ({
          ...facts,
          title: titleOf(configuration),
          plan: planOf(configuration),
        })),
      };
    },
    async "kept.clear"() {
      await clearKept();
      return null;
    },
  };
}

function titleOf({ variant, backend, options, points }: KeptConfiguration): string {
  return `${String(options["model"])}, ${formatCount(points)} points, ${variant}, ${backend}`;
}

/** Options of files are paths, which no window may know. */
function planOf({ variant, backend, options }: KeptConfiguration): KeptFitFacts["plan"] {
  const specs: Readonly<Record<string, { readonly kind: string }>> = streamingOptimizerFacts.options;
  const readsFiles = Object.entries(specs).some(([id, { kind }]) => kind === "file" && (options[id] ?? null) !== null);
  if (readsFiles) return null;
  return {
    workload: streamingOptimizerFacts.id,
    variants: [variant],
    backends: [backend],
    options: Object.fromEntries(Object.keys(specs).map((id) => [id, [options[id] ?? null]])),
  };
}
