import { memo, useCallback, useEffect, useMemo, useState } from "react";
import { AppStoreContext, type AppStore, useApp } from "../state/store.ts";
import { viewOf } from "../state/tabs-slice.ts";
import type { Palette } from "../theme/palette.ts";
import { applyTheme, PaletteContext } from "../theme/theme.ts";
import type { TimelineController } from "../timeline/controller.ts";
import { warmUpTimeline } from "../timeline/warm-up.ts";
import { classes } from "../ui/css.ts";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { isMac } from "../ui/shortcut.ts";
import { TimelineHandleContext } from "../views/timeline-handle.ts";
import { views } from "../views/registry.ts";
import type { View } from "../views/view.ts";
import styles from "./App.module.css";
import { Banners } from "./Banners.tsx";
import type { CommandContext } from "./command.ts";
import { CommandPalette } from "./CommandPalette.tsx";
import { listenForKeys, runCommand } from "./commands.ts";
import { DropZone } from "./DropZone.tsx";
import { HelpSheet } from "./HelpSheet.tsx";
import { LinkDialog } from "./LinkDialog.tsx";
import { LiveRegion } from "./LiveRegion.tsx";
import type { Platform } from "./platform.ts";
import { Rail } from "./Rail.tsx";
import { TitleRow } from "./TitleRow.tsx";
import { WaitingKeys } from "./waiting-keys.ts";

const css = classes(styles);

/** The whole window. */
export function App({ store, platform }: { readonly store: AppStore; readonly platform: Platform }) {
  return (
    <AppStoreContext value={store}>
      <ThemedWindow store={store} platform={platform} />
    </AppStoreContext>
  );
}

function ThemedWindow({ store, platform }: { readonly store: AppStore; readonly platform: Platform }) {
  const theme = useApp((state) => state.theme);
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => applyTheme(theme, setPalette), [theme]);
  useEffect(() => {
    if (palette === null) return undefined;
    const handle = requestIdleCallback(() => warmUpTimeline(palette));
    return () => cancelIdleCallback(handle);
  }, [palette]);
  if (palette === null) return null;
  return (
    <PaletteContext value={palette}>
      <Frame store={store} platform={platform} />
    </PaletteContext>
  );
}

function Frame({ store, platform }: { readonly store: AppStore; readonly platform: Platform }) {
  const viewId = useApp(viewOf);
  const overlay = useApp((state) => state.overlay);
  const [timeline, setTimeline] = useState<TimelineController | null>(null);
  const [waitingKeys] = useState(() => new WaitingKeys());
  const context = useMemo<CommandContext>(() => ({ store, timeline }), [store, timeline]);
  const onController = useCallback((controller: TimelineController | null) => setTimeline(controller), []);

  useEffect(() => {
    const stopKeys = listenForKeys(context, isMac(), waitingKeys);
    const stopMenu = platform.shell.on("menu.command", ({ command }) => void runCommand(command, context));
    return () => {
      stopKeys();
      stopMenu();
    };
  }, [context, platform, waitingKeys]);
  useEffect(() => {
    if (timeline !== null) waitingKeys.replay(timeline, performance.now());
  }, [timeline, waitingKeys]);

  return (
    <DropZone>
      <TimelineHandleContext value={onController}>
        <Content view={views.find((candidate) => candidate.id === viewId)} />
        {overlay === "palette" ? <CommandPalette context={context} /> : null}
        {overlay === "help" ? <HelpSheet /> : null}
        {overlay === "link" ? <LinkDialog /> : null}
        <LiveRegion />
      </TimelineHandleContext>
    </DropZone>
  );
}

/** All but what lies over it. Rendered for another view only, not for each timeline that comes and goes in it. */
const Content = memo(function Content({ view }: { readonly view: View | undefined }) {
  return (
    <div className={css("frame")}>
      <TitleRow />
      <Rail />
      <div className={css("content")}>
        <Banners />
        <main className={css("view")} id="main-view">
          {view === undefined ? null : (
            <ErrorBoundary key={view.id} what={`The view “${view.title}”`}>
              <view.Component />
            </ErrorBoundary>
          )}
        </main>
      </div>
    </div>
  );
});
