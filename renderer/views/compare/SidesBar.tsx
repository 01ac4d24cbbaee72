import { ArrowLeftRight, ChevronDown, FileText } from "lucide-react";
import { Button as AriaButton, DialogTrigger, Popover } from "react-aria-components";
import { openParts, rangeWords, type SideName } from "../../state/compare-sides.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { NameInMiddle } from "../../ui/NameInMiddle.tsx";
import { SideBadge } from "../../ui/SideBadge.tsx";
import { CompareOptionsMenu } from "./CompareOptionsMenu.tsx";
import { SidePicker } from "./SidePicker.tsx";
import popupStyles from "../../ui/popup.module.css";
import styles from "./SidesBar.module.css";

const css = classes({ ...popupStyles, ...styles });

const sideTitles: Readonly<Record<SideName, string>> = { before: "Before", after: "After" };

/** What is compared with what. */
export function SidesBar() {
  const { swapSides, showView } = useAppStore().getState();
  const isReady = useApp((state) => state.comparison.kind === "ready" || state.comparison.kind === "results");
  return (
    <div className={css("bar")}>
      <SideButton side="before" />
      <IconButton
        icon={<ArrowLeftRight size={16} />}
        label="Swap before and after"
        shortcut="B"
        onPress={() => swapSides()}
      />
      <SideButton side="after" />
      <span className={css("spacer")} />
      <CompareOptionsMenu />
      <Button look="quiet" isDisabled={!isReady} onPress={() => showView("report")}>
        <FileText size={14} aria-hidden /> Report
      </Button>
    </div>
  );
}

/** Results have no ranges. */
function aboutWords({ part, tab }: ReturnType<typeof openParts>[number]): string {
  return tab.measurements === null ? rangeWords(part.range) : tab.measurements.formatLabel;
}

function SideButton({ side }: { readonly side: SideName }) {
  const parts = useApp((state) => state.compareSides[side]);
  const tabs = useApp((state) => state.tabs);
  const open = openParts(parts, tabs);
  const names = open.map(({ tab }) => tab.fileName).join(", ");
  const first = open[0];
  const about = open.length > 1 ? `${open.length} runs` : first === undefined ? "" : aboutWords(first);
  return (
    <DialogTrigger>
      <AriaButton className={css("side")}>
        <span className="visually-hidden">{`${sideTitles[side]}: `}</span>
        <SideBadge side={side} />
        <span className={css("names", names === "" && "none")}>
          {names === "" ? `Choose what was ${side}` : <NameInMiddle name={names} />}
        </span>
        <span className={css("about")}>{about}</span>
        <ChevronDown size={14} className={css("sign")} aria-hidden />
      </AriaButton>
      <Popover placement="bottom start" offset={4}>
        <div className={css("popup", "dialog")}>
          <SidePicker side={side} />
        </div>
      </Popover>
    </DialogTrigger>
  );
}
