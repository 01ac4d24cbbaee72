/** Field numbers of the messages of a Perfetto trace that are read (`perfetto_trace.proto`). */

export const Trace = { packet: 1 } as const;

export const Packet = {
  ftraceEvents: 1,
  processTree: 2,
  clockSnapshot: 6,
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  traceConfig: 33,
  traceStats: 35,
  synchronizationMarker: 36,
  incrementalStateCleared: 41,
  previousPacketDropped: 42,
  processDescriptor: 43,
  threadDescriptor: 44,
  systemInfo: 45,
  compressedPackets: 50,
  gpuCounterEvent: 52,
  gpuRenderStageEvent: 53,
  timestampClockId: 58,
  defaults: 59,
  trackDescriptor: 60,
  serviceEvent: 69,
  traceUuid: 89,
  zstdCompressedPackets: 133,
} as const;

/** Kernel events (ftrace) of one processor. */
export const Bundle = { event: 2, compactScheduling: 4 } as const;

export const KernelEvent = { timestamp: 1, tid: 2, print: 3 } as const;

export const KernelPrint = { text: 2 } as const;

export const SequenceFlag = { stateCleared: 1, needsState: 2 } as const;

export const TrackEvent = {
  timestampDeltaUs: 1,
  threadTimeDeltaUs: 2,
  categoryIids: 3,
  debugAnnotations: 4,
  legacyEvent: 6,
  instructionsDelta: 8,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  extraCounterValues: 12,
  timestampAbsoluteUs: 16,
  threadTimeAbsoluteUs: 17,
  instructionsAbsolute: 20,
  categories: 22,
  name: 23,
  counterValue: 30,
  extraCounterTracks: 31,
  flowIdsOld: 36,
  terminatingFlowIdsOld: 42,
  doubleCounterValue: 44,
  extraDoubleCounterTracks: 45,
  extraDoubleCounterValues: 46,
  flowIds: 47,
  terminatingFlowIds: 48,
  correlationId: 52,
  callstack: 55,
  callstackIid: 56,
} as const;

export const EventType = { begin: 1, end: 2, instant: 3, counter: 4, state: 5 } as const;

export const LegacyEvent = {
  nameIid: 1,
  phase: 2,
  durationUs: 3,
  unscopedId: 6,
  idScope: 7,
  bindId: 8,
  localId: 10,
  globalId: 11,
  bindToEnclosing: 12,
  flowDirection: 13,
  instantScope: 14,
  pidOverride: 18,
  tidOverride: 19,
} as const;

export const TrackDescriptor = {
  uuid: 1,
  name: 2,
  process: 3,
  thread: 4,
  parentUuid: 5,
  counter: 8,
  staticName: 10,
  siblingOrderRank: 12,
  atraceName: 13,
  description: 14,
} as const;

export const ProcessDescriptor = { pid: 1, cmdline: 2, name: 6 } as const;

export const ThreadDescriptor = {
  pid: 1,
  tid: 2,
  name: 5,
  referenceTimestampUs: 6,
  referenceThreadTimeUs: 7,
  referenceInstructions: 8,
} as const;

export const CounterDescriptor = { type: 1, unit: 3, unitMultiplier: 4, isIncremental: 5, unitName: 6 } as const;

export const CounterType = { threadTimeNs: 1, instructionCount: 2 } as const;

export const Defaults = { trackEvent: 11, timestampClockId: 58 } as const;

export const ClockSnapshot = { clocks: 1, primaryTraceClock: 2 } as const;

export const Clock = { id: 1, timestamp: 2, isIncremental: 3, unitMultiplierNs: 4 } as const;

export const ClockId = { realtime: 1, monotonic: 3, boottime: 6, firstOfSequence: 64, lastOfSequence: 127 } as const;

export const Interned = {
  eventCategories: 1,
  eventNames: 2,
  annotationNames: 3,
  functionNames: 5,
  frames: 6,
  callstacks: 7,
  gpuSpecifications: 24,
  annotationStrings: 29,
} as const;

/** All entries of interned tables begin so; what follows a name is read where it is used. */
export const InternedEntry = { iid: 1, name: 2, gpuCategory: 4 } as const;

export const InternedFrame = { iid: 1, functionNameId: 2, relativePc: 4 } as const;

export const InternedCallstack = { iid: 1, frameIds: 2 } as const;

export const InlineCallstack = { frames: 1 } as const;

export const InlineFrame = { functionName: 1, sourceFile: 2, lineNumber: 3 } as const;

export const Annotation = {
  nameIid: 1,
  bool: 2,
  uint: 3,
  int: 4,
  double: 5,
  text: 6,
  pointer: 7,
  nested: 8,
  legacyJson: 9,
  name: 10,
  dictEntries: 11,
  arrayValues: 12,
  textIid: 17,
} as const;

export const NestedValue = {
  type: 1,
  dictKeys: 2,
  dictValues: 3,
  arrayValues: 4,
  int: 5,
  double: 6,
  bool: 7,
  text: 8,
} as const;

export const NestedType = { leaf: 0, dict: 1, array: 2 } as const;

export const RenderStage = {
  eventId: 1,
  duration: 2,
  queueId: 3,
  stageId: 4,
  extraData: 6,
  specifications: 7,
  submissionId: 10,
  gpuId: 11,
  queueIid: 13,
  stageIid: 14,
  name: 17,
  nameIid: 20,
  launch: 21,
} as const;

export const RenderSpecifications = { queues: 2, stages: 3 } as const;

export const SpecificationEntry = { name: 1 } as const;

export const GpuCounterEvent = { descriptor: 1, counters: 2, gpuId: 3 } as const;

export const GpuCounterDescriptor = { specs: 1 } as const;

export const GpuCounterSpec = { id: 1, name: 2 } as const;

export const GpuCounter = { id: 1, int: 2, double: 3 } as const;

export const ProcessTree = { processes: 1, threads: 2 } as const;

export const TreeProcess = { pid: 1, cmdline: 3 } as const;

export const TreeThread = { tid: 1, name: 2, pid: 3 } as const;

export const SystemInfo = { serviceVersion: 4 } as const;
