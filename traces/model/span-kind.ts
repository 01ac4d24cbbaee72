/** What a span is, in the one vocabulary that colors, filters, rules and comparisons speak. */
export const SpanKind = {
  other: 0,
  step: 1,
  phase: 2,
  op: 3,
  launch: 4,
  kernel: 5,
  hostToDevice: 6,
  deviceToHost: 7,
  deviceToDevice: 8,
  sync: 9,
  compile: 10,
  io: 11,
  collective: 12,
} as const;
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind];
export type SpanKindName = keyof typeof SpanKind;

/** Names in the order of their numbers: `spanKindNames[SpanKind.op] === "op"`. */
export const spanKindNames: readonly SpanKindName[] = Object.keys(SpanKind) as SpanKindName[];

export function isSpanKindName(text: string): text is SpanKindName {
  return Object.hasOwn(SpanKind, text);
}
