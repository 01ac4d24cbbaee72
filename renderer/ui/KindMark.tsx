import type { SpanKindName } from "../../traces/model/span-kind.ts";
import { usePalette } from "../theme/theme.ts";
import { classes } from "./css.ts";
import styles from "./KindMark.module.css";

const css = classes(styles);

const kindTitles: Readonly<Record<SpanKindName, string>> = {
  other: "other",
  step: "step",
  phase: "phase",
  op: "operation",
  launch: "launch",
  kernel: "kernel",
  hostToDevice: "host → device",
  deviceToHost: "device → host",
  deviceToDevice: "device → device",
  sync: "sync",
  compile: "compile",
  io: "I/O",
  collective: "collective",
};

/** The kind in words. */
export const kindTitle = (kind: SpanKindName): string => kindTitles[kind];

/** A small square in the color of a kind; the word stands beside it or in its tooltip. */
export function KindMark({ kind, muted = false }: { readonly kind: SpanKindName; readonly muted?: boolean }) {
  const palette = usePalette();
  return (
    <span
      className={css("mark", muted && "muted")}
      style={{ background: palette.kindFill[kind] }}
      title={kindTitles[kind]}
      aria-hidden
    />
  );
}
