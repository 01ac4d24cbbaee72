import type { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { CategorySide } from "./kinds.ts";
import type { Tracks } from "./tracks.ts";

/** What differs between tools that write trace-event files. */
export interface Dialect {
  /** Importer id. */
  readonly format: string;
  /** Called once per (category, name); lines of device planes are asked separately. */
  kindOf(category: string | null, name: string): SpanKind;
  sideOf(category: string): CategorySide;
  /** Device spans name their launch by a correlation id. */
  readonly linksLaunches: boolean;
  /** Category whose first span is mostly compilation. */
  readonly warmUpCategory?: string;
  /** Names the tracks met so far; called at the end and before each snapshot. */
  describeTracks(tracks: Tracks, builder: TraceBuilder, facts: TrackFacts): void;
  /** Label and producer of the file, from what was met so far. */
  describeFile(found: FoundInFile): FileLabel;
}

/** What else is known of a file. */
export interface TrackFacts {
  readonly isKineto: boolean;
  /** By pid. */
  readonly deviceNames: ReadonlyMap<string, string>;
}

export interface FoundInFile {
  readonly isKineto: boolean;
  readonly isXla: boolean;
  readonly producer: string | null;
}

export interface FileLabel {
  readonly formatLabel: string;
  readonly producer: string | null;
}
