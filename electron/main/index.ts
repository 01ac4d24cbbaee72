import { app } from "electron";
import { dirname } from "node:path";
import * as v from "valibot";

import { registerAppScheme } from "./app-protocol.ts";
import { applyChromiumSwitches } from "./chromium-switches.ts";
import { findFileArguments } from "./file-arguments.ts";
import { startShell } from "./shell.ts";

const handOverSchema = v.object({ files: v.array(v.string()) });

applyChromiumSwitches();
registerAppScheme();

const files = findFileArguments(process.argv, process.cwd());
if (app.requestSingleInstanceLock({ files })) {
  const shell = startShell(files);
  app.on("second-instance", (_event, _commandLine, _folder, handedOver) => {
    const parsed = v.safeParse(handOverSchema, handedOver);
    // The paths are judged again: another program of this user may have sent them.
    shell.openPaths(parsed.success ? findFileArguments([process.execPath, app.getAppPath(), ...parsed.output.files], dirname(process.execPath)) : []);
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    shell.openPaths([path]);
  });
} else {
  app.quit();
}
