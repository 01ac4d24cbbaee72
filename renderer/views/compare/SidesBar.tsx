import { ArrowLeftRight, ChevronDown } from "lucide-react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { openParts, rangeWords, type SideName } from "../../state/compare-sides.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { SideBadge } from "../../ui/SideBadge.tsx";
import { CompareOptionsMenu } from "./CompareOptionsMenu.tsx";
import { SidePicker } from "./SidePicker.tsx";
import styles from "./SidesBar.module.css";

const css = classes(styles);

const sideTitles: Readonly<Record<SideName, string>> = { before: "Before", after: "After" };

/** What is compared with what. */
export function SidesBar() {
  const { swapSides } = useAppStore().getState();
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
    </div>
  );
}

function SideButton({ side }: { readonly side: SideName }) {
  const parts = useApp((state) => state.compareSides[side]);
  const tabs = useApp((state) => state.tabs);
  const open = openParts(parts, tabs);
  const names = open.map(({ tab }) => tab.fileName).join(", ");
  const first = open[0];
  const about = open.length > 1 ? `${open.length} runs` : first === undefined ? "" : rangeWords(first.part.range);
  return (
    <DialogTrigger>
      <AriaButton
        className={css("side")}
        aria-label={`${sideTitles[side]}: ${names === "" ? "no file chosen" : names}${about === "" ? "" : `, ${about}`}`}
      >
        <SideBadge side={side} />
        <span className={css("names", names === "" && "none")}>{names === "" ? `Choose what was ${side}` : names}</span>
        <span className={css("about")}>{about}</span>
        <ChevronDown size={14} className={css("sign")} aria-hidden />
      </AriaButton>
      <Popover placement="bottom start" offset={4}>
        <Dialog className={css("dialog")} aria-label={`${sideTitles[side]}: files`}>
          <SidePicker side={side} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
