/** Field numbers of the messages of an XSpace file (`xplane.proto` of the XLA profiler). */

export const Space = { planes: 1, errors: 2, warnings: 3 } as const;

export const Plane = { id: 1, name: 2, lines: 3, eventMetadata: 4, statMetadata: 5, stats: 6 } as const;

export const Line = { id: 1, name: 2, timestampNs: 3, events: 4, displayName: 11 } as const;

export const Event = { metadataId: 1, offsetPs: 2, durationPs: 3, stats: 4, occurrences: 5 } as const;

export const Stat = {
  metadataId: 1,
  double: 2,
  uint64: 3,
  int64: 4,
  text: 5,
  bytes: 6,
  /** Id of the entry of the table of stats whose name is the value. */
  reference: 7,
  compressedText: 8,
} as const;

export const MapEntry = { key: 1, value: 2 } as const;

export const EventMetadata = { id: 1, name: 2, displayName: 4, stats: 5 } as const;

export const StatMetadata = { id: 1, name: 2 } as const;
