"use strict";
/*
 * What Electron's own default app does, for a runtime that was packed without it: finds the app folder or file among
 * the arguments, sets names and paths, and starts it. Lies in resources/default_app.asar of the evaluation runtime.
 */
const fs = require("node:fs");
const path = require("node:path");
const { app } = require("electron");

const required = [];
let appArgument = null;
let index = 1;
for (; index < process.argv.length; index += 1) {
  const argument = process.argv[index];
  if (argument === "-r" || argument === "--require") {
    index += 1;
    required.push(process.argv[index]);
  } else if (argument.startsWith("--require=")) {
    required.push(argument.slice("--require=".length));
  } else if (argument === "--version" || argument === "-v") {
    process.stdout.write(`v${process.versions.electron}\n`);
    process.exit(0);
  } else if (!argument.startsWith("-")) {
    appArgument = argument;
    break;
  }
}

for (const name of required) require(path.isAbsolute(name) ? name : require.resolve(name, { paths: [process.cwd()] }));

if (appArgument === null) {
  process.stderr.write("usage: electron [-r MODULE] APP [ARGUMENT…]\n");
  process.exit(1);
}

const appPath = path.resolve(appArgument);
process.defaultApp = true;
process.argv.splice(1, index, appArgument);

if (fs.statSync(appPath).isDirectory()) {
  const manifest = JSON.parse(fs.readFileSync(path.join(appPath, "package.json"), "utf8"));
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setAppPath(appPath);
  if (!app.commandLine.hasSwitch("user-data-dir")) app.setPath("userData", path.join(app.getPath("appData"), name));
  require(path.join(appPath, manifest.main ?? "index.js"));
} else {
  app.setAppPath(path.dirname(appPath));
  require(appPath);
}
