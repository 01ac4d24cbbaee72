import type { JsonArguments } from "../../importers/importer.ts";
import { linkOf } from "../../model/link-table.ts";
import {
  flagsOf,
  categoryOf,
  durationOf,
  endOf,
  noCategory,
  SpanFlag,
  type Trace,
  type Track,
} from "../../model/trace.ts";
import { identifyTracks, trackMetadata, type TrackIdentity } from "../chrome/track-identity.ts";
import { writeHeader } from "../chrome/write-header.ts";
import { createMicrosWriter, formatMicros } from "../exact-micros.ts";
import { entryCount, type ExportContext, type Exporter } from "../exporter.ts";
import { createHomeFolderFilter } from "../home-folders.ts";
import { PieceBuffer } from "../piece-buffer.ts";
import { textOf } from "../../model/text-table.ts";

/*
 * Mapping: span → X; span of an asynchronous track → b and e of an id per lane; open-ended → X or b without an end;
 * instant → i; sample → C; arrow → s and f; names and order of tracks → M. What Chrome's format has no word for
 * (kinds, lanes, links, arrows to the span itself, tracks, facts) stands in the root member "deltaflame" and in the
 * member "df" of events, which other programs pass over and `importers/formats/deltaflame-json.ts` reads.
 */

/** Entries between two looks at the cancel flag. */
const entriesPerLook = 512;

export const chromeJson: Exporter = {
  id: "chrome-json",
  label: "Chrome trace (JSON)",
  extension: "json",
  description: "For Perfetto, chrome://tracing, speedscope and others",
  takes: "spans",
  writesArguments: true,
  async *write(trace, context) {
    const writer = new EventWriter(trace, context);
    yield* writer.header();
    yield* writer.spans();
    yield* writer.instants();
    yield* writer.samples();
    yield* writer.flows();
    yield writer.end();
  },
};

/** Arguments that are folders and sources of the machine, whole: never exported. */
const privateArguments: ReadonlySet<string> = new Set(["source_stack"]);

class EventWriter {
  readonly #trace: Trace;
  readonly #context: ExportContext;
  readonly #pieces = new PieceBuffer();
  readonly #hideHome: (text: string) => string;
  readonly #micros: (timeNs: number) => string;
  readonly #tracks: readonly TrackIdentity[];
  readonly #quoted: string[] = [];
  #isFirst = true;
  #done = 0;

  constructor(trace: Trace, context: ExportContext) {
    this.#trace = trace;
    this.#context = context;
    this.#hideHome = createHomeFolderFilter(context.keepHomeFolders);
    this.#micros = createMicrosWriter(trace.meta.originClockNs);
    this.#tracks = identifyTracks(trace.tracks);
  }

  *header(): Generator<Uint8Array, void> {
    this.#pieces.add(writeHeader(this.#trace, this.#tracks, this.#context.writer, this.#hideHome));
    for (const event of trackMetadata(this.#trace.tracks, this.#tracks, this.#hideHome)) {
      this.#add(event);
      if (this.#pieces.isFull) yield this.#pieces.take();
    }
  }

  async *spans(): AsyncGenerator<Uint8Array, void> {
    const { spans, tracks } = this.#trace;
    const { argumentReader } = this.#context;
    for (const track of tracks) {
      const end = track.firstSpan + track.spanCount;
      const hasLanes = hasFurtherLanes(this.#trace, track);
      const open = new LaneStacks();
      for (let span: number = track.firstSpan; span < end; span++) {
        this.#look();
        const found = argumentReader === null ? [] : argumentReader.ofSpan(span);
        const args = found instanceof Promise ? await found : found;
        if (track.kind === "async") this.#addAsync(track, span, args, open);
        else this.#addComplete(track, span, args, hasLanes);
        if (this.#pieces.isFull) yield this.#pieces.take();
      }
      if (track.kind === "async") for (const ended of open.closeAll(spans)) this.#addAsyncEnd(track, ended);
    }
  }

  async *instants(): AsyncGenerator<Uint8Array, void> {
    const { instants, tracks } = this.#trace;
    const { argumentReader } = this.#context;
    for (const track of tracks) {
      for (let i = track.firstInstant; i < track.firstInstant + track.instantCount; i++) {
        this.#look();
        const found = argumentReader === null ? [] : argumentReader.ofInstant(i);
        const args = found instanceof Promise ? await found : found;
        const scope = "tpg"[instants.scope[i]];
        this.#add(
          `${this.#start("i", track, instants.timeNs[i])}${this.#naming(instants.name[i], instants.category[i])},"s":"${scope}"${this.#arguments(args)}}`,
        );
        if (this.#pieces.isFull) yield this.#pieces.take();
      }
    }
  }

  *samples(): Generator<Uint8Array, void> {
    const { counters, tracks } = this.#trace;
    for (const track of tracks) {
      const name = JSON.stringify(this.#hideHome(track.name));
      for (let i = track.firstSample; i < track.firstSample + track.sampleCount; i++) {
        this.#look();
        const value = counters.value[i];
        // JSON has no word for what is no finite number.
        const values = Number.isFinite(value) ? `"args":{"value":${value}}` : `"df":"${value}","args":{}`;
        this.#add(`${this.#start("C", track, counters.timeNs[i])},"name":${name},${values}}`);
        if (this.#pieces.isFull) yield this.#pieces.take();
      }
    }
  }

  *flows(): Generator<Uint8Array, void> {
    const { flows, spans, tracks } = this.#trace;
    const trackOf = createTrackFinder(tracks);
    for (let i = 0; i < flows.length; i++) {
      this.#look();
      const name = `,"name":${this.#text(flows.name[i])},"cat":"flow","id":${i + 1}`;
      const [from, to] = [flows.from[i], flows.to[i]];
      this.#add(`${this.#start("s", trackOf(from), spans.startNs[from])}${name},"df":[${from},${to}]}`);
      this.#add(`${this.#start("f", trackOf(to), spans.startNs[to])}${name},"bp":"e"}`);
      if (this.#pieces.isFull) yield this.#pieces.take();
    }
  }

  end(): Uint8Array {
    this.#pieces.add("\n]}\n");
    return this.#pieces.take();
  }

  #addComplete(track: Track, span: number, args: JsonArguments, hasLanes: boolean): void {
    const { spans } = this.#trace;
    const isOpen = (flagsOf(spans, span) & SpanFlag.openEnded) !== 0;
    const duration = isOpen ? "" : `,"dur":${formatMicros(durationOf(spans, span))}`;
    const lane = hasLanes && spans.lane !== undefined ? spans.lane[span] : -1;
    this.#add(
      `${this.#start("X", track, spans.startNs[span])}${duration}${this.#naming(spans.name[span], categoryOf(spans, span))}${this.#hints(span, lane)}${this.#arguments(args)}}`,
    );
  }

  #addAsync(track: Track, span: number, args: JsonArguments, open: LaneStacks): void {
    const { spans } = this.#trace;
    const lane = spans.lane === undefined ? 0 : spans.lane[span];
    for (const ended of open.closeBefore(spans, lane, spans.startNs[span])) this.#addAsyncEnd(track, ended);
    const isOpen = (flagsOf(spans, span) & SpanFlag.openEnded) !== 0;
    open.push(lane, span);
    const duration = isOpen ? "" : `,"dur":${formatMicros(durationOf(spans, span))}`;
    this.#add(
      `${this.#start("b", track, spans.startNs[span])}${duration}${this.#asyncNaming(span, track)}${this.#hints(span, lane)}${this.#arguments(args)}}`,
    );
  }

  #addAsyncEnd(track: Track, span: number): void {
    const { spans } = this.#trace;
    if ((flagsOf(spans, span) & SpanFlag.openEnded) !== 0) return;
    this.#add(`${this.#start("e", track, endOf(spans, span))}${this.#asyncNaming(span, track)}}`);
  }

  /** Spans of one lane share an id; "b" needs a category. */
  #asyncNaming(span: number, track: Track): string {
    const { spans } = this.#trace;
    const id = `,"id":"${track.id}.${spans.lane === undefined ? 0 : spans.lane[span]}"`;
    const category = categoryOf(spans, span);
    return category === noCategory
      ? `,"name":${this.#text(spans.name[span])},"cat":"async"${id}`
      : `${this.#naming(spans.name[span], category)}${id}`;
  }

  #start(phase: string, track: Track, timeNs: number): string {
    const { pid, tid } = this.#tracks[track.id];
    return `{"ph":"${phase}","pid":${pid},"tid":${tid},"ts":${this.#micros(timeNs)}`;
  }

  #naming(name: number, category: number): string {
    const text = `,"name":${this.#text(name)}`;
    return category === noCategory ? text : `${text},"cat":${this.#text(this.#trace.categories[category])}`;
  }

  /** Kind, link, lane + 1, flags, and whether there is a category; zeros at the end left out. */
  #hints(span: number, lane: number): string {
    const { spans } = this.#trace;
    const link = linkOf(spans, span);
    const isDerived = (flagsOf(spans, span) & SpanFlag.derived) !== 0;
    const hints = [spans.kind[span], link, lane + 1, isDerived ? 1 : 0, categoryOf(spans, span) === noCategory ? 1 : 0];
    while (hints.at(-1) === 0) hints.pop();
    return hints.length === 0 ? "" : `,"df":[${hints.join(",")}]`;
  }

  #arguments(args: JsonArguments): string {
    const shown = args.filter(([key]) => !privateArguments.has(key));
    if (shown.length === 0) return "";
    const text = shown.map(([key, json]) => `${JSON.stringify(key)}:${toOneLine(json)}`).join(",");
    return `,"args":{${this.#hideHome(text)}}`;
  }

  #text(id: number): string {
    return (this.#quoted[id] ??= JSON.stringify(this.#hideHome(textOf(this.#trace.strings, id))));
  }

  #add(event: string): void {
    this.#pieces.add(this.#isFirst ? `\n${event}` : `,\n${event}`);
    this.#isFirst = false;
  }

  #look(): void {
    if (this.#done++ % entriesPerLook !== 0) return;
    this.#context.throwIfCancelled();
    this.#context.reportProgress(this.#done - 1, entryCount(this.#trace));
  }
}

/** JSON as it is, in one line and without the slashes' optional backslashes, which would hide folders. */
function toOneLine(json: string): string {
  return json.replaceAll(/[\r\n\t]+/g, " ").replaceAll(/\\[^/]|\\\//g, (escape) => (escape === "\\/" ? "/" : escape));
}

function hasFurtherLanes({ spans }: Trace, track: Track): boolean {
  if (spans.lane === undefined) return false;
  for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++)
    if (spans.lane[span] > 0) return true;
  return false;
}

/** Open spans of each lane, so that ends come in the order in which brackets close. */
class LaneStacks {
  readonly #stacks = new Map<number, number[]>();

  push(lane: number, span: number): void {
    const stack = this.#stacks.get(lane);
    if (stack === undefined) this.#stacks.set(lane, [span]);
    else stack.push(span);
  }

  *closeBefore(spans: Trace["spans"], lane: number, timeNs: number): Generator<number, void> {
    const stack = this.#stacks.get(lane);
    for (let top = stack?.at(-1); top !== undefined && endOf(spans, top) <= timeNs; top = stack?.at(-1)) {
      stack?.pop();
      yield top;
    }
  }

  *closeAll(spans: Trace["spans"]): Generator<number, void> {
    for (const lane of this.#stacks.keys()) yield* this.closeBefore(spans, lane, Infinity);
  }
}

/** Finds the track of a span by halving: tracks are in the order of their spans. */
function createTrackFinder(tracks: readonly Track[]): (span: number) => Track {
  const filled = tracks.filter((track) => track.spanCount > 0);
  return (span) => {
    let low = 0;
    let high = filled.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (filled[middle].firstSpan <= span) low = middle;
      else high = middle - 1;
    }
    return filled[low];
  };
}
