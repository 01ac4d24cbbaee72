import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { AppStoreContext, type AppStore, createAppStore } from "../../../renderer/state/store.ts";
import type { Palette } from "../../../renderer/theme/palette.ts";
import { PaletteContext } from "../../../renderer/theme/theme.ts";
import { spanKindNames } from "../../../traces/model/span-kind.ts";
import { createHandEngine, createHandPlatform, type HandEngine, type HandPlatform } from "./fake-platform.ts";

export interface Rendered {
  readonly store: AppStore;
  readonly platform: HandPlatform;
  readonly engine: HandEngine;
  readonly root: HTMLElement;
  /** The one element of this role whose accessible text holds `name`; throws when there is none. */
  role(role: string, name?: string): HTMLElement;
  all(role: string): readonly HTMLElement[];
  update(change: () => void | Promise<void>): Promise<void>;
  unmount(): Promise<void>;
}

const palette = {
  theme: "light",
  nameColors: Array.from({ length: 16 }, (_, variant) => [variant, 0, 0]),
  shareColors: [
    [0, 0, 0],
    [100, 100, 100],
    [200, 200, 200],
  ],
  kindFill: Object.fromEntries(spanKindNames.map((kind) => [kind, "#123456"])),
} as unknown as Palette;

/** Puts a part of the window on a page, with a store, a hand-driven engine and shell behind it. */
export async function renderInApp(
  content: ReactNode,
  prepare: (store: AppStore, platform: HandPlatform) => void = () => undefined,
): Promise<Rendered> {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  const platform = createHandPlatform();
  const engine = createHandEngine();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  prepare(store, platform);
  const root = document.createElement("div");
  document.body.append(root);
  const reactRoot = createRoot(root);
  const update = async (change: () => void | Promise<void>): Promise<void> => {
    await act(async () => {
      await change();
    });
  };
  await update(() =>
    reactRoot.render(
      <AppStoreContext value={store}>
        <PaletteContext value={palette}>{content}</PaletteContext>
      </AppStoreContext>,
    ),
  );
  const all = (role: string): readonly HTMLElement[] => [...root.querySelectorAll<HTMLElement>(selectorOf(role))];
  return {
    store,
    platform,
    engine,
    root,
    all,
    role(role, name = "") {
      const found = all(role).filter((element) =>
        (element.getAttribute("aria-label") ?? element.textContent ?? "").includes(name),
      );
      const [first] = found;
      if (first === undefined || found.length > 1)
        throw new Error(`${found.length} elements of role ${role} named "${name}" in:\n${root.textContent}`);
      return first;
    },
    update,
    async unmount() {
      await update(() => reactRoot.unmount());
      root.remove();
    },
  };
}

const implicit: Readonly<Record<string, string>> = { button: "button", heading: "h1, h2, h3", textbox: "input" };
const selectorOf = (role: string): string =>
  `[role="${role}"]${implicit[role] === undefined ? "" : `, ${implicit[role]}`}`;
