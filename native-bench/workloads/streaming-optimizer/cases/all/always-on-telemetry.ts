import { createDefenseTelemetry } from "../../solver/defense-telemetry.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";

const events = 200_000;
const keptEvents = 1000;

export const alwaysOnTelemetry: BeforeAfterCase = {
  id: "always-on-telemetry",
  seedItem: "1.8",
  title: "Telemetry that is always on",
  item: { one: "event", many: "events" },
  sides: [
    {
      id: "trimmed-list",
      label: "list, trimmed by copying",
      help: "Each event is an object in a list that is cut to its last 1,000 by a copy.",
      run: (context) => run(context, "list"),
    },
    {
      id: "ring",
      label: "ring",
      help: "Each event takes the place of the oldest.",
      run: (context) => run(context, "events"),
    },
    {
      id: "counters",
      label: "counters",
      help: "Events are counted, not kept.",
      run: (context) => run(context, "counters"),
    },
    { id: "off", label: "off", help: "Nothing is recorded.", run: (context) => run(context, "off") },
  ],
  explanation:
    "A fit sends a handful of events an iteration, so no trace of one shows this: the counter of events a second is what tells whether it matters, and it does not below some hundred thousand. In isolation the list costs microseconds an event, nearly all of it for copying the last thousand events to drop one. A ring keeps the same thousand and costs a fiftieth. Turning telemetry off saves what is left, which is nothing that a user would notice; so it stays on here.",
};

async function run(context: CaseContext, mode: "list" | "events" | "counters" | "off") {
  let kept: { readonly kind: string; readonly norm: number }[] = [];
  const telemetry = createDefenseTelemetry(mode === "list" ? "off" : mode);
  const { elapsedMs } = await timeCase(context.recorder, mode === "list" ? "list, trimmed by copying" : mode, () => {
    for (let index = 0; index < events; index++) {
      if (mode === "list") {
        kept.push({ kind: "layer4_clip", norm: index });
        kept = kept.slice(-keptEvents);
      } else telemetry.record({ kind: "layer4_clip", original_norm: index, max_norm: 0.1 });
    }
  });
  return { itemCount: events, elapsedMs, digest: [events] };
}
