import type { Dimensions, Launch, LaunchMetric, LaunchTable } from "../../model/launch-table.ts";

/** Names of the metrics that a table shows in front, in the container and on the pages of the command line. */
const headlines = {
  duration: ["gpu__time_duration.sum", "Duration"],
  compute: [
    "sm__throughput.avg.pct_of_peak_sustained_elapsed",
    "Compute (SM) Throughput",
    "SM [%]",
    "Compute (SM) [%]",
  ],
  memory: ["gpu__compute_memory_throughput.avg.pct_of_peak_sustained_elapsed", "Memory Throughput", "Memory [%]"],
  occupancy: ["sm__warps_active.avg.pct_of_peak_sustained_active", "Achieved Occupancy"],
  registers: ["launch__registers_per_thread", "Registers Per Thread"],
  device: ["device__attribute_display_name", "Device Name"],
} as const;

export interface LaunchIdentity {
  readonly name: string;
  readonly signature: string | null;
  readonly grid: Dimensions;
  readonly block: Dimensions;
}

interface OpenLaunch extends LaunchIdentity {
  readonly values: Map<number, number>;
  readonly texts: Map<number, string>;
}

/** Collects launches with their metrics in any order and makes a table of them. */
export class LaunchCollector {
  readonly #launches: OpenLaunch[] = [];
  readonly #metrics: LaunchMetric[] = [];
  readonly #metricIds = new Map<string, number>();
  readonly #owners = new Map<string, string>();

  get launchCount(): number {
    return this.#launches.length;
  }

  /** Number of a metric; the first mention decides on label, section and unit. */
  metric(id: string, describe: () => Omit<LaunchMetric, "id">): number {
    let index = this.#metricIds.get(id);
    if (index === undefined) {
      index = this.#metrics.push({ id, ...describe() }) - 1;
      this.#metricIds.set(id, index);
    }
    return index;
  }

  /**
   * An id for a metric whose name alone may be taken: the name, else the first of `others` that is free, each bound to
   * `owner` for good.
   */
  claim(id: string, owner: string, others: readonly string[]): string {
    for (const candidate of [id, ...others]) {
      const taken = this.#owners.get(candidate);
      if (taken === undefined) this.#owners.set(candidate, owner);
      if (taken === undefined || taken === owner) return candidate;
    }
    return `${owner}: ${id}`;
  }

  addLaunch(identity: LaunchIdentity): number {
    return this.#launches.push({ ...identity, values: new Map(), texts: new Map() }) - 1;
  }

  /** A second value replaces the first. */
  setValue(launch: number, metric: number, value: number | string): void {
    const { values, texts } = this.#launches[launch];
    if (typeof value === "number") values.set(metric, value);
    else texts.set(metric, value);
  }

  toTable(): LaunchTable {
    const width = this.#metrics.length;
    const values = new Float64Array(this.#launches.length * width).fill(Number.NaN);
    const texts: [number, string][] = [];
    for (const [launch, open] of this.#launches.entries()) {
      for (const [metric, value] of open.values) values[launch * width + metric] = value;
      for (const [metric, text] of open.texts) texts.push([launch * width + metric, text]);
    }
    return {
      launches: this.#launches.map((open) => this.#toLaunch(open)),
      metrics: this.#metrics,
      values,
      texts: texts.toSorted((a, b) => a[0] - b[0]),
    };
  }

  #toLaunch({ name, signature, grid, block, values, texts }: OpenLaunch): Launch {
    const find = <T>(ids: readonly string[], from: ReadonlyMap<number, T>, unit?: string): T | null => {
      for (const id of ids) {
        const metric = this.#metrics.findIndex(
          (each) => (each.id === id || each.label === id) && (unit === undefined || each.unit === unit),
        );
        const value = metric < 0 ? undefined : from.get(metric);
        if (value !== undefined) return value;
      }
      return null;
    };
    const fraction = (ids: readonly string[]): number | null => {
      const percent = find(ids, values, "%");
      return percent === null ? null : percent / 100;
    };
    return {
      name,
      signature,
      grid,
      block,
      durationNs: find(headlines.duration, values, "ns"),
      registersPerThread: find(headlines.registers, values),
      computeFraction: fraction(headlines.compute),
      memoryFraction: fraction(headlines.memory),
      occupancyFraction: fraction(headlines.occupancy),
      device: find(headlines.device, texts),
    };
  }
}
