import type {
  EngineClient,
  SlotMeaning,
  TraceKey,
  TraceSummary,
  TrackSummary,
  ViewPicture,
} from "../../electron/contract/engine-contract.ts";
import type { TraceTab, Viewport } from "../state/trace-tab.ts";
import { type Coloring, paletteOf } from "../theme/coloring.ts";
import type { Palette } from "../theme/palette.ts";
import { type MinimapPlan, planMinimap } from "./minimap.ts";
import { MinimapPicture } from "./minimap-picture.ts";
import { NameCache } from "./name-cache.ts";
import { type CachedPicture, PictureCache } from "./picture-cache.ts";
import { type PictureRaster, Rasterizer } from "./picture-raster.ts";
import type { PlacedLines } from "./scene.ts";
import { counterHeightPx, linesBetween, type StripLayout } from "./strips.ts";
import { texelColorsOf } from "./texel-colors.ts";

export interface PictureNeed {
  readonly view: Viewport;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly minimapWidthPx: number;
  readonly dpr: number;
  readonly scrollTopPx: number;
  readonly layout: StripLayout;
  readonly lines: PlacedLines;
  readonly moving: boolean;
}

export interface PictureSourceOptions {
  readonly engine: EngineClient;
  readonly trace: TraceKey;
  readonly summary: TraceSummary;
  /** As they are grouped. */
  readonly tracks: readonly TrackSummary[];
  readonly tab: Pick<TraceTab, "mutedKinds" | "search">;
  readonly palette: Palette;
  readonly coloring: Coloring;
  /** Something new can be drawn. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** The overview of the trace, and what its strips are. */
export interface MinimapRaster {
  readonly raster: PictureRaster;
  readonly plan: MinimapPlan;
}

/** Spans narrower than this are texels only, CSS px. */
const minBoxPx = 4;

/** Pictures of one trace, ready for drawing: asks the engine, colors what comes. */
export class PictureSource {
  readonly #options: PictureSourceOptions;
  readonly #cache: PictureCache;
  readonly #minimapCache: MinimapPicture;
  readonly #names: NameCache;
  readonly #rasterizer = new Rasterizer();
  readonly #minimapRasterizer = new Rasterizer();
  #summary: TraceSummary;
  #tracks: readonly TrackSummary[];
  #tab: Pick<TraceTab, "mutedKinds" | "search">;
  #palette: Palette;
  #coloring: Coloring;
  #raster: PictureRaster | null = null;
  #minimap: MinimapRaster | null = null;
  #plan: MinimapPlan;
  #layout: StripLayout | null = null;
  #dpr = 1;
  #closed = false;

  constructor(options: PictureSourceOptions) {
    const { engine, trace, onError } = options;
    this.#options = options;
    this.#summary = options.summary;
    this.#tracks = options.tracks;
    this.#tab = options.tab;
    this.#palette = options.palette;
    this.#coloring = options.coloring;
    this.#plan = planMinimap(options.tracks);
    this.#names = new NameCache((ids) => engine.call("names.get", { trace, ids }), options.onChange);
    this.#cache = new PictureCache({
      ask: (question) =>
        engine.call("timeline.view", {
          ...question,
          trace,
          panel: `timeline ${trace}`,
          minBoxPx: minBoxPx * this.#dpr,
          ...slotsFor(this.#coloring),
        }),
      onPicture: (cached) => this.#take(cached),
      onError,
    });
    this.#minimapCache = new MinimapPicture(
      ({ plan: { strips }, ...question }) =>
        engine.call("timeline.view", {
          ...question,
          strips,
          trace,
          panel: `minimap ${trace}`,
          startNs: 0,
          minBoxPx: question.widthPx,
          generation: 0,
        }),
      (picture, plan) => this.#takeMinimap(picture, plan),
      onError,
    );
  }

  get raster(): PictureRaster | null {
    return this.#raster;
  }

  get minimap(): MinimapRaster | null {
    return this.#minimap;
  }

  /** Whether the picture of the tracks is still to come. */
  get busy(): boolean {
    return this.#cache.busy;
  }

  /** The name, or undefined while the engine is asked. */
  get nameOf(): (id: number) => string | undefined {
    return this.#names.get;
  }

  get nameCount(): number {
    return this.#names.count;
  }

  update(
    summary: TraceSummary,
    tracks: readonly TrackSummary[],
    tab: Pick<TraceTab, "mutedKinds" | "search">,
    palette: Palette,
    coloring: Coloring,
  ): void {
    const recolor = palette !== this.#palette || coloring !== this.#coloring || tab.mutedKinds !== this.#tab.mutedKinds;
    if (tracks !== this.#tracks) this.#plan = planMinimap(tracks);
    this.#tracks = tracks;
    this.#summary = summary;
    this.#tab = tab;
    this.#palette = palette;
    this.#coloring = coloring;
    if (!recolor) return;
    if (this.#raster !== null) this.#take(this.#raster.cached);
    if (this.#minimap !== null) this.#takeMinimap(this.#minimap.raster.picture, this.#minimap.plan);
  }

  /** Tells what the screen shows; asks for pictures as needed. */
  want(need: PictureNeed): void {
    this.#layout = need.layout;
    this.#dpr = need.dpr;
    const search = this.#tab.search?.key ?? null;
    this.#cache.want({
      view: need.view,
      widthPx: Math.round(need.widthPx * need.dpr),
      durationNs: this.#summary.durationNs,
      visibleKeys: [...need.lines.pinned, ...need.lines.scrolled].map((placed) => placed.line.key),
      surroundings: () => surroundings(need),
      // A search whose result is not there yet changes nothing; kinds and theme are applied here, not in the engine.
      content: [this.#summary, search, this.#tab.search?.summary ?? null, slotsFor(this.#coloring).slots],
      search,
      moving: need.moving,
    });
    this.#minimapCache.want({
      plan: this.#plan,
      endNs: Math.max(1, this.#summary.durationNs),
      widthPx: Math.round(need.minimapWidthPx * need.dpr),
      search,
      slots: slotsFor(this.#coloring).slots ?? "name",
    });
  }

  /** Asks for the names that the last frame missed. */
  fetchNames(): void {
    this.#names.fetchMissing().catch(this.#options.onError);
  }

  close(): void {
    this.#closed = true;
    this.#cache.reset();
  }

  #take(cached: CachedPicture): void {
    if (this.#closed) return;
    const layout = this.#layout;
    const keys = [...cached.stripOf.keys()];
    const palette = this.#paletteFor(cached.picture);
    const colors = texelColorsOf(palette, this.#tab.mutedKinds);
    this.#raster = this.#rasterizer.raster(cached, colors, palette, (strip) => {
      const track = Number(keys[strip]?.slice(1));
      const block = layout?.blocks[layout.blockOfTrack.get(track) ?? -1];
      return { range: block?.track.sampleRange ?? null, heightPx: Math.round((counterHeightPx - 2) * this.#dpr) };
    });
    this.#options.onChange();
  }

  /** Colors that say what the slots of the picture mean: until one of another meaning has come, the old one keeps its own. */
  #paletteFor({ slots }: ViewPicture): Palette {
    if (slots === "selfShare") return paletteOf(this.#palette, "selfShare");
    return paletteOf(this.#palette, this.#coloring === "selfShare" ? "kind" : this.#coloring);
  }

  #takeMinimap(picture: ViewPicture, plan: MinimapPlan): void {
    if (this.#closed) return;
    const palette = this.#paletteFor(picture);
    const raster = this.#minimapRasterizer.raster(
      { picture, stripOf: new Map(), content: [] },
      texelColorsOf(palette, this.#tab.mutedKinds),
      palette,
      () => ({ range: null, heightPx: 1 }),
    );
    this.#minimap = { raster, plan };
    this.#options.onChange();
  }
}

/** What the engine is asked for; kinds and names are the same slots in other colors. */
function slotsFor(coloring: Coloring): { readonly slots?: SlotMeaning } {
  return coloring === "selfShare" ? { slots: "selfShare" } : {};
}

/** Pinned lines, and the scrolled ones with a screen above and below. */
function surroundings(need: PictureNeed): { key: string; strip: PlacedLines["pinned"][number]["line"]["strip"] }[] {
  const { layout, heightPx, scrollTopPx } = need;
  const topPx = layout.pinnedPx + scrollTopPx;
  const scrolled = linesBetween(layout, Math.max(layout.pinnedPx, topPx - heightPx / 2), topPx + heightPx * 1.5);
  const seen = new Set<string>();
  const strips: { key: string; strip: PlacedLines["pinned"][number]["line"]["strip"] }[] = [];
  for (const { key, strip } of [...need.lines.pinned.map((placed) => placed.line), ...scrolled]) {
    if (seen.has(key)) continue;
    seen.add(key);
    strips.push({ key, strip });
  }
  return strips;
}
