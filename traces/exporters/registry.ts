import type { Exporter } from "./exporter.ts";
import { chromeJson } from "./formats/chrome-json.ts";
import { csvLaunches } from "./formats/csv-launches.ts";
import { csvSpans } from "./formats/csv-spans.ts";
import { deltaflame } from "./formats/deltaflame.ts";

/** Every format that a trace can be written to, in the order of menus. */
export const exporters: readonly Exporter[] = [deltaflame, chromeJson, csvSpans, csvLaunches];
