import type { RunUpdate, Telemetry } from "../../../native-bench/plan/telemetry.ts";
import { formatTimeLeft } from "../../../traces/model/format-units.ts";

/** One line about a run that goes on: phase, what is being done, how far. */
export function createBenchProgress(show: (text: string) => void): { take(updates: readonly RunUpdate[]): void } {
  let phase = "";
  return {
    take(updates) {
      for (const update of updates) {
        if (update.kind !== "telemetry") continue;
        const { telemetry } = update;
        if (telemetry.kind === "phase") phase = `${telemetry.title} (${telemetry.index + 1} of ${telemetry.count}), `;
        if (telemetry.kind === "progress") show(`${phase}${describe(telemetry)}`);
      }
    },
  };
}

function describe({ text, done, total, unit, secondsLeft }: Telemetry & { kind: "progress" }): string {
  const part = total === null ? "" : `, ${done} of ${total} ${unit}`;
  return `${text}${part}${secondsLeft === null ? "" : `, ${formatTimeLeft(secondsLeft)} left`}`;
}
