import { expect, test } from "vitest";

import { isAppUrl } from "../../../electron/main/app-url.ts";

test.each(["app://ui/index.html", "app://ui/assets/a.js?x#y"])("takes %s for the app's own", (url) => {
  expect(isAppUrl(url)).toBe(true);
});

test.each([
  "https://ui/index.html",
  "app://other/",
  "app://ui.example/",
  "app://ui:1/",
  "data:text/html,app://ui/",
  "file:///ui",
  "",
  "ui",
])("does not take %j for the app's own", (url) => {
  expect(isAppUrl(url)).toBe(false);
});
