declare const brand: unique symbol;
type Brand<Tag extends string> = number & { readonly [brand]: Tag };

/** Index of a span in the columns of its trace: tracks one after another, in seal order. */
export type SpanId = Brand<"SpanId">;
/** Index in `Trace.tracks`. */
export type TrackId = Brand<"TrackId">;
/** Index in `Trace.strings`. */
export type StringId = Brand<"StringId">;
/** Index in the row table: one drawn strip of spans, a (track, lane, depth). */
export type RowId = Brand<"RowId">;

export const toSpanId = (index: number): SpanId => index as SpanId;
export const toTrackId = (index: number): TrackId => index as TrackId;
export const toStringId = (index: number): StringId => index as StringId;
export const toRowId = (index: number): RowId => index as RowId;
