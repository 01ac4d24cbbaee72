/** What a recorder tells whoever collects: plain data, in order; blocks are shared memory. */
export type RecordMessage =
  | { readonly kind: "track"; readonly track: number; readonly name: string; readonly sortIndex: number }
  | { readonly kind: "block"; readonly track: number; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "name"; readonly track: number; readonly text: string; readonly spanKind: number }
  /** Block `number` of all that the track ever had is written no more: it can be saved. */
  | { readonly kind: "retired"; readonly track: number; readonly number: number; readonly open: readonly OpenSpan[] }
  /** A span of a retired block has ended. */
  | { readonly kind: "ended"; readonly track: number; readonly row: number; readonly endNs: number }
  /** An argument of a span of a retired block. */
  | {
      readonly kind: "noted";
      readonly track: number;
      readonly row: number;
      readonly key: string;
      readonly value: string;
    }
  /** The oldest block is the newest now; `lost`: rows that were in it and are nowhere else. */
  | { readonly kind: "overwritten"; readonly track: number; readonly lost: number }
  | SaverMessage;

/** What the saver of blocks tells. */
export type SaverMessage =
  /** The rows of a retired block lie in a file. */
  | { readonly kind: "saved"; readonly track: number; readonly number: number; readonly slot: number }
  /** Their place was given to newer ones. */
  | { readonly kind: "forgotten"; readonly track: number; readonly number: number };

/** A span that is open while its block retires: whoever collects keeps it from then on. */
export interface OpenSpan {
  /** Counted over all blocks of the track. */
  readonly row: number;
  readonly startNs: number;
  readonly name: number;
}
