import { Command as CommandIcon, Monitor, Moon, Plus, Sun, TriangleAlert } from "lucide-react";
import { useDeferredValue } from "react";
import { useApp, useAppStore } from "../state/store.ts";
import { shownKeyOf } from "../state/tabs-slice.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { findTab } from "../state/update-tab.ts";
import type { ThemeChoice } from "../theme/theme.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { SearchBox } from "./SearchBox.tsx";
import { TabStrip } from "./TabStrip.tsx";
import styles from "./TitleRow.module.css";

const css = classes(styles);

const nextTheme: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: "light", light: "dark", dark: "system" };
const themeTitle: Readonly<Record<ThemeChoice, string>> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};
const themeIcon = { system: Monitor, light: Sun, dark: Moon } as const;

const isSearchable = (tab: TraceTab | null): boolean =>
  tab !== null && tab.summary !== null && (tab.load.kind === "ready" || tab.load.kind === "loading");

/** Open traces, search, commands, theme. */
export function TitleRow() {
  return (
    <header className={css("row")}>
      <TabStrip />
      <OpenButton />
      <span className={css("spacer")} />
      <ActiveSearch />
      <EvaluationButton />
      <WindowButtons />
    </header>
  );
}

/* Each follows what it shows and no more: a tab that opens is no reason to render the others. */

function OpenButton() {
  const { chooseFiles } = useAppStore().getState();
  return (
    <IconButton icon={<Plus size={16} />} label="Open files" shortcut="Mod+O" onPress={() => void chooseFiles()} />
  );
}

function ActiveSearch() {
  const activeKey = useApp(shownKeyOf);
  const hasTrace = useApp((state) => isSearchable(findTab(state, shownKeyOf(state))));
  return activeKey === null || !hasTrace ? null : <SearchBox key={activeKey} tabKey={activeKey} />;
}

function EvaluationButton() {
  // It comes with the first tab, which has enough to do: a task later.
  const isEvaluation = useDeferredValue(
    useApp((state) => state.activeKey !== null && state.facts?.evaluationRuntime === true),
  );
  const isNoticeShown = useApp((state) => state.evaluationNoticeShown);
  const { showEvaluationNotice } = useAppStore().getState();
  if (!isEvaluation) return null;
  return (
    <IconButton
      icon={<TriangleAlert size={16} className={css("caution")} />}
      label="Running on an evaluation runtime"
      isOn={isNoticeShown}
      onPress={() => showEvaluationNotice(!isNoticeShown)}
    />
  );
}

function WindowButtons() {
  const theme = useApp((state) => state.theme);
  const { showOverlay, setTheme } = useAppStore().getState();
  const ThemeIcon = themeIcon[theme];
  return (
    <>
      <IconButton
        icon={<CommandIcon size={16} />}
        label="All commands"
        shortcut="Mod+K"
        onPress={() => showOverlay("palette")}
      />
      <IconButton icon={<ThemeIcon size={16} />} label={themeTitle[theme]} onPress={() => setTheme(nextTheme[theme])} />
    </>
  );
}
