import { Command as CommandIcon, Monitor, Moon, Plus, Sun, TriangleAlert } from "lucide-react";
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
  const store = useAppStore();
  const theme = useApp((state) => state.theme);
  const activeKey = useApp(shownKeyOf);
  const hasTrace = useApp((state) => isSearchable(findTab(state, shownKeyOf(state))));
  const isEvaluation = useApp((state) => state.activeKey !== null && state.facts?.evaluationRuntime === true);
  const isNoticeShown = useApp((state) => state.evaluationNoticeShown);
  const { chooseFiles, showOverlay, setTheme, showEvaluationNotice } = store.getState();
  const ThemeIcon = themeIcon[theme];
  return (
    <header className={css("row")}>
      <TabStrip />
      <IconButton icon={<Plus size={16} />} label="Open files" shortcut="Mod+O" onPress={() => void chooseFiles()} />
      <span className={css("spacer")} />
      {activeKey === null || !hasTrace ? null : <SearchBox key={activeKey} tabKey={activeKey} />}
      {isEvaluation ? (
        <IconButton
          icon={<TriangleAlert size={16} className={css("caution")} />}
          label="Running on an evaluation runtime"
          isOn={isNoticeShown}
          onPress={() => showEvaluationNotice(!isNoticeShown)}
        />
      ) : null}
      <IconButton
        icon={<CommandIcon size={16} />}
        label="All commands"
        shortcut="Mod+K"
        onPress={() => showOverlay("palette")}
      />
      <IconButton icon={<ThemeIcon size={16} />} label={themeTitle[theme]} onPress={() => setTheme(nextTheme[theme])} />
    </header>
  );
}
