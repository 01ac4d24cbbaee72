/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions --
   rows lie where their index says, which table elements cannot; keys act on the grid, which alone has the focus */
import { elementScroll, type Rect, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  type PointerEvent as ReactPointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useState,
} from "react";
import { ColumnsMenu } from "./ColumnsMenu.tsx";
import { classes } from "./css.ts";
import styles from "./DataGrid.module.css";
import { fitColumns, minRestPx, widthOf } from "./fit-columns.ts";
import { useMountStages } from "./use-mount-stages.ts";
import { useWidth } from "./use-width.ts";

const css = classes(styles);
const rowHeightPx = 24;
const minColumnPx = 44;
/** Until the place on the page is known. */
const usualRect: Rect = { width: 1000, height: 500 };
/** The button for the columns, at the end of the head. */
const columnsMenuPx = 44;

export interface GridColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Longer words for the header's tooltip. */
  readonly hint?: string;
  readonly align: "start" | "end";
  /** The column without a width takes the rest. */
  readonly widthPx?: number;
  readonly sortable?: boolean;
  /** Where there is no room for all columns, those with the smallest fold first; absent: never. */
  readonly foldOrder?: number;
  readonly cell: (row: Row) => ReactNode;
}

export interface GridRowState {
  /** 1 = outermost; makes a tree of the grid. */
  readonly level: number;
  /** Null: nothing below. */
  readonly expanded: boolean | null;
}

export interface DataGridProps<Row> {
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rowCount: number;
  /** Null while the row is on its way. */
  readonly rowAt: (index: number) => Row | null;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly onSort?: (column: string) => void;
  readonly current: number | null;
  /** The row under the keyboard or the last click. */
  readonly onCurrent: (index: number) => void;
  /** Enter or double click. */
  readonly onActivate?: (index: number) => void;
  readonly onHover?: (index: number | null) => void;
  /** Asked for these rows, ends included. */
  readonly onVisible?: (first: number, last: number) => void;
  /** Rows to stand out a little: they hold what is selected elsewhere. */
  readonly isMarked?: (row: Row) => boolean;
  readonly rowState?: (index: number) => GridRowState;
  readonly onToggle?: (index: number, expanded: boolean) => void;
  readonly onColumnWidth?: (column: string, widthPx: number) => void;
  /** Ctrl/⌘+C inside the grid. */
  readonly onCopy?: () => void;
  /** Comes in parts, each in a task of its own: head, a few rows, more rows. For grids that come while something runs. */
  readonly isStaged?: boolean;
}

/** Empty until its width is known, then the head, then rows: so many more with each stage, all at the last one. */
const headStage = 1;
const rowsAStage = 6;
const lastStage = 5;

/** A table of any length: sorted by its heads, walked by keys, only the visible rows in the page. */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const [widthPx, scrollRef] = useWidth();
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const stage = useMountStages(props.isStaged === true, lastStage);
  const foldable = props.columns.filter(({ foldOrder }) => foldOrder !== undefined);
  const endPx = foldable.length > 0 ? columnsMenuPx : 0;
  const { shown, folded } = fitColumns(props.columns, Math.max(0, widthPx - endPx), chosen);
  return (
    <div className={css("frame")}>
      <ShownGrid {...props} columns={shown} endPx={endPx} scrollRef={scrollRef} stage={stage} />
      {foldable.length === 0 || stage < lastStage ? null : (
        <ColumnsMenu foldable={foldable} folded={folded} onChoose={(ids) => setChosen(new Set(ids))} />
      )}
    </div>
  );
}

/** Waits for the layout of the page; the library's own asks for it at once, in the middle of other work. */
function observeRect(
  { scrollElement }: Virtualizer<HTMLDivElement, Element>,
  onRect: (rect: Rect) => void,
): (() => void) | undefined {
  if (scrollElement === null) return undefined;
  const observer = new ResizeObserver((entries) => {
    const { width = 0, height = 0 } = entries.at(-1)?.contentRect ?? {};
    onRect({ width: Math.round(width), height: Math.round(height) });
  });
  observer.observe(scrollElement);
  return () => observer.disconnect();
}

/** What has just come stands at its start; the library would scroll it there, which lays the page out at once. */
function scrollWhereNeeded(
  offset: number,
  options: Parameters<typeof elementScroll>[1],
  instance: Virtualizer<HTMLDivElement, Element>,
): void {
  const isAtStart = offset + (options.adjustments ?? 0) === 0 && (instance.scrollOffset ?? 0) === 0;
  if (!isAtStart) elementScroll(offset, options, instance);
}

interface ShownGridProps<Row> extends DataGridProps<Row> {
  /** Kept free at the end of each row. */
  readonly endPx: number;
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly stage: number;
}

function ShownGrid<Row>({ endPx, scrollRef, stage, ...props }: ShownGridProps<Row>) {
  const { columns, rowCount, current, onHover, onVisible } = props;
  const id = useId();
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized over the functions it returns
  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    initialRect: usualRect,
    observeElementRect: observeRect,
    scrollToFn: scrollWhereNeeded,
    scrollPaddingStart: rowHeightPx,
  });
  const visible = virtualizer.getVirtualItems();
  const items = stage < lastStage ? visible.slice(0, rowsAStage * Math.max(0, stage - headStage)) : visible;
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) onVisible?.(first, last);
  }, [first, last, onVisible]);

  const template = columns
    .map((column) => (column.widthPx === undefined ? `minmax(${minRestPx}px, 1fr)` : `${column.widthPx}px`))
    .concat(endPx > 0 ? [`${endPx}px`] : [])
    .join(" ");
  const minWidth = widthOf(columns) + endPx;
  const isTree = props.rowState !== undefined;
  const moveTo = (index: number): void => {
    const target = Math.min(rowCount - 1, Math.max(0, index));
    if (target < 0) return;
    props.onCurrent(target);
    virtualizer.scrollToIndex(target);
  };
  const pageRows = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 240) / rowHeightPx) - 2);

  return (
    <div
      ref={scrollRef}
      className={css("grid")}
      role={isTree ? "treegrid" : "grid"}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      {...(current !== null && current >= first && current <= last
        ? { "aria-activedescendant": `${id}-${current}` }
        : {})}
      onKeyDown={(event) => handleGridKey(event, props, moveTo, pageRows)}
      onPointerLeave={() => onHover?.(null)}
    >
      <div role="rowgroup" className={css("head")} style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className={css("row")} style={{ gridTemplateColumns: template }}>
          {stage < headStage
            ? null
            : columns.map((column, index) => <HeadCell key={column.id} column={column} index={index} grid={props} />)}
        </div>
      </div>
      <div role="rowgroup" className={css("body")} style={{ height: virtualizer.getTotalSize(), minWidth }}>
        {items.map((item) => (
          <BodyRow
            key={item.key}
            id={`${id}-${item.index}`}
            index={item.index}
            topPx={item.start}
            template={template}
            grid={props}
          />
        ))}
      </div>
    </div>
  );
}

function HeadCell<Row>({
  column,
  index,
  grid,
}: {
  readonly column: GridColumn<Row>;
  readonly index: number;
  readonly grid: DataGridProps<Row>;
}) {
  const sorted = grid.sort?.column === column.id;
  const order = sorted ? (grid.sort?.descending ? "descending" : "ascending") : "none";
  const sortable = column.sortable === true && grid.onSort !== undefined;
  const startResize = (event: ReactPointerEvent<HTMLSpanElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget;
    const startPx = event.clientX;
    const widthPx = column.widthPx ?? 0;
    handle.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent): void =>
      grid.onColumnWidth?.(column.id, Math.max(minColumnPx, widthPx - (next.clientX - startPx)));
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), {
      once: true,
    });
  };
  return (
    <div
      role="columnheader"
      aria-colindex={index + 1}
      className={css("headCell", column.align)}
      title={column.hint}
      {...(sortable ? { "aria-sort": order } : {})}
    >
      {grid.onColumnWidth !== undefined && column.widthPx !== undefined ? (
        <span className={css("resize")} onPointerDown={startResize} aria-hidden />
      ) : null}
      {sortable ? (
        <button type="button" className={css("sort")} tabIndex={-1} onClick={() => grid.onSort?.(column.id)}>
          {column.title}
          {order === "descending" ? <ArrowDown size={12} aria-hidden /> : null}
          {order === "ascending" ? <ArrowUp size={12} aria-hidden /> : null}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}

interface BodyRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly topPx: number;
  readonly template: string;
  readonly grid: DataGridProps<Row>;
}

function BodyRow<Row>({ id, index, topPx, template, grid }: BodyRowProps<Row>) {
  const row = grid.rowAt(index);
  const state = grid.rowState?.(index);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={grid.current === index}
      {...(state === undefined ? {} : { "aria-level": state.level })}
      {...(state === undefined || state.expanded === null ? {} : { "aria-expanded": state.expanded })}
      className={css(
        "row",
        "bodyRow",
        grid.current === index && "current",
        row !== null && grid.isMarked?.(row) === true && "marked",
      )}
      style={{ gridTemplateColumns: template, transform: `translateY(${topPx}px)` }}
      onPointerEnter={() => grid.onHover?.(index)}
      onClick={() => grid.onCurrent(index)}
      onDoubleClick={() => grid.onActivate?.(index)}
    >
      {grid.columns.map((column, columnIndex) => (
        <div key={column.id} role="gridcell" aria-colindex={columnIndex + 1} className={css("cell", column.align)}>
          {row === null ? <span className={css("waiting")}>…</span> : column.cell(row)}
        </div>
      ))}
    </div>
  );
}

function handleGridKey<Row>(
  event: KeyboardEvent,
  grid: DataGridProps<Row>,
  moveTo: (index: number) => void,
  pageRows: number,
): void {
  const isCopy = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c";
  if (isCopy && grid.onCopy !== undefined) grid.onCopy();
  else if (event.ctrlKey || event.metaKey || event.altKey || !walk(event.key, grid, moveTo, pageRows)) return;
  event.preventDefault();
}

/** Whether the key meant something here. */
function walk<Row>(key: string, grid: DataGridProps<Row>, moveTo: (index: number) => void, pageRows: number): boolean {
  const { current, rowCount } = grid;
  const from = current ?? -1;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: Math.max(0, from - 1),
    PageDown: from + pageRows,
    PageUp: from - pageRows,
    Home: 0,
    End: rowCount - 1,
  };
  const target = targets[key];
  if (target !== undefined) moveTo(target);
  else if (current === null) return false;
  else if (key === "Enter" && grid.onActivate !== undefined) grid.onActivate(current);
  else if (key === "ArrowRight" || key === "ArrowLeft") return openOrStep(key === "ArrowRight", current, grid, moveTo);
  else return false;
  return true;
}

/** As in a tree: right opens, then goes in; left closes, then goes out. */
function openOrStep<Row>(
  opens: boolean,
  current: number,
  grid: DataGridProps<Row>,
  moveTo: (index: number) => void,
): boolean {
  const state = grid.rowState?.(current);
  if (state === undefined) return false;
  if (state.expanded !== null && state.expanded !== opens) grid.onToggle?.(current, opens);
  else if (opens) moveTo(current + 1);
  else moveTo(outerRow(grid, current, state.level));
  return true;
}

function outerRow<Row>(grid: DataGridProps<Row>, from: number, level: number): number {
  for (let index = from - 1; index >= 0; index--) if ((grid.rowState?.(index).level ?? 1) < level) return index;
  return from;
}
