/** One drawn line of the timeline: rows merged into one (a collapsed process), instants of a track, or a counter. */
export type Strip =
  | { readonly kind: "rows"; readonly rows: readonly number[] }
  | { readonly kind: "instants"; readonly track: number }
  | { readonly kind: "counter"; readonly track: number };

/** What to draw. Times: ns since the origin; pixels: device pixels. */
export interface PictureRequest {
  readonly strips: readonly Strip[];
  readonly startNs: number;
  readonly endNs: number;
  readonly widthPx: number;
  /** Spans narrower than this are texels only. */
  readonly minBoxPx: number;
}

/** A piece of timeline at screen resolution. */
export interface Picture {
  readonly startNs: number;
  readonly endNs: number;
  readonly widthPx: number;
  readonly stripCount: number;
  /** strips × widthPx, row-major; low byte color slot (0 = empty), high byte occupancy. Rows and instants. */
  readonly texels: Uint16Array;
  /** strips × widthPx, 1 where a search hit lies; empty without a search. */
  readonly hits: Uint8Array;
  readonly boxes: BoxTable;
  readonly marks: MarkTable;
  readonly counters: readonly CounterPicture[];
  /** Level-of-detail cells, nodes and spans read, for the budget test. */
  readonly cellsRead: number;
}

/** The widest spans, at most 4,096, for labels, outlines and hit tests. x in device pixels from `startNs`, cut to just outside the picture. */
export interface BoxTable {
  readonly strip: Uint16Array;
  readonly leftPx: Float32Array;
  readonly rightPx: Float32Array;
  readonly name: Uint32Array;
  readonly span: Uint32Array;
  readonly slot: Uint8Array;
  /** SpanFlag bits; 128: a search hit. */
  readonly flags: Uint8Array;
}

/** Instants drawn one by one: the first of each pixel that has some; at most 2,048. */
export interface MarkTable {
  readonly strip: Uint16Array;
  readonly xPx: Float32Array;
  readonly name: Uint32Array;
  readonly instant: Uint32Array;
}

/** Per pixel the smallest, largest and last value; NaN before the first sample. A value holds until the next sample. */
export interface CounterPicture {
  readonly strip: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
}

/** Search hits, as far as drawing needs them. */
export interface Hits {
  readonly has: (span: number) => boolean;
  /** SpanIds of the hits in a row, in time order. */
  readonly ofRow: (row: number) => { readonly length: number; readonly [index: number]: number };
}

export const maxBoxes = 4096;
export const maxMarks = 2048;
export const boxHitFlag = 128;
