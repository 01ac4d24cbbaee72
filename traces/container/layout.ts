/*
 * Deltaflame container (.dflame), version 5. Little-endian.
 *
 *   0            mark (8 B), version u32, oldest version that can read it u32, zeros to 64 B
 *   64 …         arguments: JSON objects, one a line (only where the writer had them)
 *   …            columns, each from a multiple of 64 B on, as typed arrays lie in memory
 *   …            directory: JSON (`ContainerDirectory`)
 *   last 64 B    closing mark (8 B), directory offset f64, directory bytes u32, xxHash32 of the directory u32,
 *                file bytes f64, zeros
 *
 * Written front to back without going back, read by range. History of the format: 1, the first; 2 adds kernels without a time
 * axis; 3 has columns of one or two bytes where values are small, and no flags and high bytes of offsets where all are 0;
 * 4 has correlation ids of the spans that have one, and not a column of them; 5 has texts as bytes in two columns, which were
 * a list in the directory.
 */

export const containerVersion = 5;

export const headerBytes = 64;
export const footerBytes = 64;
export const alignment = 64;

/** As in PNG: a high byte finds copies through 7 bits, the line ends those in text mode. */
export const mark: Uint8Array = Uint8Array.from([0x89, 0x44, 0x46, 0x4c, 0x4d, 0x0d, 0x0a, 0x1a]);
export const closingMark: Uint8Array = Uint8Array.from([0x8a, 0x44, 0x46, 0x4c, 0x45, 0x0d, 0x0a, 0x1a]);

export interface ElementTypes {
  readonly u8: Uint8ArrayConstructor;
  readonly u16: Uint16ArrayConstructor;
  readonly u32: Uint32ArrayConstructor;
  readonly i32: Int32ArrayConstructor;
  readonly f32: Float32ArrayConstructor;
  readonly f64: Float64ArrayConstructor;
}
export type ElementType = keyof ElementTypes;
export type ColumnArray = InstanceType<ElementTypes[ElementType]>;

/** Typed array of a column, by its name in the directory. */
export const elementTypes: ElementTypes = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};

export interface ColumnPlace {
  /** Path in the trace: "spans.startNs". */
  readonly name: string;
  readonly type: ElementType;
  /** First byte in the file. */
  readonly offset: number;
  /** Elements. */
  readonly length: number;
  /** xxHash32 of its bytes. */
  readonly hash: number;
}

/** All columns of a trace by their path in it, in the order of the file, with the types they may have. */
export const columnTypes: Readonly<Record<string, readonly ElementType[]>> = {
  "spans.startNs": ["f64"],
  "spans.packedDurationNs": ["u32"],
  "spans.packedSelfNs": ["u32"],
  "spans.longDurations.span": ["u32"],
  "spans.longDurations.durationNs": ["f64"],
  "spans.longDurations.selfNs": ["f64"],
  "spans.name": ["u16", "u32"],
  "spans.category": ["u8", "u16"],
  "spans.kind": ["u8"],
  "spans.slot": ["u8"],
  "spans.flags": ["u8"],
  "spans.depth": ["u8", "u16", "u32"],
  "spans.parent": ["i32"],
  "spans.lane": ["u8", "u16", "u32"],
  // Up to version 3.
  "spans.link": ["u32"],
  "spans.links.bits": ["u32"],
  "spans.links.before": ["u32"],
  "spans.links.id": ["u32"],
  "spans.sourceLow": ["u32"],
  "spans.sourceHigh": ["u8"],
  "spans.endSources.span": ["u32"],
  "spans.endSources.offset": ["f64"],
  "rows.track": ["u32"],
  "rows.lane": ["u32"],
  "rows.depth": ["u32"],
  "rows.first": ["u32"],
  "rows.span": ["u32"],
  "rows.detail.pyramidFirst": ["u32"],
  "rows.detail.busyNs": ["f32"],
  "rows.detail.longest": ["u32"],
  "rows.detail.longestNs": ["f32"],
  "rows.detail.mipmapFirst": ["u32"],
  "rows.detail.occupancy": ["u8"],
  "rows.detail.slot": ["u8"],
  "instants.timeNs": ["f64"],
  "instants.name": ["u32"],
  "instants.category": ["u16"],
  "instants.scope": ["u8"],
  "instants.sourceLow": ["u32"],
  "instants.sourceHigh": ["u8"],
  "counters.timeNs": ["f64"],
  "counters.value": ["f64"],
  "flows.from": ["u32"],
  "flows.to": ["u32"],
  "flows.name": ["u8", "u16", "u32"],
  "launches.values": ["f64"],
  "strings.bytes": ["u8"],
  "strings.ends": ["u32"],
};

export const optionalColumns: ReadonlySet<string> = new Set([
  "spans.lane",
  "spans.link",
  "spans.sourceHigh",
  "spans.flags",
  "spans.endSources.span",
  "spans.endSources.offset",
]);
