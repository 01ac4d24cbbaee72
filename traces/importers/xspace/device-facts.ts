/** Stats of planes that may be shown; everything else (hosts, users, jobs, paths) is left where it is. */
const shownStats: readonly (readonly [stat: string, show: (value: string) => string])[] = [
  ["device_type_string", (value) => value],
  ["device_vendor", (value) => value],
  ["core_count", (value) => `${value} cores`],
  ["memory_size", (value) => `${(Number(value) / 2 ** 30).toFixed(1)} GiB`],
  ["memory_bandwidth", (value) => `${(Number(value) / 1e9).toFixed(0)} GB/s`],
  ["peak_teraflops_per_second", (value) => `${value} TFLOP/s`],
  ["peak_hbm_bw_gigabytes_per_second", (value) => `${Number(value).toFixed(0)} GB/s`],
];

/** What the stats of a device plane say of the device, in a fixed order; null when there is nothing. */
export function describeDevice(stats: ReadonlyMap<string, string>): string | null {
  const parts = shownStats.flatMap(([stat, show]) => {
    const value = stats.get(stat);
    return value === undefined ? [] : [show(value)];
  });
  const major = stats.get("compute_cap_major");
  const minor = stats.get("compute_cap_minor");
  if (major !== undefined && minor !== undefined) parts.push(`compute ${major}.${minor}`);
  return parts.length === 0 ? null : parts.join(", ");
}
