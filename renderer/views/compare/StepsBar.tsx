import { ChevronLeft, ChevronRight } from "lucide-react";
import type { StepRecord } from "../../../traces/compare/comparison.ts";
import { formatCounted, formatDuration } from "../../../traces/model/format-units.ts";
import panelStyles from "../../dock/panel.module.css";
import type { SideName } from "../../state/compare-sides.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { SideBadge } from "../../ui/SideBadge.tsx";
import { pickBoth, type SideSteps, type StepIndices } from "./step-pair.ts";
import styles from "./TimelinesPanel.module.css";

const css = classes({ ...panelStyles, ...styles });
const scales = [
  { value: "true", title: "True scale" },
  { value: "stretched", title: "Stretched" },
] as const;
const shapes = [
  { value: "drawn", title: "Drawn" },
  { value: "table", title: "Table" },
] as const;

/** How the two steps are shown. */
export interface StepsLook {
  readonly scale: "true" | "stretched";
  readonly shape: "drawn" | "table";
  readonly ghost: boolean;
}

export interface StepsBarProps {
  readonly steps: SideSteps;
  readonly at: StepIndices;
  readonly onChoose: (at: StepIndices) => void;
  /** Goes on both sides. */
  readonly onMove: (by: number) => void;
  readonly omittedCount: number;
  readonly look: StepsLook;
  readonly onLook: (look: StepsLook) => void;
}

/** Which steps stand one above the other, and how. */
export function StepsBar({ steps, at, onChoose, onMove, omittedCount, look, onLook }: StepsBarProps) {
  return (
    <div className={css("bar")}>
      <IconButton
        icon={<ChevronLeft size={15} />}
        label="Step before on both sides"
        shortcut=","
        onPress={() => onMove(-1)}
      />
      <IconButton
        icon={<ChevronRight size={15} />}
        label="Next step on both sides"
        shortcut="."
        onPress={() => onMove(1)}
      />
      {(["before", "after"] as const).map((side) => (
        <StepChoice
          key={side}
          side={side}
          steps={steps[side]}
          at={at[side]}
          onChoose={(index) => onChoose({ ...at, [side]: index })}
        />
      ))}
      <Button look="quiet" onPress={() => onChoose(pickBoth(steps, "median"))}>
        Median steps
      </Button>
      <Button look="quiet" onPress={() => onChoose(pickBoth(steps, "longest"))}>
        Longest steps
      </Button>
      <span className={css("spacer")} />
      <span className={css("note")}>{omittedWords(omittedCount)}</span>
      <label className={css("check")}>
        <input
          type="checkbox"
          checked={look.ghost}
          onChange={(event) => onLook({ ...look, ghost: event.target.checked })}
        />
        Outline of A on B
      </label>
      <Segmented label="Scale" value={look.scale} options={scales} onChange={(scale) => onLook({ ...look, scale })} />
      <Segmented label="Shape" value={look.shape} options={shapes} onChange={(shape) => onLook({ ...look, shape })} />
    </div>
  );
}

function StepChoice({
  side,
  steps,
  at,
  onChoose,
}: {
  readonly side: SideName;
  readonly steps: readonly StepRecord[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
}) {
  return (
    <label className={css("step")}>
      <SideBadge side={side} />
      <select aria-label={`Step ${side}`} value={at} onChange={(event) => onChoose(Number(event.target.value))}>
        {steps.map((step, index) => (
          <option key={`${step.part} ${step.startNs}`} value={index}>
            {`${index + 1} of ${steps.length}, ${formatDuration(step.durationNs)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function omittedWords(omitted: number): string {
  return omitted === 0 ? "" : `${formatCounted(omitted, "later span")} not drawn`;
}
