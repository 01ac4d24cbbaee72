import { Table2 } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import styles from "./ChartFrame.module.css";
import type { ChartTable } from "./chart-table.ts";
import { ChartTableView } from "./ChartTableView.tsx";
import type { DrawnLegendEntry } from "./export-chart.ts";
import { ExportMenu } from "./ExportMenu.tsx";
import type { LegendEntry } from "./legend.ts";
import { LegendSign, signHeightPx, signWidthPx } from "./LegendSign.tsx";

const css = classes(styles);

/** Room of a drawing, CSS px. */
export interface ChartSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface ChartFrameProps {
  readonly title: string;
  /** What the numbers hold for, below the title: backend, device, precision, warm-up. */
  readonly about?: string;
  /** Name of exported files, without its ending. */
  readonly fileName: string;
  /** The numbers behind the drawing. */
  readonly table: ChartTable;
  readonly legend?: readonly LegendEntry[];
  /** Legend lines that are switched off. */
  readonly hidden?: ReadonlySet<string>;
  /** Makes buttons of the legend lines. */
  readonly onToggle?: (id: string) => void;
  readonly legendPlace?: "top" | "left";
  /** Switches of this chart, before the standard ones. */
  readonly tools?: ReactNode;
  /** A height in px, or a function of the width; "fill" takes what the parent leaves. */
  readonly heightPx: number | "fill";
  /** Draws one `<svg>` with a view box of this size. */
  readonly children: (size: ChartSize) => ReactNode;
}

/** What every chart stands in: title, legend, the numbers as a table, export as SVG, PNG and CSV. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, about, table, legend = [], legendPlace = "top", tools, heightPx, children } = props;
  const frameRef = useRef<HTMLElement>(null);
  const [size, roomRef] = useRoom();
  const [isTable, setIsTable] = useState(false);
  const titleId = useId();
  return (
    <section ref={frameRef} className={css("frame", heightPx === "fill" && "fill")} aria-labelledby={titleId}>
      <div className={css("head")}>
        <h2 id={titleId} className={css("title")}>
          {title}
        </h2>
        <span className={css("tools")}>
          {tools}
          <IconButton
            icon={<Table2 size={15} />}
            label={isTable ? "Show as chart" : "Show as table"}
            isOn={isTable}
            onPress={() => setIsTable(!isTable)}
          />
          <ExportMenu
            title={title}
            {...(about === undefined ? {} : { about })}
            fileName={props.fileName}
            chart={() => frameRef.current?.querySelector<SVGSVGElement>("[data-chart]") ?? null}
            legend={() => drawnLegend(frameRef.current, legend)}
            table={() => table}
            isTable={isTable}
          />
        </span>
      </div>
      {about === undefined ? null : <p className={css("about")}>{about}</p>}
      <div className={css("body", legendPlace)}>
        {legend.length === 0 ? null : <Legend {...props} legend={legend} />}
        <div
          ref={roomRef}
          className={css("room")}
          style={
            heightPx === "fill"
              ? {}
              : { flex: legendPlace === "left" ? "1" : "none", height: isTable ? Math.max(heightPx, 160) : heightPx }
          }
        >
          {isTable ? (
            <ChartTableView label={title} table={table} />
          ) : size === null ? null : (
            children({ widthPx: size.widthPx, heightPx: heightPx === "fill" ? size.heightPx : heightPx })
          )}
        </div>
      </div>
    </section>
  );
}

function Legend({
  legend,
  hidden,
  onToggle,
}: Pick<ChartFrameProps, "hidden" | "onToggle"> & { readonly legend: readonly LegendEntry[] }) {
  return (
    <ul className={css("legend")} aria-label="Legend">
      {legend.map((entry) => {
        const isHidden = hidden?.has(entry.id) === true;
        const words = (
          <>
            <svg
              width={signWidthPx}
              height={signHeightPx}
              viewBox={`0 0 ${signWidthPx} ${signHeightPx}`}
              data-legend-sign={isHidden ? undefined : entry.id}
              aria-hidden
            >
              <LegendSign entry={entry} />
            </svg>
            <span className={css("entryWords")}>
              <span className={css("entryTitle")}>
                {entry.partTitle === undefined ? (
                  entry.title
                ) : (
                  <>
                    <span aria-hidden>{entry.partTitle}</span>
                    <span className="visually-hidden">{entry.title}</span>
                  </>
                )}
              </span>
              {entry.note === undefined ? null : <span className={css("note")}>{entry.note}</span>}
            </span>
          </>
        );
        return (
          <li key={entry.id} className={css(isHidden && "off", entry.partTitle !== undefined && "part")}>
            {onToggle === undefined ? (
              <span className={css("entry")}>{words}</span>
            ) : (
              <button
                type="button"
                className={css("entry", "toggle")}
                aria-pressed={!isHidden}
                onClick={() => onToggle(entry.id)}
              >
                {words}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The signs of the legend that are switched on. */
function drawnLegend(root: HTMLElement | null, legend: readonly LegendEntry[]): readonly DrawnLegendEntry[] {
  return legend.flatMap((entry) => {
    const sign = root?.querySelector<SVGElement>(`[data-legend-sign="${CSS.escape(entry.id)}"]`) ?? null;
    const text = entry.note === undefined ? entry.title : `${entry.title} (${entry.note})`;
    return sign === null ? [] : [{ text, sign }];
  });
}

/** The room that the page gives, once it is known. */
function useRoom(): readonly [ChartSize | null, React.RefObject<HTMLDivElement | null>] {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<ChartSize | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { clientWidth: widthPx, clientHeight } = element;
      if (widthPx > 0 && clientHeight > 0) setSize({ widthPx, heightPx: clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [size, ref];
}
