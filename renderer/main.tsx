/* oxlint-disable import/no-unassigned-import -- style sheets have nothing to assign */
import "./theme/tokens.css";
import "./theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { WindowBridge } from "../electron/contract/window-contract.ts";
import { App } from "./app/App.tsx";
import { createElectronPlatform } from "./app/platform-electron.ts";
import { createWebPlatform } from "./app/platform-web.ts";
import { startApp } from "./app/start-app.ts";
import { createAppStore } from "./state/store.ts";

const bridge = (window as { readonly deltaflame?: WindowBridge }).deltaflame;
const platform = bridge === undefined ? createWebPlatform() : createElectronPlatform(bridge);
const store = createAppStore({ platform, now: () => performance.now() });
void startApp(store, platform);

const root = document.querySelector("#root");
if (root === null) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <App store={store} platform={platform} />
  </StrictMode>,
);
