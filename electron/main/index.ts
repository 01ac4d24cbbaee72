import { app } from "electron";
import * as v from "valibot";

import { registerAppScheme } from "./app-protocol.ts";
import { applyChromiumSwitches } from "./chromium-switches.ts";
import { findStartArguments } from "./file-arguments.ts";
import { keepFiles } from "./keep-files.ts";
import { keepLinks } from "./link-arguments.ts";
import { startShell } from "./shell.ts";

/** What a second start hands over before it ends. */
const handOverSchema = v.object({ files: v.array(v.string()), links: v.array(v.string()) });

applyChromiumSwitches();
registerAppScheme();

const wanted = findStartArguments();
if (app.requestSingleInstanceLock({ ...wanted })) {
  const shell = startShell(wanted);
  app.on("second-instance", (_event, _commandLine, _folder, handedOver) => {
    const parsed = v.safeParse(handOverSchema, handedOver);
    // Judged again: any program of this user can hand something over.
    shell.openPaths(parsed.success ? keepFiles(parsed.output.files) : []);
    shell.openLinks(parsed.success ? keepLinks(parsed.output.links) : []);
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    shell.openPaths([path]);
  });
} else {
  app.quit();
}
