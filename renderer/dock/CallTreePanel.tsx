import { ChevronDown, ChevronRight } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { CallTree, CallTreeRequest } from "../../electron/contract/engine-contract.ts";
import {
  chooseTimeUnit,
  formatCount,
  formatCounted,
  formatDurationExact,
  formatInUnit,
  formatShare,
  thinSpace,
  type Unit,
} from "../../traces/model/format-units.ts";
import { LongName } from "../names/LongName.tsx";
import { type PiecesOf, tellApart } from "../names/tell-apart.ts";
import { revisionOf, scopeOf, scopeWords } from "../state/scope.ts";
import { selectSpanById } from "../state/span-actions.ts";
import { useApp, useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { useEngineQuery } from "../state/use-engine-query.ts";
import { AlignedNumber, fractionDigitsOf } from "../ui/AlignedNumber.tsx";
import { classes } from "../ui/css.ts";
import { Answer } from "../ui/Answer.tsx";
import { DataGrid, type GridColumn } from "../ui/DataGrid.tsx";
import { Empty } from "../ui/Empty.tsx";
import { KindMark, kindTitle } from "../ui/KindMark.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import treeStyles from "./CallTreePanel.module.css";
import {
  childrenOf,
  heaviestPath,
  nodeCount,
  nodeKind,
  nodeName,
  nodeTotal,
  rootNode,
  visibleNodes,
} from "./call-tree.ts";
import styles from "./panel.module.css";
import { ShareBar } from "./ShareBar.tsx";

const css = classes({ ...styles, ...treeStyles });

/** Nodes below this part of the whole would be thousands of lines nobody reads; they are counted. */
const minShare = 0.0002;
const maxNodes = 10_000;

const directions = [
  { value: "topDown", title: "Top-down" },
  { value: "bottomUp", title: "Bottom-up" },
] as const;
const firstLevels = [
  { value: "names", title: "All tracks" },
  { value: "tracks", title: "Per track" },
] as const;

/** Time by path, as a tree that opens. */
export function CallTreePanel({ tab }: { readonly tab: TraceTab }) {
  const [direction, setDirection] = useState<CallTreeRequest["direction"]>("topDown");
  const [firstLevel, setFirstLevel] = useState<"names" | "tracks">("names");
  const request: CallTreeRequest = {
    trace: tab.key,
    scope: scopeOf(tab),
    direction,
    byTrack: firstLevel === "tracks",
    minShare,
    maxNodes,
  };
  const { reply, pending, error } = useEngineQuery("tree.calls", request, revisionOf(tab.summary));
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("scope")}>{scopeWords(tab)}</span>
        <Segmented label="Direction" value={direction} options={directions} onChange={setDirection} />
        <Segmented label="First level" value={firstLevel} options={firstLevels} onChange={setFirstLevel} />
        <span className={css("spacer")} />
        {reply !== null && reply.omittedNodes > 0 ? (
          <span
            className={css("note")}
          >{`${formatCounted(reply.omittedNodes, "node")} below ${minShare * 100}${thinSpace}% left out`}</span>
        ) : null}
      </div>
      <div className={css("body")}>
        {error !== null ? (
          <Empty title="The call tree could not be computed">{error}</Empty>
        ) : reply === null ? (
          <Empty title="Adding up…" />
        ) : (
          <Answer isStale={pending}>
            <TreeGrid tab={tab} tree={reply} />
          </Answer>
        )}
      </div>
    </div>
  );
}

interface TreePlace {
  readonly of: CallTree;
  readonly expanded: ReadonlySet<number>;
  readonly current: number | null;
}

function TreeGrid({ tab, tree }: { readonly tab: TraceTab; readonly tree: CallTree }) {
  const store = useAppStore();
  const widths = useApp((state) => state.columnWidths);
  const children = useMemo(() => childrenOf(tree), [tree]);
  // Numbers of nodes hold for one answer; what was opened in the one before says nothing about this one.
  const [place, setPlace] = useState<TreePlace>({ of: tree, expanded: heaviestPath(tree, children), current: null });
  const { expanded, current } = useMemo(
    () => (place.of === tree ? place : { expanded: heaviestPath(tree, children), current: null }),
    [place, tree, children],
  );
  useEffect(() => () => store.getState().setHover(null), [store]);
  const nodes = useMemo(() => visibleNodes(children, expanded), [children, expanded]);

  const toggle = useCallback(
    (node: number, open: boolean): void => {
      const next = new Set(expanded);
      if (open) next.add(node);
      else next.delete(node);
      setPlace({ of: tree, expanded: next, current });
    },
    [tree, expanded, current],
  );
  const piecesOf = useMemo(() => tellApart(nodes.map((node) => nodeName(tree, node))), [tree, nodes]);
  const columns = useMemo(
    () =>
      treeColumns(
        tree,
        widths,
        piecesOf,
        (node) => ((children[node]?.length ?? 0) === 0 ? null : expanded.has(node)),
        toggle,
      ),
    [tree, widths, piecesOf, children, expanded, toggle],
  );
  const select = (index: number, zoom: boolean): void => {
    setPlace({ of: tree, expanded, current: index });
    const span = tree.longestSpan[nodes[index] ?? rootNode] ?? -1;
    if (span >= 0) void selectSpanById(store, tab.key, span, { reveal: false, zoom });
  };
  if (nodes.length === 0) return <Empty title="No spans here">Nothing runs in the selected part.</Empty>;
  return (
    <DataGrid
      label="Call tree"
      columns={columns}
      rowCount={nodes.length}
      rowAt={(index) => nodes[index] ?? null}
      current={current}
      onCurrent={(index) => select(index, false)}
      onActivate={(index) => select(index, true)}
      onHover={(index) =>
        store
          .getState()
          .setHover(
            index === null ? null : { origin: "dock", span: null, name: nodeName(tree, nodes[index] ?? rootNode) },
          )
      }
      rowState={(index) => {
        const node = nodes[index] ?? rootNode;
        return {
          level: Math.max(1, tree.depth[node] ?? 1),
          expanded: (children[node]?.length ?? 0) === 0 ? null : expanded.has(node),
        };
      }}
      onToggle={(index, open) => toggle(nodes[index] ?? rootNode, open)}
      onColumnWidth={(column, widthPx) => store.getState().setColumnWidth(`callTree/${column}`, widthPx)}
    />
  );
}

function treeColumns(
  tree: CallTree,
  widths: Readonly<Record<string, number>>,
  piecesOf: PiecesOf,
  openState: (node: number) => boolean | null,
  toggle: (node: number, open: boolean) => void,
): readonly GridColumn<number>[] {
  const width = (id: string, standardPx: number): number => widths[`callTree/${id}`] ?? standardPx;
  const whole = nodeTotal(tree, rootNode);
  const time = (id: string, title: string, values: Float64Array): GridColumn<number> => {
    const sample = [...values.subarray(1, 200)];
    const unit: Unit = chooseTimeUnit(sample.slice(0, 40));
    const fractionDigits = fractionDigitsOf(sample.map((value) => formatInUnit(value, unit)));
    return {
      id,
      title: `${title}, ${unit.symbol}`,
      align: "end",
      widthPx: width(id, 104),
      cell: (node) => (
        <AlignedNumber
          text={formatInUnit(values[node] ?? 0, unit)}
          fractionDigits={fractionDigits}
          title={formatDurationExact(values[node] ?? 0)}
        />
      ),
    };
  };
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      cell: (node) => <NodeName tree={tree} node={node} piecesOf={piecesOf} open={openState(node)} onToggle={toggle} />,
    },
    {
      id: "count",
      title: "Count",
      align: "end",
      widthPx: width("count", 84),
      cell: (node) => formatCount(nodeCount(tree, node)),
    },
    time("total", "Total", tree.totalNs),
    time("self", "Self", tree.selfNs),
    {
      id: "share",
      title: "Share of total",
      align: "end",
      widthPx: width("share", 140),
      cell: (node) => {
        const share = whole > 0 ? nodeTotal(tree, node) / whole : 0;
        return <ShareBar fraction={share} kind={nodeKind(tree, node)} text={formatShare(share)} />;
      },
    },
  ];
}

interface NodeNameProps {
  readonly tree: CallTree;
  readonly node: number;
  readonly piecesOf: PiecesOf;
  readonly open: boolean | null;
  readonly onToggle: (node: number, open: boolean) => void;
}

function NodeName({ tree, node, piecesOf, open, onToggle }: NodeNameProps) {
  const level = Math.max(1, tree.depth[node] ?? 1);
  const Sign = open === true ? ChevronDown : ChevronRight;
  const name = nodeName(tree, node);
  const kind = nodeKind(tree, node);
  return (
    <span className={css("node")} style={{ paddingLeft: (level - 1) * 16 }} title={`${name}\n${kindTitle(kind)}`}>
      {open === null ? (
        <span className={css("toggle")} />
      ) : (
        <span
          className={css("toggle")}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            onToggle(node, !open);
          }}
        >
          <Sign size={14} />
        </span>
      )}
      <KindMark kind={kind} />
      <span className={css("nodeName")}>
        <LongName pieces={piecesOf(name)} whole={name} />
      </span>
    </span>
  );
}
