/** The four layers that keep a first-order warm-up from doing harm, and what L-BFGS tells besides. */
export type DefenseEvent =
  | { readonly kind: "layer1_warm_start"; readonly relative_loss: number; readonly threshold: number }
  | { readonly kind: "layer2_lr_mode"; readonly mode: LearningMode; readonly relative_loss: number }
  | {
      readonly kind: "layer3_cost_guard";
      readonly cost_ratio: number;
      readonly tolerance: number;
      readonly iteration: number;
    }
  | { readonly kind: "layer4_clip"; readonly original_norm: number; readonly max_norm: number }
  | { readonly kind: "lbfgs_history_fill"; readonly iteration: number }
  | { readonly kind: "lbfgs_line_search_failure"; readonly iteration: number };
export type LearningMode = "refinement" | "careful" | "exploration";

/** off: nothing; counters: how often; events: the last 1000 as well. */
export type TelemetryLevel = "off" | "counters" | "events";

export const defenseCounters = [
  "warmup_calls",
  "layer1_triggers",
  "layer2_refinement",
  "layer2_careful",
  "layer2_exploration",
  "layer3_triggers",
  "layer4_triggers",
  "lbfgs_history_fill",
  "lbfgs_line_search_failures",
] as const;
type DefenseCounter = (typeof defenseCounters)[number];

export interface DefenseTelemetry {
  countWarmup(): void;
  record(event: DefenseEvent): void;
  summarize(): DefenseSummary;
}

export interface DefenseSummary {
  /** Named `nlsq_defense_*_total`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Triggers per warm-up call; layer 4: clips per warm-up call. */
  readonly rates: Readonly<Record<string, number>>;
  /** The last ten. */
  readonly recentEvents: readonly DefenseEvent[];
}

const ringLength = 1000;
const recentCount = 10;

/** Telemetry of one fit: a ring that overwrites its oldest event, so that recording never allocates an array. */
export function createDefenseTelemetry(
  level: TelemetryLevel,
  onEvent: (event: DefenseEvent) => void = () => undefined,
): DefenseTelemetry {
  const counts = Object.fromEntries(defenseCounters.map((name) => [name, 0])) as Record<DefenseCounter, number>;
  const ring: DefenseEvent[] = [];
  let recorded = 0;
  return {
    countWarmup: () => void (level !== "off" && counts.warmup_calls++),
    record(event) {
      if (level === "off") return;
      counts[counterOf(event)]++;
      if (level !== "events") return;
      ring[recorded++ % ringLength] = event;
      onEvent(event);
    },
    summarize() {
      const calls = Math.max(1, counts.warmup_calls);
      const recent = Math.min(recentCount, recorded);
      return {
        counters: Object.fromEntries(defenseCounters.map((name) => [`nlsq_defense_${name}_total`, counts[name]])),
        rates: {
          layer1: counts.layer1_triggers / calls,
          layer3: counts.layer3_triggers / calls,
          layer4: counts.layer4_triggers / calls,
        },
        recentEvents: Array.from({ length: recent }, (_, index) => ring[(recorded - recent + index) % ringLength]),
      };
    },
  };
}

function counterOf(event: DefenseEvent): DefenseCounter {
  switch (event.kind) {
    case "layer1_warm_start":
      return "layer1_triggers";
    case "layer2_lr_mode":
      return `layer2_${event.mode}`;
    case "layer3_cost_guard":
      return "layer3_triggers";
    case "layer4_clip":
      return "layer4_triggers";
    case "lbfgs_history_fill":
      return "lbfgs_history_fill";
    case "lbfgs_line_search_failure":
      return "lbfgs_line_search_failures";
  }
}
