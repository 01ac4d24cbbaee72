import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The switches a source checkout needs to start Electron here, with the line to tell people.
 * Chromium's sandbox cannot work as root, nor where AppArmor keeps user namespaces from unknown programs.
 * @param {string} runtimeFolder
 * @returns {{ readonly flags: readonly string[], readonly notice: string | null }}
 */
export function findLaunchFlags(runtimeFolder) {
  if (process.platform !== "linux") return { flags: [], notice: null };
  const sandbox = findSandboxFlags(runtimeFolder);
  // Before Electron 38, Wayland had to be asked for.
  const isWaylandOnly = Boolean(process.env.WAYLAND_DISPLAY) && !process.env.DISPLAY;
  return isWaylandOnly ? { ...sandbox, flags: [...sandbox.flags, "--ozone-platform=wayland"] } : sandbox;
}

/**
 * @param {string} runtimeFolder
 * @returns {{ readonly flags: readonly string[], readonly notice: string | null }}
 */
function findSandboxFlags(runtimeFolder) {
  if (process.getuid?.() === 0) {
    return { flags: ["--no-sandbox"], notice: "Running as root: Chromium's sandbox is off (--no-sandbox)." };
  }
  const helper = join(runtimeFolder, "chrome-sandbox");
  if (!restrictsUserNamespaces() || isSetuidRoot(helper)) return { flags: [], notice: null };
  return {
    flags: ["--no-sandbox"],
    notice: `AppArmor keeps Chromium's sandbox from starting: it is off (--no-sandbox). To switch it on: sudo chown 0:0 ${helper} && sudo chmod 4755 ${helper}`,
  };
}

function restrictsUserNamespaces() {
  try {
    return readFileSync("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "utf8").trim() === "1";
  } catch {
    return false;
  }
}

/** @param {string} file */
function isSetuidRoot(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === 0 && (stats.mode & 0o7777) === 0o4755;
}
