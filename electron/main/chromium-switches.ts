import { app } from "electron";

/** Must run before the app is ready. */
export function applyChromiumSwitches(): void {
  // enableSandbox would override --no-sandbox, and the network service of a root user would then restart for ever.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  if (process.env["DELTAFLAME_SOFTWARE_GPU"] !== "1") return;
  app.commandLine.appendSwitch("enable-unsafe-webgpu");
  app.commandLine.appendSwitch("enable-unsafe-swiftshader");
  app.commandLine.appendSwitch("enable-features", "Vulkan");
  app.commandLine.appendSwitch("use-vulkan", "swiftshader");
  app.commandLine.appendSwitch("use-webgpu-adapter", "swiftshader");
  app.commandLine.appendSwitch("disable-vulkan-surface");
}
