import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import type { CallTreeRequest } from "../../electron/contract/engine-contract.ts";
import { formatCounted, formatDuration, formatShare, thinSpace } from "../../traces/model/format-units.ts";
import { revisionOf, scopeOf, scopeWords } from "../state/scope.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { useEngineQuery } from "../state/use-engine-query.ts";
import { Answer } from "../ui/Answer.tsx";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { Empty } from "../ui/Empty.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { nodeName, nodeTotal, rootNode } from "./call-tree.ts";
import { FlameGraph } from "./FlameGraph.tsx";
import styles from "./panel.module.css";

const css = classes(styles);
const minShare = 0.0005;
const maxNodes = 10_000;
const directions = [
  { value: "topDown", title: "Top-down" },
  { value: "bottomUp", title: "Bottom-up" },
] as const;

/** The call tree as areas: width is time, depth is nesting. */
export function FlamePanel({ tab }: { readonly tab: TraceTab }) {
  const [direction, setDirection] = useState<CallTreeRequest["direction"]>("topDown");
  const [search, setSearch] = useState("");
  const request: CallTreeRequest = {
    trace: tab.key,
    scope: scopeOf(tab),
    direction,
    byTrack: false,
    minShare,
    maxNodes,
  };
  const { reply, answered, pending, error } = useEngineQuery("tree.calls", request, revisionOf(tab.summary));
  // A zoomed node belongs to one answer; with the next the numbers of nodes change.
  const [focusState, setFocus] = useState<{ readonly of: string | null; readonly node: number }>({
    of: null,
    node: rootNode,
  });
  const focus = focusState.of === answered ? focusState.node : rootNode;
  const zoomTo = (node: number): void => setFocus({ of: answered, node });
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("scope")}>{scopeWords(tab)}</span>
        <Segmented label="Direction" value={direction} options={directions} onChange={setDirection} />
        <IconButton
          icon={<ArrowLeft size={15} />}
          label="One level out"
          shortcut="Backspace"
          isDisabled={focus === rootNode}
          onPress={() => zoomTo(reply?.parent[focus] ?? rootNode)}
        />
        <span className={css("note")}>
          {reply === null || focus === rootNode
            ? ""
            : `${nodeName(reply, focus)}: ${formatDuration(nodeTotal(reply, focus))}, ${formatShare(nodeTotal(reply, focus) / Math.max(1, nodeTotal(reply, rootNode)))}`}
        </span>
        <span className={css("spacer")} />
        {reply !== null && reply.omittedNodes > 0 ? (
          <span
            className={css("note")}
          >{`${formatCounted(reply.omittedNodes, "node")} below ${minShare * 100}${thinSpace}% left out`}</span>
        ) : null}
        <div className={css("filter")} style={{ marginLeft: 0 }}>
          <SearchField
            label="Highlight names in the flame graph"
            placeholder="Highlight names"
            value={search}
            onChange={setSearch}
          />
        </div>
      </div>
      <div className={css("body")}>
        {error !== null ? (
          <Empty title="The flame graph could not be computed">{error}</Empty>
        ) : reply === null ? (
          <Empty title="Adding up…" />
        ) : reply.parent.length <= 1 ? (
          <Empty title="No spans here">Nothing runs in the selected part.</Empty>
        ) : (
          <Answer isStale={pending}>
            <FlameGraph tab={tab} tree={reply} focus={focus} onFocus={zoomTo} search={search.trim().toLowerCase()} />
          </Answer>
        )}
      </div>
    </div>
  );
}
