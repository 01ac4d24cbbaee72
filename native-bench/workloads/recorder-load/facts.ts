import type { WorkloadFacts } from "../../plan/catalog.ts";
import { defineOptions } from "../../plan/option.ts";

const options = defineOptions({
  rate: {
    kind: "number",
    label: "Spans a second",
    help: "How many spans are recorded each second.",
    default: 50_000,
    min: 1000,
    max: 1_000_000,
    whole: true,
    counts: "spans",
    many: true,
    sweep: [5000, 20_000, 50_000, 200_000],
  },
  seconds: {
    kind: "number",
    label: "Duration",
    help: "How long it records.",
    default: 10,
    min: 0.1,
    max: 86_400,
    whole: false,
    unit: "s",
  },
  load: {
    kind: "number",
    label: "Work",
    help: "Part of a core that the work within the spans fills; with 1 it goes on without a pause.",
    default: 0.6,
    min: 0.05,
    max: 1,
    whole: false,
    advanced: true,
  },
});

export const recorderLoadFacts = {
  id: "recorder",
  title: "Recorder load",
  description:
    "Records spans around arithmetic at a steady rate, and measures what recording costs on this machine: every batch of every fifth slot of 10 ms is worked through with and without a recorder, in turns.",
  shape: "session" as const,
  item: { one: "span", many: "spans" },
  variants: [{ id: "slots", label: "Slots", help: "Slots of 10 ms, in each of them batches of operations." }],
  defaultVariants: ["slots"],
  backends: ["js-f64"],
  options,
  axes: ["rate"],
  curves: [
    {
      id: "overhead",
      title: "Overhead of recording, last minute",
      xLabel: "seconds",
      yLabel: "% of the work",
      logarithmic: false,
    },
  ],
} satisfies WorkloadFacts & { readonly shape: "session" };
