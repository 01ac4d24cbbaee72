/*
 * Field numbers of profile.proto (https://github.com/google/pprof/blob/main/proto/profile.proto).
 */

export const Profile = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  function: 5,
  stringTable: 6,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
  defaultSampleType: 14,
} as const;
export const ValueType = { type: 1, unit: 2 } as const;
export const Sample = { locationId: 1, value: 2, label: 3 } as const;
export const Label = { key: 1, text: 2, number: 3, unit: 4 } as const;
export const Location = { id: 1, address: 3, line: 4 } as const;
export const Line = { functionId: 1, line: 2 } as const;
export const Function = { id: 1, name: 2, filename: 4 } as const;
